"""A witness over HTTP, as C2SP tlog-witness has it. docs/operate.md says how one is run, here or at a lender's."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from carloan.lib import signed_note
from carloan.lib.http import Away, ask, is_address

# By which a witness that was given our host's name alone learns its key.
OFFERED: Final = "Carloan-Ledger"
SIZE_TEXT: Final = "text/x.tlog.size"
LONGEST_SIZE: Final = 20


class Refused(Exception):
    """The witness does not co-sign: `knows` is the size that it saw last, where it says so (409)."""

    def __init__(self, status: int, knows: int | None = None) -> None:
        super().__init__(f"refused with {status}")
        self.status, self.knows = status, knows


@dataclass(frozen=True, slots=True)
class Witness:
    """Where a witness is reached, and its public key; without one that which it tells when it is asked first."""

    url: str
    key: signed_note.Key | None = None

    @classmethod
    def parse(cls, text: str) -> "Witness":
        """`URL` or `URL KEY`. Raises ValueError, NoteError among them."""
        url, _gap, key = text.strip().partition(" ")
        if not is_address(url):
            raise ValueError(f"{url} is no address of a witness")
        return cls(url.rstrip("/"), _cosigner(key) if key else None)

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE_URL, self.url)

    def ask_key(self) -> signed_note.Key:
        """Its public key as it tells it. Raises Away, also when it is another one than was configured."""
        answer = ask("GET", f"{self.url}/")
        try:
            key = _cosigner(answer.body.decode())
        except ValueError as error:
            raise Away("no witness") from error
        if self.key and key != self.key:
            raise Away("another witness than the one that was configured")
        return key

    def add_checkpoint(self, note: str, old_size: int, proof: Sequence[bytes], *, ledger: signed_note.Key) -> str:
        """Its lines of signature under the note. `ledger` is the host's key. Raises Away or Refused."""
        steps = "".join(f"{base64.b64encode(step).decode()}\n" for step in proof)
        body = f"old {old_size}\n{steps}\n{note}".encode()
        answer = ask("POST", f"{self.url}/add-checkpoint", body, headers={OFFERED: ledger.text()})
        if answer.status == 200:
            return answer.body.decode(errors="replace")
        if answer.status >= 500 or answer.status == 429:
            raise Away(f"answered {answer.status}")
        size = answer.body.strip()
        if answer.status == 409 and answer.kind == SIZE_TEXT and size.isdigit() and len(size) <= LONGEST_SIZE:
            raise Refused(answer.status, int(size))
        raise Refused(answer.status)


def _cosigner(text: str) -> signed_note.Key:
    key = signed_note.Key.parse(text)
    if key.kind != signed_note.COSIGNATURE:
        raise signed_note.NoteError("no key of a witness")
    return key
