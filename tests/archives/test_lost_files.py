"""Files that are missing or damaged in the store, or away with it: told, waited for, and stored again."""

import io
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from carloan.archives.faces import rows_of
from carloan.archives.models import Paper, PaperPage
from carloan.archives.services import sweeping
from carloan.archives.services.filing import paper_correct
from carloan.archives.services.keeping import bytes_of, key_of
from carloan.archives.services.reading import MOST_ATTEMPTS, paper_recognise
from carloan.archives.services.renditions import rendition_kept
from carloan.archives.services.restoring import lost_files_look
from carloan.archives.services.shelf import SHELF
from carloan.core import alarms, vault
from carloan.core.keys import Subject, destroy_key
from carloan.core.models import AuditEvent
from carloan.core.store_mark import write_mark
from carloan.core.tenancy import tenant_scope
from carloan.loans.models import Loan
from carloan.loans.services import import_steps, imports
from tests.archives.conftest import original_of, received, transcribed
from tests.archives.test_receiving import picture
from tests.cast import Lender
from tests.loans.book import core_file

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture(autouse=True)
def store(store_folder: Path, bank: Lender) -> Iterator[Path]:
    write_mark()
    yield store_folder
    for paper_id in alarms.things_of(alarms.FILES_LOST, bank.tenant.id):
        alarms.end_alarm(alarms.FILES_LOST, bank.tenant.id, paper_id)


def lose(store: Path, name: str) -> None:
    (store / name).unlink()


def damage(store: Path, name: str) -> None:
    sealed = bytearray((store / name).read_bytes())
    sealed[-1] ^= 1
    (store / name).write_bytes(sealed)


def away(store: Path) -> None:
    store.rename(store.with_name("moved"))


HARMS: dict[str, Callable[..., None]] = {"file_lost": lose, "file_damaged": damage}


def send(lender: Lender, data: bytes, loan: str = "") -> Any:
    form = {"file": SimpleUploadedFile("a.png", data), **({"loan": loan} if loan else {})}
    return Client().post("/api/v1/papers/", form, headers={"Authorization": lender.key("officer")})


@pytest.mark.parametrize("harm", [lose, damage])
@pytest.mark.parametrize("on_desk", [True, False])
def test_the_same_bytes_again_are_stored_again_where_they_are_gone(
    store: Path, bank: Lender, loan: Loan, harm: Any, on_desk: bool
) -> None:
    number, data = "" if on_desk else loan.contract_no, picture("sent twice")
    first = send(bank, data, number).json()["id"]
    with bank.open():
        before = Paper.objects.get(id=first)
    harm(store, before.stored)
    with bank.open(), pytest.raises(vault.FileLost):
        bytes_of(before)
    again = send(bank, data, number)
    assert (again.status_code, again.json()["id"]) == (200, first)
    with bank.open():
        paper = Paper.objects.get(id=first)
        assert bytes_of(paper) == data
        assert vault.version_of(paper.stored) == 2
        # A container is bound to its version: the one before does not open in the place of the new one.
        assert bytes(paper.wrapped_key) == bytes(before.wrapped_key)
        restored = AuditEvent.objects.get(action="archives.paper.restored", object_id=first)
        assert paper.audit_event_id == restored.id
    assert send(bank, data, number).status_code == 200
    with bank.open():
        assert Paper.objects.get(id=first).stored == paper.stored, "what is whole is left alone"
        assert AuditEvent.objects.filter(action="archives.paper.restored").count() == 1


def test_whoever_may_bring_papers_to_a_desk_brings_back_what_another_brought(store: Path, bank: Lender) -> None:
    for name, gone, status in (("there", False, 201), ("gone", True, 200)):
        data = picture(name)
        with bank.open():
            paper = Paper.objects.get(id=send(bank, data).json()["id"])
            Paper.objects.filter(id=paper.id).update(branch=bank.branches["west"])
        if gone:
            lose(store, paper.stored)
        again = send(bank, data)
        assert again.status_code == status
        assert (again.json()["id"] == str(paper.id)) == gone, "what is not lost may be meant for another desk"
        with bank.open():
            paper.refresh_from_db()
            assert bytes_of(paper) == data


def test_a_restoring_that_was_killed_before_its_commit_is_done_by_the_next(store: Path, bank: Lender) -> None:
    data = picture("killed on the way")
    with bank.open():
        paper = received(bank, data)
        left_over = vault.name_of(paper.id, version=2)
    lose(store, paper.stored)
    (store / left_over).write_bytes(b"half a container of somebody who died")
    with bank.open():
        assert received(bank, data).id == paper.id
        paper.refresh_from_db()
        assert (paper.stored, bytes_of(paper)) == (left_over, data)


def test_whoever_has_the_paper_open_meanwhile_does_not_write_the_lost_file_back(store: Path, bank: Lender) -> None:
    data = picture("open elsewhere")
    with bank.open():
        paper = received(bank, data)
        Paper.objects.filter(id=paper.id).update(state="review", kind="id_card_front")
        open_elsewhere = Paper.objects.get(id=paper.id)
        lose(store, paper.stored)
        received(bank, data)
        paper_correct(
            actor=bank.actor("admin"), paper=open_elsewhere, revision=1, kind="id_card_front", values={"name": "王小明"}
        )
        assert bytes_of(Paper.objects.get(id=paper.id)) == data


def test_a_paper_whose_key_was_destroyed_takes_no_bytes_again(store: Path, bank: Lender, loan: Loan) -> None:
    data = picture("shredded")
    assert send(bank, data, loan.contract_no).status_code == 201
    with bank.open():
        destroy_key(Subject("loan", loan.id))
    told = send(bank, data, loan.contract_no)
    assert (told.status_code, told.json()["error"]["code"]) == (409, "shredded")


@pytest.mark.usefixtures("no_alarms")
@pytest.mark.parametrize("code", ["file_lost", "file_damaged"])
def test_a_look_at_a_file_that_is_gone_says_what_to_do_and_leaves_a_trace(
    store: Path, bank: Lender, client_of: Any, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    with bank.open():
        paper = received(bank, picture("looked at"))
        PaperPage.objects.create(paper=paper, number=1, width=90, height=60, audit_event_id=paper.audit_event_id)
    HARMS[code](store, paper.stored)
    admin = client_of(bank, "admin").confirmed()
    asks: list[Callable[..., Any]] = [
        partial(original_of, admin, paper),
        partial(admin.get, f"/archives/papers/{paper.id}/pages/1/"),
    ]
    for ask in asks:
        caplog.clear()
        page = ask()
        assert page.status_code == 503
        assert "请重新上传" in page.content.decode()
        told = ask(headers={"Accept": "application/json"}).json()["error"]
        assert (told["code"], "请重新上传" in told["message"]) == (code, True)
        assert not [record for record in caplog.records if record.exc_info]
        assert [
            record for record in caplog.records if record.levelno == logging.ERROR and paper.stored in str(record.msg)
        ]
    with bank.open():
        refused = AuditEvent.objects.filter(action="core.request.refused", object_id=paper.id, reason_code=code)
        assert refused.count() == 4
        assert alarms.things_of(alarms.FILES_LOST, bank.tenant.id) == [paper.id]
    assert alarms.standing()[alarms.FILES_LOST] == 1
    with bank.open():
        received(bank, picture("looked at"))
        lost_files_look()
    assert alarms.things_of(alarms.FILES_LOST, bank.tenant.id) == []
    assert b"".join(original_of(admin, paper)) == picture("looked at")


@pytest.mark.parametrize("harm", [lose, damage])
def test_a_picture_of_a_page_that_is_gone_is_drawn_again(store: Path, bank: Lender, client_of: Any, harm: Any) -> None:
    with bank.open():
        paper = received(bank, picture("drawn"))
        page = PaperPage.objects.create(
            paper=paper, number=1, width=90, height=60, audit_event_id=paper.audit_event_id
        )  # fmt: skip
    client = client_of(bank, "admin")
    first = client.get(f"/archives/papers/{paper.id}/pages/1/")
    with bank.open():
        page.refresh_from_db()
    harm(store, page.rendition)
    assert client.get(f"/archives/papers/{paper.id}/pages/1/").status_code == 200, "it lies decoded for a moment"
    SHELF.clear()
    again = client.get(f"/archives/papers/{paper.id}/pages/1/")
    assert (first.status_code, again.status_code) == (200, 200)
    with bank.open():
        assert rendition_kept(paper, page, key_of(paper)) is not None


@pytest.mark.parametrize("code", ["store_away", "file_lost", "file_damaged"])
def test_a_worker_waits_for_a_file_and_does_not_give_the_paper_up(
    store: Path, bank: Lender, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    data = picture("to be read")
    with bank.open():
        paper = received(bank, data)
        if code == "store_away":
            away(store)
        else:
            HARMS[code](store, paper.stored)
        for _turn in range(MOST_ATTEMPTS + 2):
            Paper.objects.filter(id=paper.id).update(lease_until=timezone.now() - timedelta(seconds=1))
            paper_recognise(paper_id=paper.id)
        paper.refresh_from_db()
        assert (paper.state, paper.attempts, paper.reason) == ("recognising", 0, code)
        assert paper.lease_until is not None
        assert paper.lease_until > timezone.now() + timedelta(minutes=1), "those without a file wait longer and longer"
        (row,) = rows_of(bank.actor("officer"), [paper])
        assert row.problems
        assert row.problems[0] != code
        assert not [record for record in caplog.records if record.exc_info]
    told = Client().get(f"/api/v1/papers/{paper.id}/", headers={"Authorization": bank.key("admin")}).json()
    assert (told["state"], told["problems"]) == ("recognising", [code])
    assert "材料" in told["problem_details"][0]["message"] or "文件" in told["problem_details"][0]["message"]
    with bank.open():
        if code == "store_away":
            store.with_name("moved").rename(store)
            Paper.objects.filter(id=paper.id).update(lease_until=timezone.now() - timedelta(seconds=1))
        else:
            received(bank, data)
            paper.refresh_from_db()
            assert paper.lease_until <= timezone.now(), "whoever brings the file has it read at once"
        paper_recognise(paper_id=paper.id)
        paper.refresh_from_db()
        assert (paper.state, paper.attempts) != ("recognising", 0)
        assert code not in [problem["code"] for problem in paper.problems]


def test_the_sweep_finds_files_that_are_there_again_and_leaves_a_store_alone_that_is_away(
    store: Path, committed: Lender
) -> None:
    with committed.open():
        paper = received(committed, picture("comes back"))
        other = received(committed, picture("does not"))
    (store / paper.stored).rename(store / "aside")
    lose(store, other.stored)
    for each in (paper, other):
        with committed.open(), pytest.raises(vault.FileLost):
            bytes_of(each)
    (store / "aside").rename(store / paper.stored)
    with tenant_scope(committed.tenant.id):
        away(store)
        assert sweeping.papers_sweep()[1] == 0
        assert len(alarms.things_of(alarms.FILES_LOST, committed.tenant.id)) == 2
        store.with_name("moved").rename(store)
        sweeping.papers_sweep()
        assert alarms.things_of(alarms.FILES_LOST, committed.tenant.id) == [other.id]
        alarms.end_alarm(alarms.FILES_LOST, committed.tenant.id, other.id)


def test_an_import_waits_for_the_store_and_ends_with_a_sentence_where_its_file_is_gone(
    store: Path, bank: Lender
) -> None:
    with bank.open():
        actor = bank.actor("admin")
        batch = imports.import_upload(actor=actor, file=io.BytesIO(core_file(3)), name="台账.csv")
        job = imports.import_run_start(actor=actor, batch=batch)
        away(store)
        import_steps.import_work(job_id=job.id)
        job.refresh_from_db()
        assert job.state == "waiting"
        store.with_name("moved").rename(store)
        lose(store, batch.stored_as)
        import_steps.import_work(job_id=job.id)
        job.refresh_from_db()
        batch.refresh_from_db()
        assert (job.state, batch.state) == ("failed", "failed")
        assert "missing in the store" in job.error


def test_what_was_read_is_shown_searched_and_filed_without_the_file(store: Path, bank: Lender, client_of: Any) -> None:
    with bank.open():
        paper = transcribed(bank, {"name": "王小明", "number": "110101199001011229"}, text="抵押登记证明")
    lose(store, paper.stored)
    admin = client_of(bank, "admin")
    assert admin.get(f"/archives/papers/{paper.id}/").status_code == 200
    assert str(paper.id) in admin.get("/archives/search/?q=抵押登记").content.decode()
