"""Acts at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from carloan.core.errors import AppError
from tests.cast import Lender


def at_once(lender: Lender, *acts: Callable[[], Any]) -> list[AppError | None]:
    """Run acts in threads with connections of their own; the second begins while the first is not committed yet."""
    written = threading.Barrier(len(acts), timeout=30)
    faults: dict[int, BaseException | None] = {}

    def run(place: int) -> None:
        try:
            with lender.open():
                written.wait()
                acts[place]()
            faults[place] = None
        except BaseException as error:  # noqa: BLE001  whatever it is, the test looks at it
            faults[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for fault in faults.values():
        if fault is not None and not isinstance(fault, AppError):
            raise fault
    assert len(faults) == len(acts)
    return [fault for fault in faults.values() if isinstance(fault, AppError)]
