"""The desk of whoever audits: who looked at a thing, views that are kept, an export that can be held to its word."""

import csv
import io
import json
import zipfile
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from openpyxl import load_workbook

from carloan.archives.models import Paper
from carloan.archives.services.viewing import paper_viewed
from carloan.compliance.selectors.trail import events_matching
from carloan.compliance.services import trail_exports
from carloan.compliance.services.reveals import field_reveal
from carloan.core import audit
from carloan.core.models import AuditEvent, SavedView
from carloan.loans.models import ContactPoint, LoanParty
from tests.archives.conftest import loan_for, received
from tests.cast import Lender
from tests.compliance.test_trail import audited, newest
from tests.loans.book import open_loan
from tests.tenancy.routes import BLANK_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
TRAIL = "/compliance/trail/"


def look_at_number(lender: Lender, loan: Any, role: str) -> ContactPoint:
    contact = ContactPoint.objects.filter(party__loan_parties__loan=loan).order_by("id")[0]
    field_reveal(
        actor=lender.actor(role), label="loans.contactpoint", object_id=contact.id, field="value", reason_code="contact"
    )
    return contact


def paper_of(lender: Lender, loan: Any = None) -> Paper:
    return received(lender, BLANK_PAGE, loan=loan, name="page.png")


def rows_of(body: str) -> int:
    return body.count("<tr data-href")


def test_who_looked_at_a_paper_is_one_question_from_its_page(client_of: Any, bank: Lender) -> None:
    with bank.open():
        paper, other = paper_of(bank), received(bank, BLANK_PAGE + b"\0", name="other.png")
        for _ in range(2):
            paper_viewed(actor=bank.actor("archivist"), paper=paper)
        paper_viewed(actor=bank.actor("officer"), paper=other)
    reader = client_of(bank, "compliance")
    question = f"?about=archives.paper:{paper.id}&amp;looks=on"
    assert question in reader.get(f"/archives/papers/{paper.id}/").content.decode()
    assert "looks=on" not in client_of(bank, "officer").get(f"/archives/papers/{paper.id}/").content.decode()
    body = reader.get(TRAIL + question.replace("&amp;", "&")).content.decode()
    assert "谁看过" in body
    # Twice the archivist, and once whoever asks, who opened the page; the other paper's look is not there.
    assert rows_of(body) == 4
    table = body.partition('id="lookers-head"')[2].partition("</table>")[0]
    assert bank.members["archivist"].display_name in table
    assert '<td class="num">2</td>' in table
    assert audited(bank, newest(bank, "compliance.trail.read"))["after"] == {"filters": ["about", "looks"]}


def test_who_looked_at_a_person_counts_their_numbers_and_loans(client_of: Any, bank: Lender) -> None:
    with bank.open():
        loan, other = open_loan(bank.actor("officer"), 1), open_loan(bank.actor("officer"), 2)
        look_at_number(bank, loan, "officer")
        look_at_number(bank, other, "collector")
        paper_viewed(actor=bank.actor("archivist"), paper=paper_of(bank, loan))
        party = LoanParty.objects.get(loan=loan, role="borrower").party
    reader = client_of(bank, "compliance")
    question = f"{TRAIL}?about=loans.party:{party.id}&looks=on"
    assert f"?about=loans.party:{party.id}&amp;looks=on" in reader.get(f"/loans/{loan.id}/").content.decode()
    body = reader.get(question).content.decode()
    assert rows_of(body) == 2
    assert bank.members["officer"].display_name in body.partition('id="lookers-head"')[2].partition("</table>")[0]
    # Without the narrowing to looks it is everything that was done about the person.
    assert rows_of(reader.get(question.partition("&")[0]).content.decode()) > 2


@pytest.mark.parametrize("about", ["core.user:1", "nothing", "loans.loan:x", "core.membership:0"])
def test_of_what_is_no_thing_nobody_asks(client_of: Any, bank: Lender, about: str) -> None:
    answer = client_of(bank, "compliance").get(f"{TRAIL}?about={about}")
    assert answer.status_code == 422


def test_filters_are_kept_as_a_view_without_the_address(client_of: Any, bank: Lender) -> None:
    reader = client_of(bank, "compliance")
    query = "outcome=refused&address=192.0.2.7"
    answer = reader.post("/compliance/trail/views/", {"name": "被拒绝", "query": query})
    assert answer.status_code == 302
    with bank.open():
        view = SavedView.objects.get(page="trail")
        assert (view.name, view.query) == ("被拒绝", "outcome=refused")
    body = reader.get(f"{TRAIL}?outcome=refused").content.decode()
    assert "被拒绝</a>" in body
    assert "被拒绝</a>" not in client_of(bank, "admin").get(TRAIL).content.decode()
    assert reader.post(f"/compliance/trail/views/{view.id}/drop/").status_code == 302
    with bank.open():
        assert not SavedView.objects.filter(page="trail").exists()


def exported(answer: Any) -> tuple[bytes, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        return archive.read(manifest["file"]["name"]), manifest


def test_an_export_says_what_it_is_and_is_told_before_and_after(
    client_of: Any, bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail_exports, "BATCH", 3)
    with bank.open():
        events = [
            audit.record(actor=bank.actor("officer"), action="core.job.failed", object_type="core.job", count=number)
            for number in range(7)
        ]
        audit.record(actor=bank.system, action="core.job.finished", object_type="core.job")
    reader = client_of(bank, "compliance").confirmed()
    listed, manifest = exported(reader.get("/compliance/trail/export.csv?action=core.job.failed"))
    rows = list(csv.reader(io.StringIO(listed.decode("utf-8-sig"))))
    ids = rows[0].index("记录编号")
    assert [row[ids] for row in rows[1:]] == [str(event) for event in reversed(events)]
    assert manifest["file"]["sha256"] == sha256(listed).hexdigest()
    assert (manifest["count"], manifest["first"]["id"], manifest["last"]["id"]) == (7, str(events[0]), str(events[-1]))
    assert manifest["filters"] == [{"filter": "操作", "value": "任务失败"}]
    begun, written = newest(bank, "compliance.trail.exported"), newest(bank, "compliance.trail.export_written")
    assert manifest["event"] == str(begun.id) == str(written.object_id)
    assert json.loads(bytes(begun.canon))["count"] == 7
    assert json.loads(bytes(written.canon))["digest"] == manifest["file"]["sha256"]
    assert audited(bank, begun)["after"] == {"kind": "csv", "filters": ["action"]}
    book, manifest = exported(reader.get("/compliance/trail/export.xlsx?action=core.job.failed"))
    sheet = load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    assert sheet.max_row == 8
    assert manifest["file"]["sha256"] == sha256(book).hexdigest()


def test_an_export_asks_for_the_right_and_for_the_password_again(client_of: Any, bank: Lender) -> None:
    assert client_of(bank, "admin").confirmed().get("/compliance/trail/export.csv").status_code == 403
    answer = client_of(bank, "compliance").get("/compliance/trail/export.csv?outcome=refused")
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert "outcome%3Drefused" in answer["Location"]
    with bank.open():
        assert not AuditEvent.objects.filter(action="compliance.trail.exported").exists()


def test_more_events_than_a_sheet_holds_are_refused_in_words(
    client_of: Any, bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail_exports, "MOST_IN_XLSX", 0)
    reader = client_of(bank, "compliance").confirmed()
    with bank.open():
        audit.record(actor=bank.system, action="core.job.failed", object_type="core.job")
    answer = reader.get("/compliance/trail/export.xlsx?action=core.job.failed")
    assert answer.status_code == 422
    assert "表格最多容纳 0 条记录" in answer.content.decode()
    assert reader.get("/compliance/trail/export.csv?action=core.job.failed").status_code == 200


def test_the_question_costs_a_fixed_number_of_queries(
    client_of: Any, bank: Lender, django_assert_max_num_queries: Any
) -> None:
    with bank.open():
        loan = loan_for(bank)
        paper = paper_of(bank, loan)
        for _ in range(60):
            paper_viewed(actor=bank.actor("officer"), paper=paper)
    reader = client_of(bank, "compliance")
    question = f"{TRAIL}?about=loans.loan:{loan.id}&looks=on"
    reader.get(question)
    with django_assert_max_num_queries(36):
        reader.get(question)


def test_every_way_through_the_trail_has_its_index(client_of: Any, bank: Lender) -> None:
    """Asked of the planner with the ways of small tables closed: what it would do with millions of events."""
    with bank.open(), connection.cursor() as cursor:
        actor = bank.actor("compliance")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        for filters, index in (
            ({"outcome": "revealed"}, "outcome"),
            ({"field": "id_number"}, "field"),
            ({"address": "192.0.2.7"}, "address"),
            ({"actor_id": actor.id}, "actor"),
            ({"loan_id": actor.id}, "loan"),
            ({"object_id": actor.id}, "object"),
        ):
            events = events_matching(actor, filters, zone="UTC")
            assert events is not None
            plan = events.order_by("-id")[:51].explain()
            assert f"{index}_" in plan, (filters, plan)
