"""What ends when somebody leaves, and what somebody else goes on with: each app tells what it gave people."""

from collections.abc import Callable
from typing import Any

from .actors import Actor
from .models import Membership

Farewell = Callable[[Actor, Membership], None]
_farewells: list[Farewell] = []


def register_farewell(farewell: Farewell) -> None:
    """`farewell(actor, member)` runs in the transaction that deactivates the member and records what it ends."""
    _farewells.append(farewell)


def say_farewell(actor: Actor, member: Membership) -> None:
    for farewell in _farewells:
        farewell(actor, member)


# How much of a kind is in somebody's hands. In the open tenant, without asking who asks: it is a number of a rule.
Counter = Callable[[Membership], int]
# (actor, leaver, successor): gives it to the successor, or back into the common lot (None), with its own event.
HandOver = Callable[[Actor, Membership, Membership | None], object]
_holdings: list[tuple[Any, Counter, HandOver | None]] = []


def register_holding(label: Any, counter: Counter, give: HandOver | None = None) -> None:
    """`label` names in the plural what is in somebody's hands; without `give` it ends with them."""
    _holdings.append((label, counter, give))


def holdings_of(member: Membership) -> list[tuple[str, int]]:
    """What is in somebody's hands, by name and number; kinds of which there is nothing are left out."""
    counted = ((str(label), counter(member)) for label, counter, _give in _holdings)
    return [(label, count) for label, count in counted if count]


def hand_over(actor: Actor, member: Membership, successor: Membership | None) -> None:
    """Give what a leaver had in hand to whoever goes on with it, in the transaction that deactivates the member."""
    for _label, counter, give in _holdings:
        if give is not None and counter(member):
            give(actor, member, successor)
