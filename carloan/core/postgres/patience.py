"""Pages do not wait without end for a database that has stopped answering.

Of a server that hangs (a stopped process, a machine that stands still) the kernel goes on acknowledging what it is
sent: no timeout of the network notices, and `statement_timeout` is kept by the server itself. So the client waits here,
with an end. psycopg2 closes a connection on which this ended, and what was asked raises as when the server goes away.
"""

import select
import time
from typing import Any, Final

import psycopg2
from psycopg2 import extensions

# How long a server may say nothing; no statement of a page is near it. One that said nothing for so long is given less
# until it answers: the rest of the page, and all that come meanwhile, do not wait as long once more.
SECONDS: Final = 20.0
SUSPECT_SECONDS: Final = 1.0
SUSPECT_FOR: Final = 30.0

# Servers that did not answer, by the address of the connection, and until when they are remembered.
_silent: dict[str, float] = {}


def bound_waiting() -> None:
    """From now on, in this process. COPY is not possible then: for the web's processes, which have no use for it."""
    extensions.set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    """Raises OperationalError without SQLSTATE, like a connection that broke."""
    while (state := connection.poll()) != extensions.POLL_OK:
        watched = select.poll()
        watched.register(connection.fileno(), select.POLLOUT if state == extensions.POLL_WRITE else select.POLLIN)
        if not watched.poll(_patience(connection) * 1000):
            _silent[connection.dsn] = time.monotonic() + SUSPECT_FOR
            raise psycopg2.OperationalError("the database says nothing")
    if _silent:
        _silent.pop(connection.dsn, None)


def _patience(connection: Any) -> float:
    return SUSPECT_SECONDS if _silent and _silent.get(connection.dsn, 0.0) > time.monotonic() else SECONDS
