"""What can be allowed: every app registers its capabilities; roles in the database say who has them."""

from dataclasses import dataclass
from typing import Any, Literal

ScopeName = Literal["all", "branch", "own"]
# Whose right it is where administrators are separated (三员分立, families.py): of the business, of one of the three
# administrators, or of everybody, because it changes nothing and opens nothing.
Family = Literal["business", "system", "security", "audit", "common"]


@dataclass(frozen=True)
class Capability:
    """One right that the permission matrix shows as a row.

    `defaults` says which of the system's roles get it in a new tenant, and how far. A `whole_lender`
    right (its people, roles, keys, trail) cannot be had for one branch: it counts only through a role held everywhere.
    A role with a right that is not `lendable` is given by an administrator and never lent to a colleague. An `approval`
    is the word of one of several people, or gives others their rights: a lender may ask for a passkey before each.
    """

    code: str
    label: Any
    group: Any
    defaults: dict[str, ScopeName]
    whole_lender: bool = False
    lendable: bool = True
    family: Family = "business"
    approval: bool = False

    @property
    def scopes(self) -> tuple[ScopeName, ...]:
        return ("all",) if self.whole_lender else ("all", "branch", "own")


_registry: dict[str, Capability] = {}


def register(*capabilities: Capability) -> None:
    for capability in capabilities:
        if _registry.setdefault(capability.code, capability) is not capability:
            raise ValueError(f"capability {capability.code} is registered twice")


def all_capabilities() -> list[Capability]:
    """In the order of registration: the apps' order, then each app's own."""
    return list(_registry.values())


def capability(code: str) -> Capability:
    return _registry[code]


def allows(code: str, scope: str) -> bool:
    """Whether a capability can be had that far; '' (none) always."""
    return code in _registry and (not scope or scope in _registry[code].scopes)


def is_known(code: str) -> bool:
    return code in _registry


def family_of(code: str) -> Family:
    """Whose right it is; a code that no app knows any more is of the business, as in the database."""
    return _registry[code].family if code in _registry else "business"


def label_of(code: str) -> str:
    """What people call a right; its code when no app knows it any more."""
    return str(_registry[code].label) if code in _registry else code
