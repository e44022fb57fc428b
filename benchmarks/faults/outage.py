"""A server that is really gone for a while, and comes back on its port."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from carloan.supervisor.embedded import Embedded
from carloan.supervisor.postgres import EmbeddedPostgres
from carloan.supervisor.process import end


@contextmanager
def away(server: Embedded) -> Iterator[None]:
    """Stopped inside of the block, started again behind it: killed hard where it keeps what it has committed.

    A server of tests (`fast`) writes its log later than it says so; it is asked to end, or it would lose commits that
    a real one keeps.
    """
    assert server.process is not None
    end(server.process, *(server.stop_signals if server.fast else (signal.SIGKILL,)), patience=60)
    try:
        yield
    finally:
        server.restart()
        if isinstance(server, EmbeddedPostgres):
            # Ours led to the server that was.
            connections.close_all()
