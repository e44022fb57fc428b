"""What becomes of a paper that was read: filed by the machine, or put on the desk with the reasons."""

from collections.abc import Sequence
from typing import Literal

from carloan.archives.recognition.proof import Fault

Outcome = Literal["filed", "review"]
# Announced on the paper, but no reason to stop it: one identity card belongs to both loans of its holder.
ANNOUNCEMENTS = frozenset({"possible_duplicate"})


def outcome(kind: str, *, has_loan: bool, faults: Sequence[Fault]) -> Outcome:
    """Filed only when the kind is known, a loan holds it and nothing at all is wrong with it."""
    blocking = [fault for fault in faults if fault.code not in ANNOUNCEMENTS]
    return "filed" if has_loan and kind != "other" and not blocking else "review"
