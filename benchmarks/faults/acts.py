"""What happens to papers, each act in a process of its own that may be killed at any step: web, worker, desk, sweep.

The processes are forked from one that has everything loaded and no connection open (`warm.py`).
"""

import errno
import logging
import os
import pickle
import resource
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from benchmarks.faults.steps import Step, Steps
from benchmarks.faults.world import World, store_of
from carloan import env
from carloan.archives.models import Paper, SearchSegment
from carloan.archives.recognition import sandbox
from carloan.archives.recognition.recognise import Recognition
from carloan.archives.services import filing, indexing, reading, sweeping
from carloan.archives.services.finding import search_tidy
from carloan.archives.services.receiving import paper_receive
from carloan.archives.tasks import recognise_paper
from carloan.celery import app
from carloan.core.access import actor_of_person
from carloan.core.actors import Actor
from carloan.core.keys import forget_keys
from carloan.core.models import User
from carloan.core.services.key_care import orphans_destroy
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.loans.models import Loan

AT_ONCE: Final = timedelta(0)
PAST: Final = timedelta(days=2)
MOST_SECONDS: Final = 5
REASON: Final = "核对无误"


@dataclass(frozen=True)
class Place:
    """Where the processes work: the databases by role, the lane of this run, and what is known of the files.

    `known` holds readings of the files by their SHA-256, pickled: the engine read them once, in no process that is
    killed.
    """

    urls: Mapping[str, Mapping[str, str]]
    lane: str
    known: Path


@dataclass(frozen=True)
class Fault:
    """What happens before a step: "kill" ends the process, a server's name stops that server.

    "disk" lets a step with a file find no room.
    """

    what: str
    step: Step

    def __str__(self) -> str:
        return f"{self.what} at {self.step}"


@dataclass(frozen=True)
class Wish:
    """What a process asks of the one that started it: stop this server, now."""

    server: str


def perform(names: Sequence[str], world: World, place: Place, fault: Fault | None, link: Connection) -> None:
    """Do acts one after the other; tell each answer as soon as somebody hears it, and the steps at the end.

    What an act runs into after a fault is what it runs into in production: it is told by its name, and nothing more.
    """
    # What goes wrong here is meant to; an act that fails without a fault ends its process with a trace.
    logging.disable(logging.CRITICAL)
    settings.ALLOWED_HOSTS = ["localhost"]
    recognise_paper.lane = place.lane
    reader: Any = reading
    reader.recognise = _Known(pickle.loads(place.known.read_bytes()))  # noqa: S301 - our own file of this run
    if sandbox.PAPERS.nursery is not None:
        # Forked processes work one after the other: they share the nursery that was loaded before.
        sandbox.PAPERS.nursery.owner = os.getpid()
    steps = Steps(fault.step if fault else None, lambda: _strike(fault, link))
    steps.watch()
    for name in names:
        role, act = ACTS[name]
        _log_in(role, place)
        steps.begin(name)
        try:
            act(world, link.send)
        except Exception as error:
            if fault is None:
                raise
            link.send(type(error).__name__)
        steps("end")
    link.send(steps.taken)


def _strike(fault: Fault | None, link: Connection) -> None:
    match fault:
        case Fault("kill"):
            os.kill(os.getpid(), signal.SIGKILL)
        case Fault("disk", step):
            _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            # No file of this process grows any more: a write fails by itself as it does on a full disk.
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
            if step.name != "file: write":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        case Fault(server):
            link.send(Wish(server))
            link.recv()


def _log_in(role: str, place: Place) -> None:
    """Become the role that does this in production, as a process that knows nothing yet."""
    connections.close_all()
    forget_keys()
    for alias, variable in (("default", "DATABASE_URL"), ("keystore", "KEYSTORE_URL")):
        os.environ[variable] = place.urls[role][variable]
        connections.settings[alias].update(env.database(variable))


class _Known:
    """Stands for the engine: answers a file with what the engine made of it."""

    def __init__(self, readings: dict[bytes, Recognition]) -> None:
        self._readings = readings

    def __call__(self, data: bytes, kind: str, **_: Any) -> Recognition:
        return self._readings[sha256(data).digest()]


@dataclass(frozen=True)
class Answer:
    """What somebody who sent a file was answered."""

    status: int
    body: dict[str, Any]


Say = Callable[[Any], None]


def sign_in(world: World, say: Say) -> None:
    client = Client()
    user = User.objects.get(pk=world.users["officer"])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    say(client.cookies[settings.SESSION_COOKIE_NAME].value)


def send_by_page(world: World, say: Say) -> None:
    """A person drops a card on the intake desk."""
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = world.session
    _post(client, f"/t/{world.slug}/archives/upload/", world.files["own"], {}, say)


def send_by_key(world: World, say: Say) -> None:
    """Another system sends a stranger's card for the second loan."""
    headers = {"Authorization": f"Bearer {world.token}"}
    client = Client(raise_request_exception=False, SERVER_NAME="localhost", headers=headers)
    _post(client, "/api/v1/papers/", world.files["strange"], {"loan": world.contracts[1]}, say)


def _post(client: Client, path: str, data: bytes, more: dict[str, str], say: Say) -> None:
    file = SimpleUploadedFile("card.png", data, content_type="image/png")
    answer = client.post(path, {"file": file, **more}, headers={"Accept": "application/json"})
    say(Answer(answer.status_code, answer.json()))


def work(world: World, say: Say) -> None:
    """A worker takes every message of the lane, one after the other, and acknowledges each behind its task."""
    with app.connection_for_read(transport_options={"visibility_timeout": 0}) as link:
        channel: Any = link.default_channel
        with link.SimpleQueue(recognise_paper.lane) as queue:
            # The broker's patience with a killed worker's message is over.
            channel.qos.restore_visible(interval=1)
            while True:
                try:
                    message = queue.get_nowait()
                except queue.Empty:
                    return
                arguments, named, _ = message.payload
                task = app.tasks[message.headers["task"]]
                task.apply(arguments, named, task_id=message.headers["id"], headers=message.headers)
                message.ack()


def move(world: World, say: Say) -> None:
    """Somebody sees that the stranger's card lies on the wrong loan and moves it to the desk."""
    with tenant_atomic(world.tenant_id):
        paper = _strange(world)
        if paper.loan_id is not None:
            filing.paper_refile(actor=_archivist(world), paper=paper, revision=paper.revision, loan=None, reason=REASON)


def file(world: World, say: Say) -> None:
    """And files it in the first loan."""
    with tenant_atomic(world.tenant_id):
        paper = _strange(world)
        if paper.state != Paper.State.FILED:
            loan = Loan.objects.get(contract_no=world.contracts[0])
            filing.paper_file(
                actor=_archivist(world), paper=paper, revision=paper.revision, loan=loan, reason=REASON
            )  # fmt: skip


def _strange(world: World) -> Paper:
    return Paper.objects.get(sha256=sha256(world.files["strange"]).hexdigest())


def _archivist(world: World) -> Actor:
    actor = actor_of_person(User.objects.get(pk=world.users["archivist"]), tenant_id=world.tenant_id)
    assert actor is not None
    return actor


class _Gone(Exception):
    """The database went away before a commit."""


def lose(world: World, say: Say) -> None:
    """An upload that never commits: it leaves a file and a key that nothing names, for the sweeps behind it."""
    with suppress(_Gone), tenant_atomic(world.tenant_id):
        paper_receive(actor=Actor.system(world.tenant_id, "bench"), data=world.files["lost"], name="lost.png")
        raise _Gone


def wait_out(world: World, say: Say) -> None:
    """As if the time had passed after which the sweeps take things up."""
    past = timezone.now() - PAST
    with tenant_atomic(world.tenant_id):
        Paper.objects.filter(state=Paper.State.RECEIVED).update(received_at=past)
        Paper.objects.filter(state=Paper.State.RECOGNISING).update(lease_until=past)
        SearchSegment.objects.exclude(retired_at=None).update(retired_at=past)


def read_on(world: World, say: Say) -> None:
    """Sweep and work until every paper has been read; what a killed process had locked is free a moment later."""
    deadline = time.monotonic() + MOST_SECONDS
    while True:
        wait_out(world, say)
        sweep(world, say)
        work(world, say)
        with tenant_atomic(world.tenant_id):
            if not Paper.objects.filter(state__in=[Paper.State.RECEIVED, Paper.State.RECOGNISING]).exists():
                return
        if time.monotonic() > deadline:
            return


def sweep(world: World, say: Say) -> None:
    """The sweep of papers, as if every folder of the store came round at once and nothing were too young."""
    with tenant_scope(world.tenant_id):
        sweeping.papers_resend()
        with tenant_atomic():
            stored = set(Paper.objects.values_list("stored", flat=True))
        # Where there is something to do comes first, so that a step has the same number in every world.
        files = [path.relative_to(settings.PAPERS) for path in store_of(world.tenant_id)]
        for folder in dict.fromkeys(path.parts[1] for path in sorted(files, key=lambda path: str(path) in stored)):
            sweeping.orphans_remove(folder=folder, age=AT_ONCE)


def keys(world: World, say: Say) -> None:
    """The nightly look for keys that nothing owns, as if none were too young."""
    with tenant_scope(world.tenant_id):
        orphans_destroy(age=AT_ONCE)


def tidy(world: World, say: Say) -> None:
    """The sweep's turn at the text index: small segments become one, here as soon as there are two."""
    index: Any = indexing
    index.postings.merge_choice = partial(index.postings.merge_choice, width=2)
    with tenant_scope(world.tenant_id), timezone.override(settings.TIME_ZONE):
        search_tidy()


# Who does it in production, and what is done.
ACTS: Final[Mapping[str, tuple[str, Callable[[World, Say], None]]]] = {
    "sign_in": ("app", sign_in),
    "send_by_page": ("app", send_by_page),
    "send_by_key": ("app", send_by_key),
    "work": ("worker", work),
    "move": ("app", move),
    "file": ("app", file),
    "lose": ("app", lose),
    "wait_out": ("worker", wait_out),
    "read_on": ("worker", read_on),
    "sweep": ("worker", sweep),
    "keys": ("worker", keys),
    "tidy": ("worker", tidy),
}
