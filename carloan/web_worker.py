"""The web server's worker: whoever sends slowly holds no thread.

gunicorn gives each connection a thread from its first byte on, however slowly the rest comes, and waits in its loop
for a client to hang up. Here the loop itself gathers the head and a small body, with a deadline for both, and a thread
begins when they are whole. What is larger is read by the thread that answers, which asks the door first
(core/bodies.py, core/rest.py), and must come at a pace: each stretch of it within its time.
"""

import re
import socket
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.http import get_parser
from gunicorn.http.errors import NoMoreData
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from carloan import env
from carloan.lib.bodies import SMALL_BODY

# A head and a small body in whole; then each stretch of a large body.
HEAD_SECONDS = env.number("CARLOAN_HEAD_SECONDS", 20)
BODY_SECONDS = env.number("CARLOAN_BODY_SECONDS", 30)
# 10 KB a second: a line that is slower brings no scanned paper to its end.
STRETCH = 10_000 * BODY_SECONDS
# Beyond it no head is waited for: gunicorn says what is wrong with it.
HEAD_BYTES = 64 * 1024
# Who was answered before all was read (a form that is too large) reads the answer only once everything is sent: the
# rest is taken and thrown away, which costs no thread. A silence ends it, as do too many bytes and too long a time.
LINGER_SECONDS = 2.0
LINGER_SENDING_SECONDS = 10.0
LINGER_LONGEST = 120.0
LINGER_BYTES = 64 * 1024 * 1024
MOST_LINGERING = 200
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,12})[ \t]*\r?$", re.I | re.M)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class PacedUnreader(SocketUnreader):  # type: ignore[misc]
    """What a thread reads of a connection: nothing that it would wait for but a body, and that at a pace.

    Raises TimeoutError when the sender is too slow, now and at each further try.
    """

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self._waits = False
        self._left, self._missing = float(BODY_SECONDS), STRETCH

    @contextmanager
    def body(self) -> Iterator[None]:
        self._waits, self._left, self._missing = True, float(BODY_SECONDS), STRETCH
        try:
            yield
        finally:
            self._waits = False

    def chunk(self, size_hint: int | None = None) -> bytes:
        if not self._waits:
            raise NoMoreData
        if self._left <= 0:
            raise TimeoutError("too slow")
        began = time.monotonic()
        self.sock.settimeout(self._left)
        try:
            data: bytes = super().chunk(size_hint)
        except TimeoutError:
            self._left = 0
            raise
        finally:
            self.sock.settimeout(None)
        # Only waiting counts: what the program does between two reads is not the sender's fault.
        self._left -= time.monotonic() - began
        self._missing -= len(data)
        if self._missing <= 0:
            self._left, self._missing = float(BODY_SECONDS), STRETCH
        return data


class PacedConn(TConn):  # type: ignore[misc]
    """A connection whose next request is gathered before a thread sees it."""

    def __init__(self, worker: "PacedWorker", *connection: Any) -> None:
        super().__init__(worker.cfg, *connection)
        self.worker = worker
        self.parser = get_parser(self.cfg, self.sock, self.client)
        self.parser.unreader = PacedUnreader(self.sock)
        self.data_ready = True
        self.gathered = bytearray()
        self.wanted: int | None = None
        self.drained = 0
        self.gone_at = 0.0

    def expect(self) -> bool:
        """Begin with the next request; whether what came behind the last one is one already."""
        self.gathered, self.wanted = bytearray(), None
        return self.feed(self.parser.unreader.take_buffered())

    def feed(self, data: bytes) -> bool:
        """Take what came; whether a thread can go on with it."""
        # An end of the head may begin in what came before.
        searched = max(0, len(self.gathered) - 3)
        self.gathered += data
        if self.wanted is None:
            end = self.gathered.find(b"\r\n\r\n", searched)
            if end < 0:
                return len(self.gathered) > HEAD_BYTES
            head = bytes(self.gathered[:end])
            length = LENGTH.search(head)
            size = int(length[1]) if length else 0
            self.wanted = end + 4 + (size if size <= SMALL_BODY else 0)
            if len(self.gathered) < self.wanted and b"100-continue" in head.lower():
                with suppress(OSError):
                    self.sock.send(CONTINUE)
        return len(self.gathered) >= self.wanted

    def hand_over(self) -> None:
        """What was gathered is what the thread reads first."""
        self.parser.unreader.unread(bytes(self.gathered))
        self.gathered = bytearray()

    def close(self, graceful: bool = False) -> None:
        if graceful:
            self.worker.linger(self)
        else:
            super().close()


class PacedWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, without those that only wait for a sender."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Answered; the client has not hung up yet.
        self.lingering: deque[PacedConn] = deque()

    def accept(self, listener: socket.socket) -> None:
        try:
            client_sock, client_addr = listener.accept()
            conn = PacedConn(self, client_sock, client_addr, listener.getsockname())
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self.enqueue_req(conn)

    def enqueue_req(self, conn: PacedConn) -> None:
        """Always in the loop's own thread: a new connection, the next request of one, or what came behind the last."""
        if conn.expect():
            conn.hand_over()
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + HEAD_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self._gather, conn))

    def handle_request(self, req: Any, conn: PacedConn) -> Any:
        with conn.parser.unreader.body():
            return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """End those whose time is over; the oldest also when no more could come in."""
        now = time.monotonic()
        while self.pending_conns and (self.pending_conns[0].timeout <= now or self.nr_conns >= self.worker_connections):
            conn = self.pending_conns[0]
            if conn.gathered:
                with suppress(OSError):
                    conn.sock.send(TOO_SLOW)
            self._leave(self.pending_conns, conn)
            self.nr_conns -= 1
            conn.close()
        for conn in [each for each in self.lingering if each.timeout <= now]:
            self._let_go(conn)

    def linger(self, conn: PacedConn) -> None:
        """Say that no more comes and wait a moment for the client to hang up: closing at once could cut off what it has
        not read yet (RFC 9112, 9.6)."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            conn.close()
            return
        if len(self.lingering) >= MOST_LINGERING:
            self._let_go(self.lingering[0])
        now = time.monotonic()
        conn.timeout, conn.gone_at = now + LINGER_SECONDS, now + LINGER_LONGEST
        self.lingering.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self._drain, conn))

    def _gather(self, conn: PacedConn, sock: socket.socket) -> None:
        data = _received(sock)
        if data is None:
            return
        if not data:
            self._leave(self.pending_conns, conn)
            self.nr_conns -= 1
            conn.close()
        elif conn.feed(data):
            self._leave(self.pending_conns, conn)
            conn.hand_over()
            super().enqueue_req(conn)

    def _drain(self, conn: PacedConn, sock: socket.socket) -> None:
        data = _received(sock)
        if data is None:
            return
        conn.drained += len(data)
        conn.timeout = min(time.monotonic() + LINGER_SENDING_SECONDS, conn.gone_at)
        if not data or conn.drained > LINGER_BYTES:
            self._let_go(conn)

    def _let_go(self, conn: PacedConn) -> None:
        self._leave(self.lingering, conn)
        conn.close()

    def _leave(self, waiting: "deque[PacedConn]", conn: PacedConn) -> None:
        waiting.remove(conn)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def _cap_keepalive(self, deadline: float) -> None:
        """A worker that stops waits no longer for requests that have not begun."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)


def _received(sock: socket.socket) -> bytes | None:
    """What the client sent, b"" when it has hung up, None when there is nothing after all."""
    try:
        return sock.recv(64 * 1024)
    except BlockingIOError:
        return None
    except OSError:
        return b""
