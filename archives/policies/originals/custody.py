"""How an original goes from hand to hand: every way is a line of this table, and what has no line is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves
from carloan.lib.problems import Problem

# 机动车登记证书 (绿本): whoever has it can sell the car, so every hand of it has a name, a time, a seal and a picture.
CERTIFICATE: Final = "vehicle_registration_certificate"
# What an original may be of beside the kinds of papers: several papers tied together.
BUNDLE: Final = "bundle"

Event = Literal[
    "receive", "shelve", "lend", "extend", "give_back", "send", "arrive", "turn_back", "seal", "lose", "find",
    "release", "shred", "void",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hand:
    """What a guard must know of a hand: of which kind the original is, which seal and picture came with it, and whether
    two people took part."""

    kind: str
    seal_no: str = ""
    has_photo: bool = False
    two_people: bool = False


def _leaves(hand: Hand) -> list[Problem]:
    """A certificate leaves its place sealed, with a picture, and never by one person alone."""
    if hand.kind != CERTIFICATE:
        return []
    found = []
    if not hand.seal_no:
        found.append(Problem("seal_no", _("A registration certificate leaves only with its seal number.")))
    if not hand.has_photo:
        found.append(Problem("photo", _("A registration certificate leaves only with a picture of its sealed bag.")))
    if not hand.two_people:
        words = _("A registration certificate leaves only by two people: one asks for it, somebody else hands it out.")
        found.append(Problem("act", words))
    return found


def _confirmed(hand: Hand) -> list[Problem]:
    alone = Problem("act", _("This takes two people: one asks, and somebody else confirms."))
    return [] if hand.two_people else [alone]


def _leaves_by_two(hand: Hand) -> list[Problem]:
    return _leaves(hand) or _confirmed(hand)


MOVES: Final = Moves(
    Move("expected", "receive", "received"),
    Move("expected", "void", "voided"),
    Move("received", "shelve", "shelved"),
    Move("shelved", "shelve", "shelved"),
    Move("received", "lend", "lent", guard=_leaves),
    Move("shelved", "lend", "lent", guard=_leaves),
    Move("lent", "extend", "lent"),
    Move("lent", "give_back", "received"),
    Move("received", "send", "in_transit", guard=_leaves),
    Move("shelved", "send", "in_transit", guard=_leaves),
    Move("in_transit", "arrive", "received"),
    Move("in_transit", "turn_back", "received"),
    Move("received", "seal", "received"),
    Move("shelved", "seal", "shelved"),
    *(Move(state, "lose", "missing", guard=_confirmed) for state in ("received", "shelved", "lent", "in_transit")),
    Move("missing", "find", "received"),
    Move("received", "release", "released", guard=_leaves_by_two),
    Move("shelved", "release", "released", guard=_leaves_by_two),
    Move("shelved", "shred", "shredded", guard=_confirmed),
    Move("received", "shred", "shredded", guard=_confirmed),
    refusal=_("This is not possible with the original as it stands now. Load the page again."),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One hand of a chain as it stands in the table; ids as text, "" for nobody and nowhere."""

    act: str
    by: str
    seal_no: str
    has_photo: bool
    source: str
    target: str


# Hands in which nothing is in anybody's hands: they need no seal and no picture.
_ON_PAPER: Final = frozenset({"expect", "void", "extend", "lose"})


def gaps(chain: Sequence[Link]) -> list[list[Problem]]:
    """What is missing in each hand of a certificate's chain, in the order of the chain; nothing is made up for it."""
    found, before = [], None
    for link in chain:
        missing = []
        if not link.by:
            missing.append(Problem("by", _("No name: it is not known who did it.")))
        if link.act not in _ON_PAPER:
            if not link.seal_no:
                missing.append(Problem("seal", _("No seal number.")))
            if not link.has_photo:
                missing.append(Problem("photo", _("No picture.")))
        if before is not None and link.source != before.target:
            missing.append(Problem("break", _("It was not where the hand before had left it.")))
        sealed_anew = link.act in ("seal", "receive", "find")
        if before is not None and not sealed_anew and before.seal_no and link.seal_no not in ("", before.seal_no):
            missing.append(Problem("seal_changed", _("Another seal than before, and nobody sealed it anew.")))
        found.append(missing)
        before = link
    return found
