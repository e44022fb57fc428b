"""What becomes of a paper that was read: filed by the machine, or put on the desk with the reasons."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal

from carloan.archives.recognition.proof import Fault

Outcome = Literal["filed", "review"]
# Announced on the paper, but no reason to stop it: one identity card belongs to both loans of its holder.
ANNOUNCEMENTS = frozenset({"possible_duplicate"})


def outcome(kind: str, *, has_loan: bool, faults: Sequence[Fault]) -> Outcome:
    """Filed only when the kind is known, a loan holds it and nothing at all is wrong with it."""
    blocking = [fault for fault in faults if fault.code not in ANNOUNCEMENTS]
    return "filed" if has_loan and kind != "other" and not blocking else "review"


def newly_wrong(before: Iterable[Mapping[str, Any]], now: Iterable[Fault], *, changed: Collection[str]) -> list[Fault]:
    """What nobody has accepted yet on a paper that a person filed with the stored problems `before`.

    A problem that it had counts again when one of its values was `changed`: another value was accepted then.
    """
    known = {(problem["code"], tuple(problem.get("fields", ()))) for problem in before}
    return [
        fault
        for fault in now
        if fault.code not in ANNOUNCEMENTS
        and ((fault.code, tuple(fault.fields)) not in known or not set(changed).isdisjoint(fault.fields))
    ]
