"""What breaks while papers come in and are read: nothing is lost, nothing doubled, nothing left behind."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.files.storage import storages
from django.db import connections
from django.utils import timezone

from carloan.archives.models import Paper, PaperField, PaperPage
from carloan.archives.recognition.refusals import Refused
from carloan.archives.services import holding, reading, sweeping
from carloan.archives.services.keeping import bytes_of
from carloan.archives.services.reading import paper_recognise
from carloan.archives.services.receiving import Received, paper_receive
from carloan.archives.tasks import recognise_paper, resend_abandoned_papers
from carloan.core import vault
from carloan.core.broker_link import open_broker
from carloan.core.errors import Unavailable
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_scope
from carloan.supervisor.process import wait_until
from tests.archives.conftest import loan_for
from tests.archives.test_receiving import picture
from tests.cast import Lender

ROOT = Path(__file__).resolve().parents[2]


def accept(lender: Lender, data: bytes, loan: Any = None) -> Received:
    with lender.open():
        return paper_receive(actor=lender.actor("officer"), data=data, name="a.png", loan=loan)


def files_of(lender: Lender) -> set[str]:
    root = Path(settings.PAPERS) / str(lender.tenant.id)
    return (
        {path.relative_to(settings.PAPERS).as_posix() for path in root.rglob("*") if path.is_file()}
        if root.exists()
        else set()
    )


def papers_of(lender: Lender) -> list[Paper]:
    with lender.open():
        return list(Paper.objects.order_by("id"))


def worker(lender: Lender, paper: Paper) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.archives.one_worker", str(lender.tenant.id), str(paper.id)], cwd=ROOT
    )


def wait_for_a_sign(lender: Lender, paper: Paper, process: Any) -> None:
    """Until the worker has renewed its lease, which it does as long as it lives and reads."""
    deadline, first = time.monotonic() + 60, None
    while time.monotonic() < deadline:
        with lender.open():
            lease, state = Paper.objects.values_list("lease_until", "state").get(id=paper.id)
        assert first is None or state == Paper.State.RECOGNISING, "it was read before it was killed"
        first = first or lease
        if lease != first:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
            raise AssertionError("the worker ended before it was killed")
    raise AssertionError("no lease was renewed")


@contextlib.contextmanager
def small_disk(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size`: the write fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.ocr
def test_a_worker_killed_while_it_reads_loses_and_doubles_nothing(committed: Lender, shared_data: Path) -> None:
    paper = accept(committed, (shared_data / "formats/multi-page-images.pdf").read_bytes()).paper
    process = worker(committed, paper)
    wait_for_a_sign(committed, paper, process)
    with tenant_scope(committed.tenant.id):
        paper_recognise(paper_id=paper.id)
    assert papers_of(committed)[0].attempts == 1, "somebody reads it"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    killed = time.monotonic()
    with committed.open():
        assert not PaperPage.objects.filter(paper=paper).exists()
    sent: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recognise_paper, "send", lambda **arguments: sent.append(arguments))
        again = {"tenant_id": committed.tenant.id, "paper_id": str(paper.id)}
        assert wait_until(lambda: resend_abandoned_papers() or again in sent, seconds=20, pause=0.1)
        assert time.monotonic() - killed < holding.LEASE.total_seconds() + 2
        resend_abandoned_papers()
        assert sent.count(again) == 1
    with tenant_scope(committed.tenant.id):
        paper_recognise(paper_id=paper.id)
    with committed.open():
        done = Paper.objects.get(id=paper.id)
        assert (done.state, done.attempts, done.pages) == ("review", 2, 3)
        assert PaperPage.objects.filter(paper=paper).count() == 3
        assert PaperField.objects.filter(paper=paper).count() == 0
        assert AuditEvent.objects.filter(action="archives.paper.recognised", object_id=paper.id).count() == 1


def test_a_paper_that_is_read_for_long_stays_with_its_worker_up_to_the_limit_of_a_paper(
    committed: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a lease lasts, then longer than a paper may take: only then somebody else may have it."""
    paper = accept(committed, picture("long")).paper
    monkeypatch.setattr(holding, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(reading, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(holding, "PAUSE", 0.2)
    monkeypatch.setattr(holding, "LIMITS", Bounded())
    seen: list[bool] = []

    def slowly(*_: Any, **__: Any) -> Any:
        for seconds in (2.0, 2.5):
            time.sleep(seconds)
            with committed.open():
                seen.append(Paper.objects.filter(id=paper.id, lease_until__lt=timezone.now()).exists())
        raise Refused("damaged")

    monkeypatch.setattr(reading, "recognise", slowly)
    with tenant_scope(committed.tenant.id):
        paper_recognise(paper_id=paper.id)
    assert seen == [False, True]
    assert (committed.tenant.id, paper.id) not in holding.abandoned(), "who came to an end is not dead"


def test_junk_among_the_held_papers_is_thrown_away() -> None:
    tenant_id, paper_id = uuid7(), uuid7()
    with open_broker() as broker:
        broker.zadd(holding.HELD, {"junk": 1, b"\xff\xfe": 1, f"{tenant_id} {paper_id}": 1, f"{tenant_id}": 1})
        assert holding.abandoned() == [(tenant_id, paper_id)]
        assert broker.zcard(holding.HELD) == 0
        broker.set(holding.HELD, "junk")
        assert holding.abandoned() == []
        assert not broker.exists(holding.HELD)


class Bounded:
    worker_seconds = 2.5


def test_papers_are_read_also_while_the_broker_that_knows_the_leases_is_away(
    committed: Lender, monkeypatch: pytest.MonkeyPatch, fast_recognition: None
) -> None:
    paper = accept(committed, picture("no broker")).paper

    def away() -> Any:
        raise redis.ConnectionError

    def damaged(*_: Any, **__: Any) -> Any:
        raise Refused("damaged")

    monkeypatch.setattr(holding, "open_broker", away)
    monkeypatch.setattr(reading, "recognise", damaged)
    with tenant_scope(committed.tenant.id):
        paper_recognise(paper_id=paper.id)
    assert papers_of(committed)[0].state == "refused"


@pytest.mark.parametrize("listing", [True, False], ids=["of papers", "of the list of destroyed keys too"])
def test_a_full_disk_is_told_and_leaves_nothing(committed: Lender, listing: bool, tmp_path: Path) -> None:
    big = picture("big") + os.urandom(300_000)
    before = files_of(committed)
    with pytest.MonkeyPatch.context() as patch:
        put = vault.put

        def put_on_small_disk(*args: Any, **kwargs: Any) -> vault.Sealed:
            with small_disk(100_000):
                return put(*args, **kwargs)

        patch.setattr(vault, "put", put_on_small_disk)
        if not listing:
            patch.setattr(settings, "DESTROYED", tmp_path / "nowhere")
        with pytest.raises(Unavailable) as told:
            accept(committed, big)
        assert told.value.code == Unavailable.code, "what is told is about the paper, not about a key nobody asked for"
    assert files_of(committed) == before
    assert papers_of(committed) == []
    assert accept(committed, big).created


def test_a_database_that_goes_before_the_commit_leaves_a_file_that_the_sweep_finds(committed: Lender) -> None:
    kept = accept(committed, picture("kept")).paper
    with pytest.raises(ConnectionError), committed.open():
        paper_receive(actor=committed.actor("officer"), data=picture("lost"), name="lost.png")
        raise ConnectionError("the connection died between fsync and commit")
    (orphan,) = files_of(committed) - {kept.stored}
    folder = orphan.split("/")[1]
    with tenant_scope(committed.tenant.id):
        assert sweeping.orphans_remove(folder=folder) == 0, "a young file may belong to an upload that still runs"
        past = time.time() - 2 * sweeping.ORPHAN_AGE.total_seconds()
        for name in (orphan, kept.stored):
            os.utime(Path(settings.PAPERS) / name, (past, past))
        assert sweeping.orphans_remove(folder=folder) == 1
        sweeping.orphans_remove(folder=kept.stored.split("/")[1])
    assert files_of(committed) == {kept.stored}
    with committed.open():
        assert bytes_of(Paper.objects.get(id=kept.id)) == picture("kept")
        event = AuditEvent.objects.get(action="archives.orphans.removed")
        assert b'"digest":"' in bytes(event.canon)


def test_two_uploads_of_the_same_file_at_once_are_one_paper(committed: Lender) -> None:
    with committed.open():
        loan = loan_for(committed, people=[], vehicle=None)
    data, barrier, answers = picture("race"), threading.Barrier(4), []

    def upload() -> None:
        barrier.wait()
        answers.append(accept(committed, data, loan))
        connections.close_all()

    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.paper.id for answer in answers}) == 1
    assert sorted(answer.created for answer in answers) == [False, False, False, True]
    assert len(papers_of(committed)) == 1
    assert len(files_of(committed)) == 1


def test_a_paper_whose_message_was_lost_is_sent_again(committed: Lender) -> None:
    paper = accept(committed, picture("message")).paper
    sent = []
    with pytest.MonkeyPatch.context() as patch, tenant_scope(committed.tenant.id):
        patch.setattr(recognise_paper, "send", lambda **arguments: sent.append(arguments["paper_id"]))
        assert sweeping.papers_resend() == 0
        with committed.open():
            Paper.objects.filter(id=paper.id).update(received_at=timezone.now() - 2 * sweeping.WAIT)
        assert sweeping.papers_resend() == 1
    assert sent == [str(paper.id)]


def test_a_long_lane_is_not_made_longer_by_what_waits_in_it(committed: Lender) -> None:
    """Or ten thousand papers at once would be sent again every half minute until the last of them is read."""
    waiting, stuck = (accept(committed, picture(name)).paper for name in ("waiting", "stuck"))
    past = timezone.now() - 2 * sweeping.WAIT
    with committed.open():
        Paper.objects.filter(id=waiting.id).update(received_at=past)
        Paper.objects.filter(id=stuck.id).update(state="recognising", lease_until=past)
    sent: list[str] = []
    with (
        pytest.MonkeyPatch.context() as patch,
        tenant_scope(committed.tenant.id),
        redis.Redis.from_url(settings.REDIS_URL) as broker,
    ):
        patch.setattr(recognise_paper, "lane", lane := f"lane-{committed.tenant.id}")
        patch.setattr(recognise_paper, "send", lambda **arguments: sent.append(arguments["paper_id"]))
        broker.rpush(lane, *range(sweeping.BATCH))
        assert sweeping.papers_resend() == 1
        assert sent == [str(stuck.id)]
        broker.lpop(lane)
        assert sweeping.papers_resend() == 2
        broker.delete(lane)


def test_a_container_that_was_changed_is_never_shown(committed: Lender) -> None:
    from carloan.core.keys import Tampered

    paper = accept(committed, picture("tampered")).paper
    path = Path(storages["papers"].path(paper.stored))
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    with committed.open(), pytest.raises(Tampered):
        bytes_of(paper)
