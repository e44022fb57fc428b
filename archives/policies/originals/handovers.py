"""How a hand-over list goes on, and what both sides confirm: the hash of the very list."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves

MOVES: Final = Moves(
    Move("drawn", "give", "given"),
    Move("drawn", "withdraw", "withdrawn"),
    Move("given", "take", "taken"),
    Move("given", "refuse", "refused"),
    Move("given", "withdraw", "withdrawn"),
    refusal=_("This list is confirmed or closed already."),
)
MOST: Final = 200


def list_facts(
    *, number: int, giver: str, taker: str, purpose: str, items: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """What is confirmed of a list, in the form that is hashed: who gives what to whom and for what."""
    return {"v": 1, "number": number, "giver": giver, "taker": taker, "purpose": purpose, "items": list(items)}
