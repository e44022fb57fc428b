"""What can be allowed: every app registers its capabilities; roles in the database say who has them."""

from dataclasses import dataclass
from typing import Any, Literal

ScopeName = Literal["all", "branch", "own"]


@dataclass(frozen=True)
class Capability:
    """One right that the permission matrix shows as a row.

    `defaults` says which of the system's roles get it in a new tenant, and how far.
    """

    code: str
    label: Any
    group: Any
    defaults: dict[str, ScopeName]


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


def is_known(code: str) -> bool:
    return code in _registry
