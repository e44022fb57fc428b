#!/usr/bin/env python3
"""A witness (见证) of ledgers: co-signs a checkpoint only when the ledger went on from what it co-signed before.

    python3 carloan_witness.py --state FOLDER --name witness.bank.example --ledger 'ledger.example+0a1b2c3d+AQ…'

One file; it needs Python 3.11+ and the package `cryptography`, and neither Carloan nor any database of it. Whoever runs
it elsewhere than the ledger, with a state folder that the ledger's people cannot write, makes it impossible for them to
replace history unseen. It speaks C2SP tlog-witness: POST /add-checkpoint; GET / tells its public key.

--ledger names the ledgers that it sees: the public key of a host (every lender's ledger of that host is signed by it),
or the host's name alone, whose key is then learnt with the first checkpoint and kept for ever. What it keeps, fsynced
before it answers: its own key, the keys it learnt, each ledger's last checkpoint, and every checkpoint that a ledger
signed against one of the same size that it had signed before, which proves that its history was forked.
"""

from __future__ import annotations

import argparse
import base64
import fcntl
import hashlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = 0x01, 0x04
EMPTY = hashlib.sha256(b"").digest()
LONGEST_PROOF = 63
LARGEST_BODY = 64 * 1024
LARGEST_SIZE = 2**63
# Connections at a time, and how long one may say nothing.
MOST_CONNECTIONS = 64
SILENCE_SECONDS = 10
# With which a ledger offers its host's key to a witness that was given the host's name alone.
OFFERED = "Carloan-Ledger"
TEXT, SIZE_TEXT = "text/plain; charset=utf-8", "text/x.tlog.size"

logger = logging.getLogger("witness")


class Refusal(Exception):
    """The answer to what is not co-signed."""

    def __init__(self, status: HTTPStatus, text: str, kind: str = TEXT) -> None:
        super().__init__(text)
        self.status, self.text, self.kind = status, text, kind


# Notes, keys and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature) -----------------------------------


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    body: str


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def key_text(name: str, kind: int, public: bytes) -> str:
    return f"{name}+{key_id(name, kind, public).hex()}+{base64.b64encode(bytes([kind]) + public).decode()}"


def parse_key(text: str) -> tuple[str, bytes]:
    """(name, public key) of a log's key. Raises ValueError."""
    name, claimed, blob = text.strip().split("+", 2)
    whole = base64.b64decode(blob, validate=True)
    if len(whole) != 33 or whole[0] != ED25519 or key_id(name, ED25519, whole[1:]).hex() != claimed:
        raise ValueError("no key of a ledger")
    return name, whole[1:]


def parse_checkpoint(note: str) -> tuple[Checkpoint, list[str]]:
    """A checkpoint and its lines of signature. Raises ValueError."""
    body, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n") or any(ord(sign) < 32 and sign != "\n" for sign in note):
        raise ValueError("no note")
    origin, size, root, *_extensions = body.split("\n")
    hashed = base64.b64decode(root, validate=True)
    if not origin or not size.isdecimal() or str(int(size)) != size or int(size) >= LARGEST_SIZE or len(hashed) != 32:
        raise ValueError("no checkpoint")
    return Checkpoint(origin, int(size), hashed, body + "\n"), tail.removesuffix("\n").split("\n")


def is_signed(checkpoint: Checkpoint, lines: Sequence[str], public: bytes) -> bool:
    """Whether one of the lines is the ledger's own signature; lines of others say nothing here."""
    beginning = f"\N{EM DASH} {checkpoint.origin} "
    for line in lines:
        if not line.startswith(beginning):
            continue
        try:
            blob = base64.b64decode(line.removeprefix(beginning), validate=True)
            if blob[:4] == key_id(checkpoint.origin, ED25519, public):
                Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], checkpoint.body.encode())
                return True
        except (ValueError, InvalidSignature):
            continue
    return False


# Trees (RFC 9162, 2.1.4.2) -------------------------------------------------------------------------------------------


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def only_grew(old_size: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether the tree of `size` leaves goes on from the one of `old_size`, 1 or more."""
    if not 0 < old_size <= size or any(len(found) != 32 for found in proof):
        return False
    if old_size == size:
        return not proof and old_root == root
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    first, last = old_size - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = path[0]
    for found in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old, new = _node(found, old), _node(found, new)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            new = _node(new, found)
        first, last = first >> 1, last >> 1
    return last == 0 and (old, new) == (old_root, root)


# What is kept --------------------------------------------------------------------------------------------------------


class Memory:
    """Files of a folder that is this process's alone; each is replaced in one step, and on the disk when that ends."""

    def __init__(self, folder: Path) -> None:
        """Raises BlockingIOError while another witness holds the folder."""
        self.folder = folder
        for part in (folder, folder / "ledgers", folder / "keys", folder / "forks"):
            part.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = open(folder / "lock", "a")  # noqa: SIM115 - held as long as the process lives
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def signer(self) -> Ed25519PrivateKey:
        """The witness's own key, made once."""
        path = self.folder / "key"
        if not path.exists():
            self._write(path, Ed25519PrivateKey.generate().private_bytes_raw().hex())
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text()))

    def last(self, origin: str) -> Checkpoint | None:
        try:
            return parse_checkpoint(self._path("ledgers", origin).read_text())[0]
        except FileNotFoundError:
            return None

    def keep(self, checkpoint: Checkpoint, note: str) -> None:
        self._write(self._path("ledgers", checkpoint.origin), note)

    def keep_fork(self, checkpoint: Checkpoint, note: str) -> None:
        """Two checkpoints of one size are one proof: a third of the same size and root adds nothing."""
        path = self._path("forks", checkpoint.body)
        if not path.exists():
            before = self._path("ledgers", checkpoint.origin).read_text()
            self._write(path, f"{before}\n{note}")

    def key_of(self, host: str) -> bytes | None:
        try:
            return parse_key(self._path("keys", host).read_text())[1]
        except FileNotFoundError:
            return None

    def keep_key(self, host: str, public: bytes) -> None:
        self._write(self._path("keys", host), key_text(host, ED25519, public))

    def _path(self, part: str, name: str) -> Path:
        return self.folder / part / hashlib.sha256(name.encode()).hexdigest()

    def _write(self, path: Path, content: str) -> None:
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# The witness ---------------------------------------------------------------------------------------------------------


class Witness:
    """Looks at one checkpoint at a time, so that what it compares with is what it co-signed last."""

    def __init__(self, name: str, memory: Memory, ledgers: Sequence[str]) -> None:
        """`ledgers` are keys or names of hosts. Raises ValueError for what is neither."""
        self.name, self.memory, self.key = name, memory, memory.signer()
        self.given: dict[str, bytes | None] = {}
        for text in ledgers:
            host, public = parse_key(text) if "+" in text else (text, None)
            self.given[host] = public
        self._one = threading.Lock()

    def public(self) -> str:
        return key_text(self.name, COSIGNATURE, self.key.public_key().public_bytes_raw())

    def add_checkpoint(self, request: str, offered: str = "") -> str:
        """The line of the cosignature. Raises Refusal."""
        try:
            head, gap, note = request.partition("\n\n")
            old_line, *steps = head.split("\n")
            checkpoint, lines = parse_checkpoint(note)
            old = int(old_line.removeprefix("old "))
            proof = [base64.b64decode(step, validate=True) for step in steps]
            if not gap or old_line != f"old {old}" or not 0 <= old <= checkpoint.size or len(proof) > LONGEST_PROOF:
                raise ValueError("no request")
        except ValueError as error:
            raise Refusal(HTTPStatus.BAD_REQUEST, f"not understood: {error}\n") from None
        with self._one:
            self._see(checkpoint, lines, offered)
            self._compare(checkpoint, old, proof, note)
            self.memory.keep(checkpoint, note)
        return self._cosigned(checkpoint.body)

    def _see(self, checkpoint: Checkpoint, lines: Sequence[str], offered: str) -> None:
        """Whose ledger it is, and that it signed this."""
        host, _gap, rest = checkpoint.origin.partition("/t/")
        if host not in self.given or (not rest and host != checkpoint.origin):
            raise Refusal(HTTPStatus.NOT_FOUND, "this ledger is not known here\n")
        public = self.given[host] or self.memory.key_of(host)
        learnt = None
        if public is None:
            try:
                name, learnt = parse_key(offered)
            except ValueError:
                name = ""
            if name != host:
                raise Refusal(HTTPStatus.FORBIDDEN, "no key of this ledger is known here\n")
        if not is_signed(checkpoint, lines, public or learnt or b""):
            raise Refusal(HTTPStatus.FORBIDDEN, "not signed by the ledger\n")
        if learnt:
            self.memory.keep_key(host, learnt)
            logger.info("learnt the key %s", key_text(host, ED25519, learnt))

    def _compare(self, checkpoint: Checkpoint, old: int, proof: Sequence[bytes], note: str) -> None:
        last = self.memory.last(checkpoint.origin)
        known = last.size if last else 0
        if last and checkpoint.size == known and checkpoint.root != last.root:
            self.memory.keep_fork(checkpoint, note)
            logger.error("%s signed two trees of %d", checkpoint.origin, known)
        if old != known or (last and checkpoint.size == known and checkpoint.root != last.root):
            raise Refusal(HTTPStatus.CONFLICT, f"{known}\n", SIZE_TEXT)
        if last is None or known == 0:
            holds = not proof and (checkpoint.size > 0 or checkpoint.root == EMPTY)
        else:
            holds = only_grew(known, checkpoint.size, proof, last.root, checkpoint.root)
        if not holds:
            logger.error("%s does not go on from %d to %d", checkpoint.origin, known, checkpoint.size)
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "this does not go on from what was seen\n")

    def _cosigned(self, body: str) -> str:
        seconds = int(time.time())
        signature = self.key.sign(f"cosignature/v1\ntime {seconds}\n{body}".encode())
        identity = key_id(self.name, COSIGNATURE, self.key.public_key().public_bytes_raw())
        blob = base64.b64encode(identity + seconds.to_bytes(8, "big") + signature).decode()
        return f"\N{EM DASH} {self.name} {blob}\n"


# The server ----------------------------------------------------------------------------------------------------------


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = MOST_CONNECTIONS

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Handler)
        self.witness = witness
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Beyond so many connections a new one is hung up on: it asks again, and nobody's memory grows."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        logger.warning("a connection broke: %s", sys.exc_info()[1])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "witness", ""
    timeout = SILENCE_SECONDS
    server: Server

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(HTTPStatus.OK, self.server.witness.public() + "\n")
        else:
            self._answer(HTTPStatus.NOT_FOUND, "there is nothing here\n")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too long\n")
            return
        body = self.rfile.read(int(length))
        if self.path != "/add-checkpoint":
            self._answer(HTTPStatus.NOT_FOUND, "there is nothing here\n")
            return
        try:
            self._answer(
                HTTPStatus.OK, self.server.witness.add_checkpoint(body.decode(), self.headers.get(OFFERED, ""))
            )
        except UnicodeDecodeError:
            self._answer(HTTPStatus.BAD_REQUEST, "not understood\n")
        except Refusal as refusal:
            self._answer(refusal.status, refusal.text, refusal.kind)
        except OSError:
            # What cannot be kept is not co-signed.
            logger.exception("nothing can be kept")
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, "nothing can be kept now\n")

    def _answer(self, status: HTTPStatus, text: str, kind: str = TEXT) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Every request each few seconds would bury what matters."""


@contextmanager
def serving(server: Server) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=server.serve_forever, name="witness")
    thread.start()
    try:
        yield thread
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--state", required=True, type=Path, help="a folder that is this witness's alone")
    parser.add_argument("--name", required=True, help="under which it co-signs; once chosen it stays")
    parser.add_argument("--ledger", required=True, action="append", help="a host's public key, or its name")
    parser.add_argument("--listen", default="127.0.0.1:7301", help="address and port (127.0.0.1:7301)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    host, _colon, port = options.listen.rpartition(":")
    try:
        witness = Witness(options.name, Memory(options.state), options.ledger)
        server = Server((host.strip("[]"), int(port)), witness)
    except BlockingIOError:
        print(f"another witness holds {options.state}", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"cannot begin: {error}", file=sys.stderr)
        return 2
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with serving(server):
        print(witness.public(), flush=True)
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
