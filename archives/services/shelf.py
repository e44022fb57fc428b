"""Pages that were decoded a moment ago, for the next look at them: turning back to a page costs only its mark.

What lies here is clear, in the memory of this process alone. It is no way around anything: whoever takes from it has
recorded the look and opened the paper's key before.
"""

import time
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Final

from carloan.archives.watermark.stamp import Ground

# A page of a scan is 12 MB; few people turn pages in one process at once.
BYTES: Final = 48 << 20
SECONDS: Final = 120.0


class Shelf:
    """At most `room` bytes of pages, none older than `seconds`; the one that was asked for longest ago goes first."""

    def __init__(self, *, room: int = BYTES, seconds: float = SECONDS) -> None:
        self.room, self.seconds, self.size = room, seconds, 0
        self._pages: OrderedDict[Hashable, tuple[float, Ground]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: Hashable) -> Ground | None:
        with self._lock:
            self._drop_old()
            if key not in self._pages:
                return None
            self._pages.move_to_end(key)
            return self._pages[key][1]

    def put(self, key: Hashable, ground: Ground) -> None:
        with self._lock:
            self._drop_old()
            if ground.size > self.room:
                return
            self._drop(key)
            self._pages[key] = time.monotonic() + self.seconds, ground
            self.size += ground.size
            while self.size > self.room:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self.size = 0

    def _drop_old(self) -> None:
        now = time.monotonic()
        for key in [key for key, (until, _) in self._pages.items() if until <= now]:
            self._drop(key)

    def _drop(self, key: Hashable) -> None:
        if found := self._pages.pop(key, None):
            self.size -= found[1].size


SHELF = Shelf()
