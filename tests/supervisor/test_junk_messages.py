"""Whatever lies in a lane of the broker: the worker says so and goes on with what is a message."""

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.conf import settings

from carloan.core.sweeps import clear_sessions
from carloan.supervisor.home import ROOT
from carloan.supervisor.process import end, spawn, wait_until
from tests.plugin import services

LANE = f"junk-{uuid4()}"


@pytest.fixture
def worker(django_db_setup: None, tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    """A real worker of one lane, and its log."""
    command = [sys.executable, "-m", "celery", "-A", "carloan.celery", "worker", "-Q", LANE, "--concurrency", "1"]
    options = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
    path = tmp_path / "log"
    with path.open("wb") as log:
        process = spawn(
            [*command, *options], env=services().environment("worker"), cwd=ROOT, log=log,
            on_parent_death=signal.SIGKILL,
        )  # fmt: skip
    try:
        assert wait_until(lambda: b" ready." in path.read_bytes(), seconds=60), path.read_text()
        yield process, path
    finally:
        end(process, signal.SIGTERM, patience=20)


def name_of_a_task() -> str:
    """An id without digits: the log masks long numbers."""
    return uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))


def envelope(**changes: Any) -> dict[str, Any]:
    """A message as Celery writes it, of a task that there is; `changes` go into its headers."""
    body = base64.b64encode(json.dumps([[], {}, {}]).encode()).decode()
    info = {"exchange": "", "routing_key": LANE}
    return {
        "body": body, "content-encoding": "utf-8", "content-type": "application/json",
        "headers": {"lang": "py", "task": clear_sessions.name, "id": name_of_a_task(), **changes},
        "properties": {"body_encoding": "base64", "delivery_tag": str(uuid4()), "delivery_info": info, "priority": 0},
    }  # fmt: skip


def junk() -> dict[str, bytes]:
    def coded(message: Any) -> bytes:
        return json.dumps(message).encode()

    whole = envelope()
    without = {name: {key: value for key, value in whole.items() if key != name} for name in whole}
    properties = whole["properties"]
    return {
        "too deep": b"[" * 100_000,
        "no JSON": b"not json {",
        "no UTF-8": b"\xff\xfe\x00",
        "a list": b"[1, 2]",
        "a number": b"7",
        "nothing in it": b"{}",
        **{f"without {name}": coded(part) for name, part in without.items()},
        "without a tag": coded({**whole, "properties": {**properties, "delivery_tag": None}}),
        "without a place": coded({**whole, "properties": {**properties, "delivery_info": {}}}),
        "headers in a word": coded({**whole, "headers": "task"}),
        "no headers": coded({**whole, "headers": {}}),
        "a task that is none": coded(envelope(task="no.such.task")),
        "a task that is a list": coded(envelope(task=["x"])),
        "a task without an id": coded(envelope(id=None)),
        "an hour that is none": coded(envelope(eta="the day before")),
        "an end that is none": coded(envelope(expires={"never": 1})),
        "limits that are none": coded(envelope(timelimit="x")),
        "limits in words": coded(envelope(timelimit=["a", "b"])),
        "tries that are none": coded(envelope(retries="x")),
        "a body that is not base64": coded({**whole, "body": "%%%"}),
        "a body that is no list": coded({**whole, "body": base64.b64encode(b"{}").decode()}),
        "a body of pickles": coded({**whole, "content-type": "application/x-python-serialize"}),
        "an encoding that is none": coded({**whole, "content-encoding": "klingon"}),
    }  # fmt: skip


def test_a_worker_outlives_junk_in_its_lane_and_goes_on(worker: tuple["subprocess.Popen[bytes]", Path]) -> None:
    process, log = worker
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        for what, entry in junk().items():
            sound = envelope()
            broker.lpush(LANE, entry)
            broker.lpush(LANE, json.dumps(sound))
            over = partial(_over, process, log, sound["headers"]["id"])
            assert wait_until(over, seconds=30), (what, log.read_text()[-3000:])
            assert process.poll() is None, (what, log.read_text()[-3000:])
        # Nothing of it comes back after the broker's patience.
        assert wait_until(lambda: not any(LANE.encode() in kept for kept in broker.hvals("unacked")), seconds=10)


def _over(process: "subprocess.Popen[bytes]", log: Path, task_id: str) -> bool:
    """Whether this task was carried out, or the worker has ended."""
    return f"[{task_id}] succeeded in" in log.read_text() or process.poll() is not None
