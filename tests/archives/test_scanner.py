"""An outside malware scanner: asked in ClamAV's INSTREAM protocol, and never taken on trust when it is silent."""

import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from carloan.archives.recognition import scanner
from carloan.archives.recognition.refusals import Refused


def _exactly(link: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = link.recv(size - len(found))
        if not part:
            raise ConnectionError
        found += part
    return found


@pytest.fixture
def daemon(settings: Any) -> Iterator[dict[str, Any]]:
    """A separate listener that reads the protocol as clamd(8) documents it and answers what the test wants."""
    seen: dict[str, Any] = {"answer": b"stream: OK\0", "data": b""}
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            with link:
                assert _exactly(link, 10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack("!I", _exactly(link, 4))[0]:
                    data += _exactly(link, size)
                seen["data"] = data
                link.sendall(seen["answer"])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    settings.CLAMD = f"127.0.0.1:{listener.getsockname()[1]}"
    yield seen
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def test_the_whole_file_reaches_the_scanner(daemon: dict[str, Any]) -> None:
    data = bytes(range(256)) * 1000
    scanner.check(data)
    assert daemon["data"] == data


def test_a_finding_is_refused_by_name(daemon: dict[str, Any]) -> None:
    daemon["answer"] = b"stream: Win.Test.EICAR_HDB-1 FOUND\0"
    with pytest.raises(Refused) as refused:
        scanner.check(b"x")
    assert refused.value.code == "malware"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"garbage"])
def test_no_clear_answer_is_no_permission(daemon: dict[str, Any], answer: bytes) -> None:
    daemon["answer"] = answer
    with pytest.raises(Refused) as refused:
        scanner.check(b"x")
    assert refused.value.code == "scanner_down"


def test_a_dead_scanner_lets_nothing_in(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.CLAMD = f"127.0.0.1:{port}"
    with pytest.raises(Refused) as refused:
        scanner.check(b"x")
    assert refused.value.code == "scanner_down"
