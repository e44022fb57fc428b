"""What else ends when somebody leaves: each app that gives people something of their own takes it back here."""

from collections.abc import Callable

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
