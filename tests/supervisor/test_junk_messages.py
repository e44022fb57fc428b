"""Whatever lies in a lane of the broker: the worker says so and goes on with what is a message."""

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.conf import settings

from carloan.celery import app as celery
from carloan.core.sweeps import clear_sessions
from carloan.envelope import LONGEST_BODY, cleaned
from carloan.supervisor.home import ROOT
from carloan.supervisor.process import end, spawn, wait_until
from tests.plugin import services

LANE = f"junk-{uuid4()}"
TASKS_OF_CELERY = (
    "celery.accumulate", "celery.backend_cleanup", "celery.chain", "celery.chord", "celery.chord_unlock",
    "celery.chunks", "celery.group", "celery.map", "celery.starmap",
)  # fmt: skip


@pytest.fixture
def worker(django_db_setup: None, tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    with running_worker(tmp_path / "log", "tests.supervisor.hasty_worker:app") as running:
        yield running


@contextmanager
def running_worker(path: Path, application: str = "carloan.celery") -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    """A real worker of one lane, and its log."""
    command = [sys.executable, "-m", "celery", "-A", application, "worker", "-Q", LANE, "--concurrency", "1"]
    options = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
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


def envelope(*, embedded: object = None, arguments: object = None, **changes: Any) -> dict[str, Any]:
    """A message as Celery writes it, of a task that there is; `changes` go into its headers."""
    body = base64.b64encode(json.dumps([[], arguments or {}, embedded or {}]).encode()).decode()
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
        "a task with an id of a million signs": coded(envelope(id="a" * 1_000_000)),
        "a tag of a million signs": coded({**whole, "properties": {**properties, "delivery_tag": "a" * 1_000_000}}),
        "a body that is packed": coded(envelope(compression="application/x-gzip")),
        "a caller of a million signs": coded(envelope(task="no.such.task", origin="a" * 1_000_000)),
        **{
            f"{name} that is {value!r}": coded(envelope(**{name: value}))
            for name in ("stamped_headers", "stamps", "group", "chord", "parent_id", "root_id", "replaced_task_nesting",
                         "ignore_result", "origin", "argsrepr", "shadow", "carloan_tenant")
            for value in (5, ["x"], {"x": 1})
        },
        **{
            f"{name} that are {value!r:.20}": coded(envelope(embedded={name: value}))
            for name in ("callbacks", "errbacks", "chain", "chord")
            for value in (5, "x" * 1_000, [{"task": clear_sessions.name}])
        },
        "errbacks of five million signs": coded(envelope(embedded={"errbacks": "A" * 5_000_000})),
        "arguments of a million signs": coded(envelope(arguments={"x": "A" * 1_000_000})),
        "arguments that are none": coded(envelope(arguments=["x"])),
        "arguments too deep": coded({**whole, "body": base64.b64encode(b"[" * 15_000).decode()}),
        "an hour in the year one": coded(envelope(expires="0001-01-01T00:00:00+14:00")),
        **{f"Celery's {name}": coded(envelope(task=name)) for name in TASKS_OF_CELERY},
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


def test_a_message_that_cannot_be_begun_keeps_no_place_in_the_pool(django_db_setup: None, tmp_path: Path) -> None:
    with (
        redis.Redis.from_url(settings.REDIS_URL) as broker,
        running_worker(tmp_path / "log", "tests.supervisor.breaking_tasks:app") as (process, log),
    ):
        sound = envelope()
        for entry in (*(envelope(task="carloan.breaks") for _ in range(5)), sound):
            broker.lpush(LANE, json.dumps(entry))
        assert wait_until(partial(_over, process, log, sound["headers"]["id"]), seconds=30), log.read_text()[-3000:]
        assert log.read_text().count("could not be begun: ArithmeticError") == 5
        assert wait_until(lambda: not any(LANE.encode() in kept for kept in broker.hvals("unacked")), seconds=10)


def test_whatever_is_sent_here_arrives_whole(broker: redis.Redis) -> None:
    """A header that our tasks begin to need must be welcome, or it never reaches them."""
    headers = {"carloan_tenant": str(uuid4()), "carloan_signature": "x" * 64}
    clear_sessions.apply_async(queue=LANE, expires=60, headers=headers)
    (sent,) = [json.loads(found) for found in broker.lrange(LANE, 0, -1)]
    arrived = cleaned(sent)
    assert arrived["body"] == sent["body"]
    defaults = {"lang", "retries", "timelimit", "root_id", "argsrepr", "kwargsrepr", "origin", "ignore_result",
                "replaced_task_nesting", "stamps"}  # fmt: skip
    said = {name for name, value in sent["headers"].items() if value is not None}
    assert said - arrived["headers"].keys() == defaults
    assert {name: sent["headers"][name] for name in arrived["headers"]} == arrived["headers"]
    assert not sent["headers"]["retries"]
    assert sent["headers"]["timelimit"] == [None, None]
    assert len(sent["body"]) < LONGEST_BODY / 64


def test_only_tasks_of_ours_can_be_asked_for() -> None:
    """Celery's own call any task with any arguments, whoever asks."""
    celery.loader.import_default_modules()
    names = {name for name in celery.tasks if not name.startswith("tests.")}  # other tests make some in this process
    assert clear_sessions.name in names
    assert {name for name in names if not name.startswith("carloan.")} == set()
    assert set(celery.conf.beat_schedule) == set(settings.CELERY_BEAT_SCHEDULE)
    assert not {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} - names


OLD = 1
# What somebody put in the place of Kombu's own keys, or among what they hold.
PUT: dict[str, Callable[[redis.Redis], object]] = {
    "a word among the messages at work": lambda broker: _at_work(broker, "junk", b"junk"),
    "a list that is none of three": lambda broker: _at_work(broker, "two", b"[1, 2]"),
    "three that are none": lambda broker: _at_work(broker, "three", b"[1, 2, 3]"),
    "too deep": lambda broker: _at_work(broker, "deep", b"[" * 100_000),
    "no UTF-8": lambda broker: _at_work(broker, b"\xff\xfe", b"\xff\xfe"),
    "a message for no lane": lambda broker: _at_work(broker, "lane", json.dumps([envelope(), "", None]).encode()),
    "a message by a table": lambda broker: _at_work(broker, "table", json.dumps([envelope(), "x", LANE]).encode()),
    "a message for a key of another type": lambda broker: _at_work(
        broker, "key", json.dumps([envelope(), "", "unacked_index"]).encode()
    ),
    "a word at work that was never begun": lambda broker: broker.hset("unacked", "junk", "junk"),
    "a tag of which nothing is known": lambda broker: broker.zadd("unacked_index", {"nothing": OLD}),
    "more than a thousand of them": lambda broker: broker.zadd(
        "unacked_index", {f"nothing-{n}": OLD for n in range(1_200)}
    ),
    "a word as messages at work": lambda broker: _instead(broker, "unacked", "set"),
    "a list as messages at work": lambda broker: _instead(broker, "unacked", "rpush"),
    "a word as their times": lambda broker: _instead(broker, "unacked_index", "set"),
    "a list as their times": lambda broker: _instead(broker, "unacked_index", "rpush"),
    "a lock that nobody frees": lambda broker: _instead(broker, "unacked_mutex", "set"),
    "a lock that is none": lambda broker: _instead(broker, "unacked_mutex", "rpush"),
    "a lane that is a word": lambda broker: _instead(broker, LANE, "set"),
    "a lane that is a set": lambda broker: _instead(broker, LANE, "sadd"),
    "a second lane that is a word": lambda broker: _instead(broker, f"{LANE}\x06\x163", "set"),
    "a table that is a word": lambda broker: _instead(broker, f"_kombu.binding.{LANE}", "set"),
    "a table of junk": lambda broker: (
        broker.delete(f"_kombu.binding.{LANE}"),
        broker.sadd(f"_kombu.binding.{LANE}", "junk", b"\xff\xfe"),
    ),
    "a table for ever that is a word": lambda broker: _instead(broker, f"_kombu.binding_permanent.{LANE}", "set"),
    "orders to all workers": lambda broker: broker.publish("/0.celery.pidbox", json.dumps(envelope())),
    "an order to end": lambda broker: broker.publish("/0.celery.pidbox", _order("shutdown")),
    "answers nobody asked for": lambda broker: _instead(broker, "reply.celery.pidbox", "set"),
    "a table of answers that is a word": lambda broker: _instead(broker, "_kombu.binding.reply.celery.pidbox", "set"),
}


def _at_work(broker: redis.Redis, tag: str | bytes, entry: bytes) -> None:
    broker.hset("unacked", tag, entry)
    broker.zadd("unacked_index", {tag: OLD})  # type: ignore[type-var]


def _instead(broker: redis.Redis, key: str, write: str) -> None:
    broker.delete(key)
    getattr(broker, write)(key, "junk")


def _order(method: str) -> str:
    """A word to all workers, as `celery control` writes it."""
    body = base64.b64encode(json.dumps({"method": method, "arguments": {}, "destination": None}).encode()).decode()
    sent = envelope()
    info = {"exchange": "celery.pidbox", "routing_key": ""}
    return json.dumps(
        {**sent, "body": body, "headers": {}, "properties": {**sent["properties"], "delivery_info": info}}
    )


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    with redis.Redis.from_url(settings.REDIS_URL) as connection:
        try:
            yield connection
        finally:
            for key in connection.scan_iter(f"*{LANE}*"):
                connection.delete(key)
            connection.delete("unacked", "unacked_index", "unacked_mutex", "reply.celery.pidbox")
            connection.delete("_kombu.binding.reply.celery.pidbox")


def test_a_worker_outlives_whatever_is_put_in_the_place_of_its_keys(
    worker: tuple["subprocess.Popen[bytes]", Path], broker: redis.Redis
) -> None:
    process, log = worker
    for what, put in PUT.items():
        put(broker)
        # What the site's own processes send goes this way; what a killed worker had in hand comes back.
        sound, lost = name_of_a_task(), envelope()
        clear_sessions.apply_async(task_id=sound, queue=LANE)
        over = partial(_over, process, log, sound)
        assert wait_until(over, seconds=30), (what, log.read_text()[-3000:])
        _at_work(broker, lost["properties"]["delivery_tag"], json.dumps([lost, "", LANE]).encode())
        over = partial(_over, process, log, lost["headers"]["id"])
        assert wait_until(over, seconds=30), (what, log.read_text()[-3000:])
        assert process.poll() is None, (what, log.read_text()[-3000:])
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize(
    "junk_before",
    [
        ("a word among the messages at work", "a lock that is none", "a table that is a word", "a lane that is a word"),
        ("a list as messages at work", "a word as their times", "answers nobody asked for"),
    ],
)
def test_a_worker_begins_in_spite_of_junk_in_the_place_of_its_keys(
    django_db_setup: None, tmp_path: Path, junk_before: tuple[str, ...]
) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        for what in junk_before:
            PUT[what](broker)
        with running_worker(tmp_path / "log") as (process, log):
            sound = name_of_a_task()
            clear_sessions.apply_async(task_id=sound, queue=LANE)
            assert wait_until(partial(_over, process, log, sound), seconds=30), log.read_text()[-3000:]
            assert process.poll() is None, log.read_text()[-3000:]
