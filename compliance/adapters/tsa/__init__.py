"""A time-stamp authority over HTTP (RFC 3161, 3.4), and a sandbox of one that has no legal worth."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography import x509

from carloan.lib import timestamp
from carloan.lib.http import Away, ask, is_address

QUERY: Final = "application/timestamp-query"
REPLY: Final = "application/timestamp-reply"
# How the sandbox calls itself in its certificates.
SANDBOX: Final = "Carloan Sandbox Time Stamps (no legal worth)"


@dataclass(frozen=True, slots=True)
class Authority:
    """Where it is asked, and the roots to which its certificates must lead."""

    url: str
    roots: Sequence[x509.Certificate]

    @classmethod
    def parse(cls, url: str, pem: str) -> "Authority":
        """Raises ValueError, with what is wrong."""
        if not is_address(url):
            raise ValueError(f"{url} is no address of a time-stamp authority")
        try:
            return cls(url, timestamp.roots_of(pem))
        except ValueError as error:
            raise ValueError("CARLOAN_TSA_ROOTS holds no certificate") from error

    def stamp(self, data: bytes) -> timestamp.Stamp:
        """A time stamp on `data`, of which the authority learns the SHA-256. Raises Away or NotStamped.

        Asking again after an answer that was lost does no harm: there are then two stamps, and one is kept.
        """
        number = secrets.randbits(63)
        answer = ask("POST", self.url, timestamp.request(data, number), headers={"Content-Type": QUERY})
        if answer.status != 200 or answer.kind != REPLY:
            raise Away(f"answered {answer.status}, {answer.kind or 'of no kind'}")
        return timestamp.answered(answer.body, data, number, self.roots)
