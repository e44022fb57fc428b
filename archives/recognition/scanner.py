"""The malware port. The built-in scanner knows one signature, the one every scanner is tested with."""

import socket
import struct
from typing import Protocol

from django.conf import settings

from carloan.archives.recognition.refusals import Refused

# Written in two halves so that no scanner takes this module for the test file itself.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner(Protocol):
    def scan(self, data: bytes) -> str | None:
        """The name of what was found, or None. Raises OSError when the scanner does not answer."""


class Signature:
    """Finds the EICAR test file, so that the path from a finding to the refusal is proven everywhere."""

    def scan(self, data: bytes) -> str | None:
        return "EICAR-Test-File" if EICAR in data else None


class Clamd:
    """A ClamAV daemon, asked over its INSTREAM protocol."""

    def __init__(self, *, host: str, port: int, timeout: float = 20.0) -> None:
        self.address = (host, port)
        self.timeout = timeout

    def scan(self, data: bytes) -> str | None:
        with socket.create_connection(self.address, timeout=self.timeout) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), 1 << 16):
                chunk = data[start : start + (1 << 16)]
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            answer = b""
            while not answer.endswith(b"\0") and (part := connection.recv(4096)):
                answer += part
        text = answer.rstrip(b"\0").decode("utf-8", "replace").removeprefix("stream: ")
        if text == "OK":
            return None
        if text.endswith(" FOUND"):
            return text.removesuffix(" FOUND")
        raise OSError(f"clamd answered {text!r}")


def scanners() -> list[Scanner]:
    """The built-in one, and ClamAV when CARLOAN_CLAMD names one (host:port)."""
    found: list[Scanner] = [Signature()]
    if address := settings.CLAMD:
        host, _, port = address.rpartition(":")
        found.append(Clamd(host=host, port=int(port)))
    return found


def check(data: bytes) -> None:
    """Refuse what any scanner reports; unknown (no answer) is refused too, never taken on trust."""
    for scanner in scanners():
        try:
            name = scanner.scan(data)
        except OSError as error:
            raise Refused("scanner_down") from error
        if name:
            raise Refused("malware", name=name)
