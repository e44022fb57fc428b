"""One request over HTTP or HTTPS, bounded in time and size; nothing is followed and nothing is tried twice."""

import http.client
import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

LARGEST: Final = 256 * 1024
SECONDS: Final = 10.0
NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


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


def is_public(address: str) -> bool:
    """Whether an IP address lies in the open internet, also one of IPv6 that only wraps one of IPv4."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        within = ip.ipv4_mapped or ip.sixtofour
        if within is None and ip in NAT64:
            within = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = within or ip
    return ip.is_global and not ip.is_multicast


def ask(
    method: str,
    url: str,
    body: bytes | None = None,
    *,
    headers: Mapping[str, str] = {},
    seconds: float = SECONDS,
    public: bool = False,
) -> Answer:
    """Raises Away. `seconds` bounds the whole exchange from the first connection to the last byte, also with somebody
    who answers byte by byte; only the look-up of the name takes what the system's resolver takes. With `public` a host
    that has an address outside the open internet is not called."""
    link = _Bounded(url, time.monotonic() + seconds, public=public)
    try:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        link.request(method, path, body, {"Connection": "close", **headers})
        answer = link.getresponse()
        found = b""
        while chunk := answer.read1(LARGEST):
            found += chunk
            if len(found) > LARGEST:
                raise Away("the answer is too long")
        return Answer(answer.status, (answer.getheader("Content-Type") or "").partition(";")[0].strip(), found)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Away(type(error).__name__) from error
    finally:
        link.close()


class _Bounded(http.client.HTTPConnection):
    """A connection that ends at a moment, whatever the other side does."""

    def __init__(self, url: str, end: float, *, public: bool) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        # The class's own default port stands in the Host header's place where none is named.
        self.default_port = http.client.HTTPS_PORT if self._secure else http.client.HTTP_PORT
        super().__init__(parts.hostname or "", parts.port or self.default_port)
        self._end, self._public = end, public

    def connect(self) -> None:
        # The addresses that are looked at are those that are called: a name may lead elsewhere the next moment.
        found = [entry[4][0] for entry in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)]
        places = list(dict.fromkeys(str(address) for address in found))
        if self._public and not all(is_public(place) for place in places):
            raise OSError("not in the open internet")
        plain = self._reached(places)
        try:
            plain.settimeout(_left(self._end))
            if self._secure:
                plain = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
        self.sock = _Link(plain, self._end)

    def _reached(self, places: list[str]) -> socket.socket:
        for place in places[:-1]:
            try:
                return socket.create_connection((place, self.port), timeout=_left(self._end))
            except OSError:
                continue
        return socket.create_connection((places[-1], self.port), timeout=_left(self._end))


class _Link:
    """As much of a socket as the library's client uses, each step with the time that is left."""

    def __init__(self, under: socket.socket, end: float) -> None:
        self._under, self._end = under, end

    def sendall(self, data: Any) -> None:
        self._under.settimeout(_left(self._end))
        self._under.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Coming(self._under, self._end))

    def close(self) -> None:
        """The reader that was made goes on, as with any socket."""
        self._under.close()


class _Coming(io.RawIOBase):
    def __init__(self, under: socket.socket, end: float) -> None:
        self._under, self._end = under, end
        self._raw = under.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int | None:
        self._under.settimeout(_left(self._end))
        return self._raw.readinto(into)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _left(end: float) -> float:
    """The seconds until then; none left is a time-out."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
