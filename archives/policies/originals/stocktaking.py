"""How a stock-take goes on, and what differs between what should lie in a place and what was scanned there."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves

MOVES: Final = Moves(
    Move("open", "count", "counted"),
    Move("open", "withdraw", "withdrawn"),
    Move("counted", "settle", "settled"),
    refusal=_("This stock-take has ended already."),
)


class Difference(NamedTuple):
    """`should` and `lies` are places by their ids as text, `original` likewise; "" for none that is known here."""

    kind: str
    code: str
    original: str
    should: str
    lies: str


def differences(expected: Mapping[str, tuple[str, str]], scanned: Mapping[str, tuple[str, str]]) -> list[Difference]:
    """`expected`: original -> (code, place). `scanned`: code -> (original, place). In a steady order: what is missing,
    what lies elsewhere, what should not be there, what nobody knows."""
    seen = {original for original, _place in scanned.values() if original}
    found = [
        Difference("missing", code, each, place, "") for each, (code, place) in expected.items() if each not in seen
    ]
    for code, (original, place) in scanned.items():
        if not original:
            found.append(Difference("unknown", code, "", "", place))
        elif original not in expected:
            found.append(Difference("unexpected", code, original, "", place))
        elif expected[original][1] != place:
            found.append(Difference("misplaced", code, original, expected[original][1], place))
    order = ("missing", "misplaced", "unexpected", "unknown")
    return sorted(found, key=lambda each: (order.index(each.kind), each.code))
