"""What carries messages out of the house: one shape for every channel, and what each answers.

`send` raises Away when the reply was lost (the message may have gone), NotReached when nothing was handed over for
sure, Refused when the gateway answered no. `find` asks what became of a key; None: the gateway never had it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from carloan.lib.http import Away

__all__ = ["Away", "Carrier", "Letter", "NotReached", "Refused", "Report", "Unasked"]


class NotReached(Exception):
    """Nothing was handed over: it is safe to try again."""


class Refused(Exception):
    """The gateway does not take the message. `again`: it may take it later (its own limits, its own trouble)."""

    def __init__(self, code: str, *, again: bool = False) -> None:
        super().__init__(code)
        self.code, self.again = code[:40], again


class Unasked(Exception):
    """This channel cannot say what became of a message (mail)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is handed over. `key` stays the same for life: the second message under it is the first one."""

    key: str
    to: str
    body: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a gateway says of a key: taken, delivered or failed (with its code), and since when."""

    key: str
    status: Literal["accepted", "delivered", "failed"]
    reference: str = ""
    code: str = ""
    at: datetime | None = None


class Carrier(Protocol):
    def send(self, letter: Letter) -> str:
        """Hand the message over; the gateway's own number for it."""
        ...

    def find(self, key: str) -> Report | None:
        """What became of the message under this key. Raises Away, Refused, Unasked."""
        ...
