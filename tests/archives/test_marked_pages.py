"""No picture of a page leaves without the mark of who looks; originals leave plain, for a reason; leaks are traced."""

import time
from typing import Any

import numpy as np
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.leaks import LEAKS, encoded, opened
from carloan.archives.models import PageMark, Paper, PaperPage
from carloan.archives.services.keeping import bytes_of
from carloan.archives.services.shelf import SHELF
from carloan.archives.services.tracing import code_trace, picture_trace
from carloan.archives.watermark import codes, weave
from carloan.core.errors import Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent
from tests.archives.conftest import original_of, received
from tests.archives.test_watermark import paper as drawn
from tests.cast import Lender
from tests.tenancy.routes import BLANK_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
QUERIES_OF_A_LOOK = 24


@pytest.fixture
def paper(bank: Lender) -> Paper:
    """A contract of one page on the desk, which anybody who sees clear values may look at."""
    with bank.open():
        pixels = drawn("loan_contract")
        found = received(bank, encoded(pixels))
        height, width = pixels.shape[:2]
        PaperPage.objects.create(
            paper=found, number=1, width=width, height=height, audit_event_id=found.audit_event_id
        )  # fmt: skip
        return found


def trace(client: Any, **sent: Any) -> str:
    answer = client.post("/archives/trace/", sent)
    assert answer.status_code == 200, answer.content.decode()
    page: str = answer.content.decode()
    return page


def mark_of(picture: bytes) -> str:
    found = weave.find(opened(picture))
    assert found is not None
    return found.code


def test_every_picture_carries_the_id_of_its_look_which_stood_before_it_left(
    client_of: Any, bank: Lender, paper: Paper
) -> None:
    seen = {}
    for role in ("officer", "archivist"):
        client = client_of(bank, role)
        for address in ("pages/1/", "pages/1/?small=1", "pages/1/received/"):
            seen[role, address] = mark_of(client.get(f"/archives/papers/{paper.id}/{address}").content)
    assert len(set(seen.values())) == 6, "each look its own"
    with bank.open():
        for (role, _address), code in seen.items():
            mark = PageMark.objects.get(code=code)
            event = AuditEvent.objects.get(id=mark.audit_event_id)
            assert (mark.paper_id, mark.page, event.object_id) == (paper.id, 1, paper.id)
            assert (event.action, event.actor_id) == ("archives.page.viewed", bank.actor(role).id)


def test_a_copy_to_take_away_is_marked_page_by_page(client_of: Any, bank: Lender, paper: Paper) -> None:
    answer = client_of(bank, "officer").get(f"/archives/papers/{paper.id}/copy/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    pdf = pypdfium2.PdfDocument(b"".join(answer))
    found = weave.find(np.ascontiguousarray(pdf[0].render(scale=2).to_numpy()[..., :3]))
    assert found is not None
    with bank.open():
        mark = PageMark.objects.get(code=found.code)
        assert AuditEvent.objects.get(id=mark.audit_event_id).action == "archives.paper.copied"


def test_a_paper_that_nobody_has_read_is_copied_as_it_came(client_of: Any, bank: Lender) -> None:
    with bank.open():
        unread = received(bank, BLANK_PAGE)
    answer = client_of(bank, "officer").get(f"/archives/papers/{unread.id}/copy/")
    assert len(pypdfium2.PdfDocument(b"".join(answer))) == 1


def test_the_plain_original_needs_the_right_a_reason_and_who_acts(client_of: Any, bank: Lender, paper: Paper) -> None:
    address = f"/archives/papers/{paper.id}/original/"
    client = client_of(bank, "officer")
    assert client.get(address).status_code == 200, "it asks why"
    assert original_of(client, paper).status_code == 422, "who acts was not confirmed"
    client.confirmed()
    for wrong in ("", "because", "other"):
        assert original_of(client, paper, reason_code=wrong).status_code == 422, wrong
    with bank.open():
        assert not AuditEvent.objects.filter(action="archives.paper.downloaded")
    answer = original_of(client, paper, reason_code="legal")
    assert answer.status_code == 200
    assert weave.find(opened(answer.content)) is None
    with bank.open():
        event = AuditEvent.objects.get(action="archives.paper.downloaded")
        assert event.reason_code == "legal"
    assert original_of(client_of(bank, "collector").confirmed(), paper).status_code in (403, 404)


def test_customer_service_sees_basic_facts_and_no_picture(client_of: Any, bank: Lender, paper: Paper) -> None:
    client = client_of(bank, "service")
    for address in ("", "pages/1/", "pages/1/received/", "copy/", "original/"):
        assert client.get(f"/archives/papers/{paper.id}/{address}").status_code in (403, 404), address
    assert client.get("/archives/").status_code == 403
    assert client.get("/loans/").status_code == 200
    with bank.open():
        assert not PageMark.objects.exists()


@pytest.mark.parametrize("leak", ["as it left", "JPEG q50, 50 %, screenshot"])
def test_a_leaked_picture_is_traced_to_its_look(client_of: Any, bank: Lender, paper: Paper, leak: str) -> None:
    left = client_of(bank, "officer").get(f"/archives/papers/{paper.id}/pages/1/").content
    data = encoded(LEAKS[leak](opened(left)), "JPEG", quality=80)
    tracer = client_of(bank, "compliance").confirmed()
    began = time.monotonic()
    page = trace(tracer, file=SimpleUploadedFile("leak.jpg", data), code="")
    assert time.monotonic() - began < 5
    with bank.open():
        mark = PageMark.objects.get()
        event = AuditEvent.objects.get(action="archives.picture.traced")
        assert event.object_id == paper.id
        name = bank.actor("officer").name
    assert name in page
    assert f"/compliance/trail/{mark.audit_event_id}/" in page
    assert codes.shown(mark.code) in page
    typed = trace(tracer, code=codes.shown(mark.code).lower())
    assert name in typed


def test_what_carries_no_id_of_ours_is_said_to_carry_none(client_of: Any, bank: Lender, paper: Paper) -> None:
    tracer = client_of(bank, "compliance").confirmed()
    page = trace(tracer, file=SimpleUploadedFile("a.png", encoded(drawn("vat_invoice"))), code="")
    assert "没有找到编号" in page
    unknown = trace(tracer, code=codes.shown(codes.new_code()))
    assert "本机构没有" in unknown
    with bank.open():
        assert AuditEvent.objects.filter(action="archives.picture.traced", object_id=None).count() == 2


def test_of_another_lender_nothing_is_told(client_of: Any, bank: Lender, other: Lender, paper: Paper) -> None:
    left = client_of(bank, "officer").get(f"/archives/papers/{paper.id}/pages/1/").content
    with other.open():
        found = picture_trace(actor=other.actor("compliance"), data=left)
        assert (found.mark, found.entry) == (None, None)
        assert code_trace(actor=other.actor("compliance"), text=found.code).mark is None


def test_hostile_and_wrong_files_are_refused_and_tracing_needs_its_right(client_of: Any, bank: Lender) -> None:
    tracer = client_of(bank, "compliance").confirmed()
    for data in (
        b"",
        b"<svg onload=alert(1)>",
        b"MZ" + b"\0" * 90,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 400,
        b"PK\x03\x04" + b"\0" * 90,
    ):
        answer = tracer.post("/archives/trace/", {"file": SimpleUploadedFile("a.png", data), "code": ""})
        assert answer.status_code == 422, data[:8]
    assert tracer.post("/archives/trace/", {"code": "7K3M"}).status_code == 422
    assert client_of(bank, "officer").get("/archives/trace/").status_code == 403
    unconfirmed = client_of(bank, "compliance").post("/archives/trace/", {"code": codes.new_code()})
    assert unconfirmed.status_code == 422
    with bank.open():
        with pytest.raises(Forbidden):
            picture_trace(actor=bank.actor("admin"), data=BLANK_PAGE)
        with pytest.raises(Invalid):
            code_trace(actor=bank.actor("compliance"), text="nothing")
        assert not AuditEvent.objects.filter(action="archives.picture.traced")


def test_other_systems_get_the_marked_copy_and_the_original_for_a_reason(bank: Lender, paper: Paper) -> None:
    address, key = f"/api/v1/papers/{paper.id}/", {"Authorization": bank.key("officer")}
    copied = b"".join(Client().get(f"{address}copy/", headers=key))
    assert weave.find(np.ascontiguousarray(pypdfium2.PdfDocument(copied)[0].render(scale=2).to_numpy()[..., :3]))

    def ask(**sent: str) -> Any:
        return Client().post(f"{address}original/", sent, content_type="application/json", headers=key)

    for wrong in ({}, {"reason_code": "because"}, {"reason_code": "other"}):
        assert ask(**wrong).status_code == 422, wrong
    answer = ask(reason_code="audit", reason="年度检查")
    with bank.open():
        assert answer.content == bytes_of(paper)
        assert AuditEvent.objects.get(action="archives.paper.downloaded").reason_code == "audit"
    service = {"Authorization": bank.key("service")}
    assert Client().get(f"{address}copy/", headers=service).status_code == 403


def test_a_session_confirms_who_acts_at_the_api_too(client_of: Any, bank: Lender, paper: Paper) -> None:
    """Otherwise a screen that was left unlocked would give away originals past the page that asks."""
    address, sent = f"/api/v1/papers/{paper.id}/original/", {"reason_code": "audit", "reason": "年度检查"}
    client = client_of(bank, "officer")
    refused = client.post(address, sent, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "unconfirmed")
    with bank.open():
        assert not AuditEvent.objects.filter(action="archives.paper.downloaded").exists()
    assert client.confirmed().post(address, sent, content_type="application/json").status_code == 200


def test_marks_are_facts_that_nobody_changes(bank: Lender) -> None:
    with bank.open():
        PageMark.objects.create(code=codes.new_code(), paper_id=uuid7(), page=1, audit_event_id=uuid7())
        for change in (lambda: PageMark.objects.update(page=2), lambda: PageMark.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_a_look_costs_a_bounded_number_of_queries_and_the_next_one_no_file(
    client_of: Any, bank: Lender, paper: Paper
) -> None:
    client = client_of(bank, "officer")
    address = f"/archives/papers/{paper.id}/pages/1/"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= QUERIES_OF_A_LOOK, [query["sql"][:90] for query in queries]
    assert SHELF.size > 0
