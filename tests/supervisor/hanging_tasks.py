"""The application with a task that hangs, for a worker that cannot end it: one whose own loop runs the tasks.

Its signs come and run out within seconds, and its patience is short.
"""

import time
from functools import partial

import redis
from django.conf import settings

from carloan import heartbeat, worker
from carloan.celery import app

heartbeat.PAUSE, heartbeat.EXPIRES = 0.3, 1
worker.Progress = partial(worker.Progress, patience=0.5)  # type: ignore[assignment,misc]


@app.task(name="carloan.hangs", time_limit=2)
def hangs(begun: str) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.set(begun, 1, ex=600)
    time.sleep(600)
