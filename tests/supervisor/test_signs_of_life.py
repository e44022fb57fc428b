"""A worker that has work and begins none gives no sign of life."""

import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import redis
from celery.worker import state
from django.conf import settings

from carloan.celery import app as celery
from carloan.heartbeat import Pulse, alive
from carloan.supervisor.home import ROOT
from carloan.supervisor.process import end, spawn, wait_until
from carloan.worker import Progress
from tests.plugin import services


class Work:
    """Stands among the tasks at work, which are only held as long as somebody else holds them. It has no limit."""

    time_start: float | None = None
    task = SimpleNamespace(time_limit=None)


def test_what_waits_while_nothing_is_begun_ends_the_sign() -> None:
    lane = f"stalled-{uuid4()}"
    progress = Progress([lane], patience=0.3)
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        try:
            assert progress(broker)
            broker.rpush(lane, "x")
            assert wait_until(lambda: not progress(broker), seconds=10)
            # Something else was begun meanwhile: the lane moves.
            state.all_total_count[0] += 1
            assert progress(broker)
            assert wait_until(lambda: not progress(broker), seconds=10)
            # A long task may keep all others waiting.
            work = Work()
            state.active_requests.add(work)
            assert progress(broker)
            state.active_requests.discard(work)
            broker.delete(lane)
            assert progress(broker)
            # Taken out of the lane, and never begun.
            state.reserved_requests.add(work)
            assert wait_until(lambda: not progress(broker), seconds=10)
        finally:
            broker.delete(lane)
            state.reset_state()


def test_a_task_that_nobody_ends_ends_the_sign(django_db_setup: None, tmp_path: Path) -> None:
    """In a real worker that cannot end it: its own loop is what hangs."""
    lane = f"hanging-{uuid4()}"
    options = ["-Q", lane, "-P", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    with (tmp_path / "log").open("wb") as log, redis.Redis.from_url(settings.REDIS_URL) as broker:
        process = spawn(
            [sys.executable, "-m", "celery", "-A", "tests.supervisor.hanging_tasks", "worker", *options],
            env=services().environment("worker"), cwd=ROOT, log=log, on_parent_death=signal.SIGKILL,
        )  # fmt: skip
        try:
            assert wait_until(lambda: bool(alive(broker, [lane])), seconds=60)
            celery.send_task("carloan.hangs", queue=lane, kwargs={"begun": f"{lane}:begun"})
            assert wait_until(lambda: bool(broker.exists(f"{lane}:begun")), seconds=60)
            assert alive(broker, [lane]), "what is at work within its limit is well"
            assert wait_until(lambda: not alive(broker, [lane]), seconds=60)
            assert process.poll() is None
        finally:
            end(process, signal.SIGKILL, patience=20)
            broker.delete(lane, f"{lane}:begun")


def test_a_sign_is_given_only_while_all_is_well() -> None:
    name, states = f"part-{uuid4()}", iter([False, True])
    pulse = Pulse(url=settings.REDIS_URL, names=[name], well=lambda _broker: next(states))
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        pulse._renew()
        assert not alive(broker, [name])
        pulse._renew()
        assert alive(broker, [name])
