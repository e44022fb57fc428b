"""Papers and import files in an S3 store: a real server of that protocol as a process of its own, alive and dead."""

import hashlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from carloan import env, health
from carloan.archives.models import Paper, PaperPage
from carloan.archives.services import sweeping
from carloan.archives.services.keeping import bytes_of
from carloan.core import jobs, store_mark, vault
from carloan.core.bucket import SealedBucket
from carloan.core.errors import Unavailable
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent, Job
from carloan.core.store import NAME
from carloan.loans.models import ImportBatch
from carloan.loans.services import import_steps, imports
from carloan.supervisor.home import ROOT
from carloan.supervisor.process import end, spawn, wait_until
from tests.archives.conftest import original_of
from tests.archives.test_receiving import picture
from tests.cast import Lender
from tests.e2e.site import free_port
from tests.loans.book import core_file
from tests.operations.test_proxy import _listens

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
# What docs/operate.md names, as somebody sets it.
GIVEN = {
    "CARLOAN_S3_BUCKET": "papers",
    "CARLOAN_S3_REGION": "cn-north-1",
    "CARLOAN_S3_ADDRESSING": "path",
    "CARLOAN_S3_ACCESS_KEY": "access",
    "CARLOAN_S3_SECRET_KEY": "secret",
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Any]:
    """An empty store as (process, environment that names it)."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    with open(tmp_path / "log", "wb") as log:
        process = spawn(command, env=environment, cwd=tmp_path, log=log, on_parent_death=signal.SIGTERM)
    try:
        assert wait_until(lambda: _listens(port) or process.poll() is not None, seconds=60)
        assert process.poll() is None, (tmp_path / "log").read_text()
        yield process, {**GIVEN, "CARLOAN_S3_ENDPOINT": f"http://127.0.0.1:{port}"}
    finally:
        end(process, signal.SIGTERM, patience=10)


def make_bucket(given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "make_bucket"]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **given}, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def store(server: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    """The process of the store in which papers lie during this test."""
    process, given = server
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.STORAGES = {**settings.STORAGES, "papers": env.papers_bucket()}
    papers = storages["papers"]
    assert isinstance(papers, SealedBucket)
    assert papers.make()
    store_mark.write_mark()
    return process


def kill(store: Any) -> None:
    store.kill()
    store.wait()


def send(lender: Lender, data: bytes) -> Any:
    form = {"file": SimpleUploadedFile("a.png", data)}
    return Client().post("/api/v1/papers/", form, headers={"Authorization": lender.key("officer")})


def names() -> set[str]:
    papers: Any = storages["papers"]
    found = papers.connection.meta.client.list_objects_v2(Bucket=papers.bucket_name)
    return {entry["Key"] for entry in found.get("Contents", ())} - {NAME}


def test_the_bucket_is_made_once_by_the_command_of_the_set_up(server: Any) -> None:
    _process, given = server
    first, again = make_bucket(given), make_bucket(given)
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert "made" in first.stdout
    assert "is there" in again.stdout
    nowhere = make_bucket(given | {"CARLOAN_S3_ENDPOINT": f"http://127.0.0.1:{free_port()}"})
    assert nowhere.returncode == 1
    assert "the store refuses the bucket papers" in nowhere.stderr
    assert "Traceback" not in nowhere.stderr


@pytest.mark.parametrize("size", [0, vault.CHUNK + 1, 20_000_000])
def test_what_is_put_comes_back_in_parts_and_whole_and_is_noise_in_the_store(
    store: Any, bank: Lender, size: int
) -> None:
    """Twenty megabytes go in several parts."""
    clear = os.urandom(size)
    place: dict[str, Any] = {"paper_key": os.urandom(32), "paper_id": uuid7()}
    with bank.open():
        sealed = vault.put(io.BytesIO(clear), **place)
        assert (sealed.size, sealed.sha256) == (size, hashlib.sha256(clear).hexdigest())
        assert b"".join(vault.read(sealed.name, **place)) == clear
        with vault.open_paper(sealed.name, **place) as reader:
            reader.seek(size // 2)
            assert reader.read(100) == clear[size // 2 :][:100]
        with storages["papers"].open(sealed.name) as file:
            assert size < 32 or clear[:32] not in file.read()
        assert vault.exists(sealed.name)
        vault.remove(sealed.name)
        assert not vault.exists(sealed.name)
        with pytest.raises(vault.FileLost):
            next(vault.read(sealed.name, **place))


def test_what_is_there_is_not_replaced(store: Any, bank: Lender) -> None:
    place: dict[str, Any] = {"paper_key": os.urandom(32), "paper_id": uuid7()}
    with bank.open():
        sealed = vault.put(io.BytesIO(b"first"), **place)
        with pytest.raises(FileExistsError):
            vault.put(io.BytesIO(b"second"), **place)
        assert b"".join(vault.read(sealed.name, **place)) == b"first"
    assert names() == {sealed.name}


def test_a_paper_is_sent_shown_and_downloaded(store: Any, bank: Lender, client_of: Any) -> None:
    data = picture("in the store")
    answer = send(bank, data)
    assert answer.status_code == 201, answer.content
    with bank.open():
        paper = Paper.objects.get(id=answer.json()["id"])
        assert paper.stored in names()
        assert bytes_of(paper) == data
        PaperPage.objects.create(paper=paper, number=1, width=90, height=60, audit_event_id=paper.audit_event_id)
    for _look in range(2):  # drawn and kept, then out of the store
        page = client_of(bank, "officer").get(f"/archives/papers/{paper.id}/pages/1/")
        assert (page.status_code, page["Content-Type"]) == (200, "image/jpeg")
    assert {name.rpartition(".")[2] for name in names()} == {"original", "page-1"}
    original = original_of(client_of(bank, "admin").confirmed(), paper)
    assert b"".join(original) == data


def test_a_file_whose_upload_never_ended_is_swept_out_of_the_store(store: Any, bank: Lender) -> None:
    with bank.open():
        kept = Paper.objects.get(id=send(bank, picture("kept")).json()["id"])
        orphan = vault.put(io.BytesIO(b"x"), paper_key=os.urandom(32), paper_id=uuid7())
        for name in (orphan.name, kept.stored):
            folder = name.split("/")[1]
            sweeping.orphans_remove(folder=folder)
            assert names() >= {orphan.name, kept.stored}, "a young file may belong to an upload that still runs"
        for name in (orphan.name, kept.stored):
            sweeping.orphans_remove(folder=name.split("/")[1], age=timedelta(seconds=-5))
        assert names() == {kept.stored}


def test_an_import_is_sealed_checked_and_destroyed_in_the_store(store: Any, bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        batch = imports.import_upload(actor=actor, file=io.BytesIO(core_file(3)), name="台账.csv")
        assert batch.stored_as in names()
        job = imports.import_run_start(actor=actor, batch=batch)
        import_steps.import_work(job_id=job.id)
        batch.refresh_from_db()
        assert (batch.state, batch.created) == ("done", 3)
        ago = timezone.now() - timedelta(days=365)
        Job.objects.filter(id=job.id).update(finished_at=ago)
        assert imports.import_files_destroy(actor=bank.system) == 1
    assert names() == set()


def test_a_dead_store_is_said_in_a_sentence_and_nothing_is_half_done(store: Any, bank: Lender, client_of: Any) -> None:
    with bank.open():
        paper = Paper.objects.get(id=send(bank, picture("before")).json()["id"])
        batch = imports.import_upload(actor=bank.actor("admin"), file=io.BytesIO(core_file(3)), name="台账.csv")
        job = imports.import_run_start(actor=bank.actor("admin"), batch=batch)
    kill(store)
    sent = send(bank, picture("after"))
    assert sent.status_code == 503
    error = sent.json()["error"]
    assert error["code"] == "unavailable"
    assert error["message"] == "部分服务暂时无响应，数据未丢失，请一分钟后重试。"
    table = SimpleUploadedFile("台账.csv", core_file(2))
    told = client_of(bank, "admin").post("/loans/imports/new/", {"file": table}, headers={"Accept-Language": "en"})
    assert told.status_code == 503
    assert "does not answer right now" in told.content.decode()
    assert original_of(client_of(bank, "admin").confirmed(), paper).status_code == 503
    with bank.open():
        assert list(Paper.objects.all()) == [paper]
        assert list(ImportBatch.objects.all()) == [batch]
        assert AuditEvent.objects.filter(action="archives.paper.received").count() == 1
        # The job is not failed by it, however often: the sweep sends it again until the store is back.
        for _turn in range(jobs.MOST_ATTEMPTS + 1):
            import_steps.import_work(job_id=job.id)
        assert Job.objects.get(id=job.id).state == Job.State.WAITING
    with pytest.raises(Unavailable):
        health._write_and_read()


def test_the_bucket_bears_the_mark_of_its_installation(
    store: Any, bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_mark, "_lenders", lambda: [bank.tenant.id])
    assert send(bank, picture("of this bucket")).status_code == 201
    storages["papers"].delete(NAME)
    with pytest.raises(health.NotOursError):
        health._write_and_read()
    refused = send(bank, picture("of another bucket"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "store_away")
    assert store_mark.store_mark() is store_mark.Standing.PROVEN
    health._write_and_read()
    assert send(bank, picture("of another bucket")).status_code == 201
