"""The worker of a lane, in its own process only: see `carloan.celery`."""

import logging
import time
from collections.abc import Iterable
from typing import Any

import redis
from celery import signals
from celery.apps import worker
from celery.worker import state

from carloan.heartbeat import Pulse, on_this_host

logger = logging.getLogger(__name__)
# Longer than a pool takes for new processes in the place of those that ended.
STALLED_AFTER = 60.0
# The stubs know little of it.
CeleryWorker: Any = worker.Worker


class Worker(CeleryWorker):  # type: ignore[misc]
    """Gives a place in its pool back when a message could not be begun in it; Celery would keep it for ever."""

    def _process_task(self, req: Any) -> None:
        try:
            super()._process_task(req)
        except Exception as error:  # noqa: BLE001 - whatever a stranger's message breaks
            # This may run long after the message was received: nobody above would catch it.
            logger.error("a message of the broker could not be begun: %s", type(error).__name__)
            state.task_ready(req)
            try:
                req.reject()
            finally:
                self._quick_release()


class Progress:
    """Whether the worker of this process begins its work and ends it. Asked every few seconds, it remembers when it
    last began any."""

    def __init__(self, lanes: Iterable[str], *, patience: float = STALLED_AFTER) -> None:
        self.lanes = list(lanes)
        self.patience = patience
        self._begun = -1
        self._last = time.monotonic()

    def __call__(self, broker: redis.Redis) -> bool:
        """False once something waited through the whole patience while nothing was at work and nothing was begun, and
        while something is at work that should have been ended a patience ago.

        Raises RedisError when the broker does not answer.
        """
        if self._hangs():
            return False
        begun = state.all_total_count[0]
        if begun != self._begun or state.active_requests or not self._something_waits(broker):
            self._begun, self._last = begun, time.monotonic()
        return time.monotonic() - self._last < self.patience

    def _hangs(self) -> bool:
        """Whether a task is at work beyond its own hard limit: who would have ended it, this process, hangs with it."""
        now = time.time()
        try:
            requests = list(state.active_requests)
        except RuntimeError:  # one was begun or ended in this moment
            return False
        return any(
            one.time_start is not None and now - one.time_start > limit + self.patience
            for one in requests
            if (limit := one.task.time_limit)
        )

    def _something_waits(self, broker: redis.Redis) -> bool:
        return bool(state.reserved_requests) or any(broker.llen(lane) for lane in self.lanes)


@signals.worker_ready.connect
def _worker_lives(sender: Any, **_: Any) -> None:
    lanes = list(sender.app.amqp.queues.consume_from)
    names = [*lanes, *(on_this_host(lane) for lane in lanes)]
    pulse = Pulse(url=sender.app.conf.broker_url, names=names, well=Progress(lanes))
    pulse.start()
    # A worker that finishes its last tasks takes no new ones: its sign runs out. Others may serve the same lane.
    signals.worker_shutting_down.connect(lambda **_: pulse.ended.set(), weak=False)
