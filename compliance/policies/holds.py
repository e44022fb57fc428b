"""The states of a legal hold, and who may take part in releasing one."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves

MOVES = Moves(Move("active", "release", "released"), refusal=_("This hold was released already."))

VOICES_TO_RELEASE: Final = 2
# Kinds of which whoever placed the hold may be one of the two: it came from the lender's own house. What a court, an
# investigator or a regulator caused is released by two others.
PLACER_MAY_RELEASE: Final = frozenset({"complaint", "audit"})


def placer_may_release(kind: str) -> bool:
    return kind in PLACER_MAY_RELEASE
