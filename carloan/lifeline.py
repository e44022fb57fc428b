"""No process outlives the one that started it, not even when that one is killed hard."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from celery import signals

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


def leash(signal_number: int) -> Callable[[], None]:
    """Code for a new child, run after it changed its user: ask the kernel to signal it when its parent dies.

    The kernel means the parent's *thread*: start children from a thread that lives as long as the process.
    """
    parent = os.getpid()

    def fasten() -> None:
        if sys.platform == "linux":
            LIBC.prctl(PR_SET_PDEATHSIG, signal_number)
            # The parent may have died between fork and prctl: then nobody would ever send the signal.
            if os.getppid() != parent:
                os._exit(1)

    return fasten


@signals.worker_process_init.connect
def _fasten_pool_process(**_: Any) -> None:
    """A pool process waits for work on a lock that a dead parent never releases; its unfinished task comes back."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
