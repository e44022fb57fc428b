"""What a one-time link is for: the app that needs something of a person without an account registers an errand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from carloan.core.actors import Actor
from carloan.loans.models import Loan


@dataclass(frozen=True, slots=True)
class Want:
    """One thing that can be asked for. `hint` says how it is photographed; `shape` is the width of the paper by its
    height where pictures should fill a frame of it, 0 where it does not matter."""

    code: str
    label: Any
    hint: Any = ""
    shape: float = 0.0


class NotTaken(Exception):
    """A file that the errand does not take: a code for the trail and a sentence that says what to do."""

    def __init__(self, code: str, message: Any) -> None:
        super().__init__(code)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """`wants()` can be asked for, `usual` is asked for unless somebody chooses. `capability` is what whoever makes a
    link needs on the loan. `receive(actor, loan, want, name, data)` takes one whole file in the open transaction and
    returns the id of what became of it; it may be asked twice with the same file. Raises NotTaken.
    """

    code: str
    label: Any
    message_kind: str
    capability: str
    wants: Callable[[], Sequence[Want]]
    usual: Sequence[str]
    receive: Callable[[Actor, Loan, str, str, bytes], UUID]
    most_bytes: int


_errands: dict[str, Errand] = {}


def register_errand(errand: Errand) -> None:
    if _errands.setdefault(errand.code, errand) is not errand:
        raise ValueError(f"the errand {errand.code} is registered twice")


def errand_of(code: str) -> Errand | None:
    """None for one that nobody registered (any more)."""
    return _errands.get(code)


def errands() -> list[Errand]:
    return list(_errands.values())


def wants_of(errand: Errand, codes: Sequence[str]) -> list[Want]:
    """The things behind the codes, in the order of the codes; what the errand no longer knows is left out."""
    known = {want.code: want for want in errand.wants()}
    return [known[code] for code in codes if code in known]
