"""Mixed papers dropped at once on a real site with a real worker, and a paper that never lets its worker go."""

import hashlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from benchmarks.faults import drop, mixed
from benchmarks.faults.acts import Place
from benchmarks.faults.chain import Chain
from benchmarks.faults.hanging import HANG
from benchmarks.faults.world import World, build
from carloan import heartbeat
from carloan.archives.models import Paper
from carloan.archives.services.receiving import paper_receive
from carloan.archives.services.sweeping import papers_resend
from carloan.archives.tasks import recognise_paper
from carloan.archives.words import problem_text
from carloan.core.actors import Actor
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.supervisor.children import Children, Part, web
from carloan.supervisor.home import Home
from carloan.supervisor.process import wait_until
from carloan.supervisor.server import health
from tests.cast import as_platform
from tests.e2e.site import free_port
from tests.plugin import services

pytestmark = pytest.mark.ocr
PAPERS = 16
LIMIT_SECONDS = 2
# Of a busy machine: for the site to come up, for one paper, for the pool to give a killed worker's place away.
START_SECONDS, PAPER_SECONDS = 90, 60


@dataclass
class Site:
    port: int
    new: Callable[[], World]


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Web and one worker for every lane, as the supervisor starts them, on the session's own services."""
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    given, home = services(), Home(folder)
    chain = Chain(_place(folder), {})

    def new() -> World:
        with as_platform():
            return chain.signed_in(build(make=tenant_create))

    with django_db_blocker.unblock(), home.held():
        children = Children([web(port), _worker()], services=given, home=home, port=port)
        try:
            children.start()
            with redis.Redis.from_url(settings.REDIS_URL) as broker:
                there = partial(heartbeat.alive, broker, ["recognise"])
                assert wait_until(lambda: bool(health(port)[0] and there()), seconds=START_SECONDS, pause=0.2)
            yield Site(port, new)
        finally:
            children.stop()


def _place(folder: Path) -> Place:
    known = folder / "readings.pickle"
    known.write_bytes(b"\x80\x04}.")  # nothing
    given = services()
    names = ("DATABASE_URL", "KEYSTORE_URL")
    return Place({role: {name: given.environment(role)[name] for name in names} for role in ("app",)}, "unused", known)


def _worker() -> Part:
    command = ("-m", "celery", "-A", "benchmarks.faults.hanging", "worker", "-Q", "interactive,recognise,deliver,sweep")
    options = ("--concurrency", "1", "--without-gossip", "--without-mingle", "--without-heartbeat")
    return Part("worker", "worker", (*command, *options), signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL)


def test_mixed_papers_dropped_at_once_are_filed_or_wait_none_wrong_none_lost(site: Site) -> None:
    world, files = site.new(), mixed.mixed(PAPERS, cheap=True)
    answers = drop.drop_all(site.port, world, files)
    assert drop.wait_for_all(world, seconds=PAPERS * PAPER_SECONDS)
    report = drop.judged(world, files, answers)
    assert not report.damage, str(report.damage)
    assert report.sure_wrong_at_desk == []
    assert report.states["filed"] >= 2
    assert report.states["review"] >= 2
    assert report.states["refused at the door"] >= 1
    assert report.values_filed >= 10


def test_a_judge_sees_what_is_wrong_with_papers(site: Site) -> None:
    """The one above says nothing unless a wrong value, a wrong loan and a lost paper are noticed."""
    world, (blank, other) = site.new(), mixed.blank(2)
    answers = drop.drop_all(site.port, world, [blank, other])
    assert drop.wait_for_all(world, seconds=2 * PAPER_SECONDS)
    assert not drop.judged(world, [blank, other], answers).damage
    with tenant_atomic(world.tenant_id):
        paper = Paper.objects.get(sha256=hashlib.sha256(blank.data).hexdigest())
        Paper.objects.filter(id=paper.id).update(state=Paper.State.RECEIVED)
    damage = drop.judged(world, [blank, other], [answers[0], drop.Answer(500)]).damage
    assert len(damage.lost) == 2
    assert len(damage.doubled) == 1


def test_a_paper_that_never_lets_its_worker_go_holds_it_no_longer_than_its_limit(site: Site) -> None:
    world = site.new()
    with _limited():
        hanging = _received(world, mixed.blank(1)[0].data + HANG)
    for number in range(3):
        behind = _received(world, mixed.blank(1)[0].data + os.urandom(4))
        started = time.monotonic()
        _ended(world, behind)
        assert time.monotonic() - started < PAPER_SECONDS
        with tenant_atomic(world.tenant_id):
            paper = Paper.objects.get(id=hanging)
            assert (paper.state, paper.attempts) == ("recognising", number + 1)
            Paper.objects.filter(id=hanging).update(lease_until=timezone.now() - timedelta(seconds=1))
        with tenant_scope(world.tenant_id), _limited():
            assert papers_resend() == 1
    _ended(world, hanging)
    with tenant_atomic(world.tenant_id):
        paper = Paper.objects.get(id=hanging)
        assert (paper.state, [problem["code"] for problem in paper.problems]) == ("review", ["recognition_failed"])
        assert "%" not in problem_text(paper.problems[0])


@contextmanager
def _limited() -> Iterator[None]:
    """Messages that are sent inside give the worker less time than the task does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recognise_paper, "apply_async", partial(recognise_paper.apply_async, time_limit=LIMIT_SECONDS))
        yield


def _received(world: World, data: bytes) -> Any:
    with tenant_atomic(world.tenant_id):
        return paper_receive(actor=Actor.system(world.tenant_id, "test"), data=data, name="a.png").paper.id


def _ended(world: World, paper_id: Any) -> None:
    def ended() -> bool:
        with tenant_atomic(world.tenant_id):
            return Paper.objects.filter(id=paper_id, state__in=drop.ENDED).exists()

    assert wait_until(ended, seconds=PAPER_SECONDS, pause=0.1)
