"""The worker of a lane, in its own process only: see `carloan.celery`."""

import logging
from typing import Any

from celery.apps import worker
from celery.worker import state

logger = logging.getLogger(__name__)


class Worker(worker.Worker):  # type: ignore[misc]
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
