"""Signs of life of the processes that nobody can ask over HTTP: workers, one sign a lane, and beat.

Each writes a key into the broker that expires soon; /healthz reads which of them are there. A worker that has work and
begins none of it gives no sign, however well its own process is.
"""

import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any

import redis
from celery import signals

PAUSE = 4.0
EXPIRES = 15
PREFIX = "carloan:alive:"


class Pulse(threading.Thread):
    """Renews the keys until it is told to stop; a broker that is away for a while does not end it."""

    def __init__(self, *, url: str, names: Iterable[str], well: Callable[[redis.Redis], bool]) -> None:
        super().__init__(name="pulse", daemon=True)
        self.well = well
        self.keys = [PREFIX + name for name in names]
        self.ended = threading.Event()
        self._broker = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)

    def run(self) -> None:
        pause = 0.0
        while not self.ended.wait(pause):
            pause = PAUSE if self._renew() else 1.0

    def _renew(self) -> bool:
        try:
            if not self.well(self._broker):
                return True
            with self._broker.pipeline(transaction=False) as pipeline:
                for key in self.keys:
                    pipeline.set(key, 1, ex=EXPIRES)
                pipeline.execute()
        except redis.RedisError:
            return False
        return True


def alive(broker: redis.Redis, names: Iterable[str]) -> set[str]:
    """Which of `names` gave a sign within the last seconds."""
    wanted = list(names)
    found: Any = broker.mget([PREFIX + name for name in wanted])
    return {name for name, sign in zip(wanted, found, strict=True) if sign}


@signals.beat_init.connect
def _beat_lives(sender: Any, **_: Any) -> None:
    Pulse(url=sender.app.conf.broker_url, names=["beat", on_this_host("beat")], well=lambda _broker: True).start()


def on_this_host(name: str) -> str:
    """The part as it runs here: several containers may serve one lane, and each is asked about itself."""
    return f"{name}@{socket.gethostname()}"
