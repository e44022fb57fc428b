"""What a machine decides about people (自动化决策, PIPL 24): the app that decides tells, so that it can be explained.

For each kind: what is decided, on what, with which effect, and who may look at a decision again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision about one person: on which thing, by which version of the rules, from which inputs, with what
    outcome. `url` leads to the thing for those who may see it."""

    object_id: UUID
    at: datetime
    rules: str
    inputs: Sequence[str]
    outcome: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Automated:
    """`decisions(party_id)`: those about a person, the newest first. `capability`: who may review one."""

    code: str
    label: Any
    explanation: Any
    effect: Any
    capability: str
    decisions: Callable[[UUID], Iterable[Decision]]


_kinds: dict[str, Automated] = {}


def register_automated(kind: Automated) -> None:
    if _kinds.setdefault(kind.code, kind) is not kind:
        raise ValueError(f"{kind.code} is registered twice")


def automated_kinds() -> list[Automated]:
    return list(_kinds.values())


def automated_kind(code: str) -> Automated | None:
    return _kinds.get(code)


def automated_label(code: str) -> str:
    return str(_kinds[code].label) if code in _kinds else code
