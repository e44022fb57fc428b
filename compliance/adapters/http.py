"""One request over HTTP or HTTPS, bounded in time and size; nothing is followed and nothing is tried twice."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

LARGEST: Final = 256 * 1024
SECONDS: Final = 10.0


class Away(Exception):
    """Nobody answered in time, or not in a way that can be read: whether the request arrived is unknown."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    kind: str
    body: bytes


def is_address(url: str) -> bool:
    """Whether it is an address that `ask` can ask."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def ask(
    method: str, url: str, body: bytes | None = None, *, headers: Mapping[str, str] = {}, seconds: float = SECONDS
) -> Answer:
    """Raises Away. `seconds` bounds the whole exchange, also with somebody who answers byte by byte."""
    parts = urlsplit(url)
    end = time.monotonic() + seconds
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    link = kind(parts.hostname or "", parts.port, timeout=seconds)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        link.request(method, path, body, {"Connection": "close", **headers})
        answer = link.getresponse()
        found = b""
        while chunk := answer.read1(LARGEST):
            found += chunk
            if len(found) > LARGEST:
                raise Away("the answer is too long")
            if time.monotonic() > end:
                raise Away("the answer does not end")
        return Answer(answer.status, (answer.getheader("Content-Type") or "").partition(";")[0].strip(), found)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Away(type(error).__name__) from error
    finally:
        link.close()
