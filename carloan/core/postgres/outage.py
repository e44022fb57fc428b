"""Which errors of a database say that it is away, and not that what it was asked is wrong."""

from typing import Any

from django.db import InterfaceError, OperationalError

# Classes of SQLSTATE: connection exception, insufficient resources, operator intervention at the server's end.
_CLASSES = ("08", "53", "57P")


def is_outage(error: BaseException) -> bool:
    """Whether a database was not there, went away, or has no room: the same would have worked an hour earlier.

    A connection that breaks carries no SQLSTATE. Deadlocks, cancelled statements and limits of a statement have one of
    their own: they are told by the same exception, and would come again with the same work.
    """
    cause: Any = error.__cause__
    state = getattr(cause, "pgcode", None)
    return isinstance(error, OperationalError | InterfaceError) and (state is None or state.startswith(_CLASSES))
