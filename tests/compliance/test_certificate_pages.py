"""The pages of a destruction's end, and the register of all destructions."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from carloan.compliance.models import DestructionBatch, DestructionNotary, DestructionShredding
from carloan.compliance.selectors.certificates import list_root, qr_text, register_for
from carloan.compliance.selectors.destruction import items_of
from carloan.core.models import AuditEvent
from carloan.lib.qr import symbol
from tests.cast import Lender
from tests.compliance.certified import certified_by_hand, shredded, verified_by_hand
from tests.compliance.destroyed import due_loans, proposed
from tests.compliance.held import another

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def address(batch: DestructionBatch, more: str = "") -> str:
    return f"/compliance/destruction/{batch.id}/{more}"


def shredding_form(**more: Any) -> dict[str, str]:
    now = timezone.localtime()
    return {
        "method": "pulped",
        "company": "深圳安销信息销毁有限公司",
        "site": "宝安区",
        "began_at": f"{now - timedelta(minutes=30):%Y-%m-%dT%H:%M}",
        "ended_at": f"{now - timedelta(minutes=10):%Y-%m-%dT%H:%M}",
        "boxes_1": "2",
        "papers_1": "80",
        "film": f"{'ab' * 32}, 12, {now - timedelta(minutes=30):%FT%T}, {now - timedelta(minutes=10):%FT%T}, 一.mp4",
        "no_film": "",
        **more,
    }


def test_paper_originals_are_recorded_filmed_and_witnessed_on_the_pages(client_of: Any, bank: Lender) -> None:
    with bank.open():
        batch = verified_by_hand(bank)
        code = symbol(qr_text(batch, list_root(items_of(batch))))
    archivist = client_of(bank, "archivist")
    assert archivist.get(address(batch, "shredding/")).status_code == 404, "it has no paper originals yet"
    assert client_of(bank, "officer").post(address(batch, "originals/")).status_code == 403
    assert archivist.post(address(batch, "originals/")).status_code == 302
    assert code.path in archivist.get(address(batch, "film/")).content.decode()
    assert "reauthenticate" in archivist.post(address(batch, "shredding/"), shredding_form()).url
    archivist.confirmed()
    for wrong in ({"film": "x"}, {"boxes_1": "-1"}, {"ended_at": "morgen"}, {"film": ""}):
        assert archivist.post(address(batch, "shredding/"), shredding_form(**wrong)).status_code == 422
    assert archivist.post(address(batch, "shredding/"), shredding_form()).status_code == 302
    with bank.open():
        record = DestructionShredding.objects.get(batch=batch)
        assert record.counts == [{"place": 1, "boxes": 2, "papers": 80}]
    again = archivist.get(address(batch, "shredding/"))
    assert again.context["form"]["film"].value().startswith("ab" * 32), "what was recorded stands in the form"
    page = archivist.get(address(batch))
    assert not page.context["may_witness"], "whoever recorded it does not witness it"
    digest = {"digest": record.digest}
    assert "reauthenticate" in client_of(bank, "officer").post(address(batch, "witness/"), digest).url
    for role in ("officer", "compliance"):
        assert client_of(bank, role).get(address(batch)).context["may_witness"]
        assert client_of(bank, role).confirmed().post(address(batch, "witness/"), digest).status_code == 302
    assert client_of(bank, "officer").confirmed().post(address(batch, "witness/"), digest).status_code == 409
    seen = archivist.get(address(batch)).content.decode()
    assert "深圳安销信息销毁有限公司" in seen
    assert "证明尚待" in seen


def test_a_certificate_is_taken_away_and_a_notary_entered_on_the_pages(client_of: Any, bank: Lender) -> None:
    with bank.open():
        batch = certified_by_hand(verified_by_hand(bank))
    compliance = client_of(bank, "compliance")
    taken = client_of(bank, "officer").get(address(batch, "certificate.pdf"))
    assert (taken.content, taken["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    assert client_of(bank, "service").get(address(batch, "certificate.pdf")).status_code == 403
    with bank.open():
        assert AuditEvent.objects.filter(action="compliance.destruction.certificate_taken").count() == 1
    today = f"{timezone.localdate():%Y-%m-%d}"
    deed = {"number": "（2026）深证字第 1 号", "office": "深圳市公证处", "notarised_on": today}
    assert compliance.get(address(batch, "notary/")).status_code == 200
    assert compliance.get(address(batch, "without-notary/")).status_code == 200
    assert compliance.post(address(batch, "without-notary/"), {"reason": ""}).status_code == 422
    assert compliance.post(address(batch, "without-notary/"), {"reason": "常规销毁"}).status_code == 302
    assert "常规销毁" in compliance.get(address(batch)).content.decode()
    assert "reauthenticate" in compliance.post(address(batch, "notary/"), deed).url
    compliance.confirmed()
    assert compliance.post(address(batch, "notary/"), {**deed, "notarised_on": "2001-01-01"}).status_code == 422
    assert compliance.post(address(batch, "notary/"), deed).status_code == 302
    assert "深圳市公证处" in compliance.get(address(batch)).content.decode()
    assert compliance.get(address(batch, "notary/")).status_code == 404
    with bank.open():
        assert DestructionNotary.objects.filter(batch=batch).count() == 2


def test_the_proofs_of_a_certificate_are_taken_away(client_of: Any, bank: Lender) -> None:
    with bank.open():
        batch = verified_by_hand(bank)
    assert client_of(bank, "officer").get(address(batch, "proofs.zip")).status_code == 404, "there is none yet"
    with bank.open():
        certified_by_hand(batch)
    refused = client_of(bank, "officer").get(address(batch, "proofs.zip"))
    assert refused.status_code == 409, "its events are not sealed yet"


def test_the_register_holds_every_batch_and_leaves_as_a_file(client_of: Any, bank: Lender) -> None:
    with bank.open():
        done = certified_by_hand(verified_by_hand(bank))
        waiting = proposed(bank, *due_loans(bank, 1, first=50))
        entries, following = register_for(bank.actor("officer"))
        assert [entry.batch.id for entry in entries] == [waiting.id, done.id]
        assert following is None
        assert entries[1].counts == {"listed": 2, "destroyed": 2, "spared": 0, "dropped": 0}
        assert [entry.batch.id for entry in register_for(bank.actor("officer"), below=waiting.number)[0]] == [done.id]
    client = client_of(bank, "compliance")
    page = client.get("/compliance/destruction/register/")
    assert page.status_code == 200
    assert "1" * 16 in page.content.decode()
    assert client.get("/compliance/destruction/register/?after=99999999999999999999").status_code == 200
    assert client_of(bank, "service").get("/compliance/destruction/register/").status_code == 403
    assert "reauthenticate" in client.get("/compliance/destruction/register/export.csv").url
    client.confirmed()
    lines = list(csv.reader(io.StringIO(_body(client, "csv").decode("utf-8-sig"))))
    assert len(lines) == 1 + 3
    assert lines[1][0] == str(done.number)
    assert {line[-5] for line in lines[1:]} == {"1" * 64, ""}
    sheet = load_workbook(io.BytesIO(_body(client, "xlsx"))).active
    assert sheet is not None
    assert sheet.max_row == 4
    with bank.open():
        assert AuditEvent.objects.filter(action="compliance.destruction.register_exported").count() == 2


def _body(client: Any, kind: str) -> bytes:
    return b"".join(client.get(f"/compliance/destruction/register/export.{kind}").streaming_content)


def test_shredding_is_shown_with_its_segments(client_of: Any, bank: Lender) -> None:
    with bank.open():
        batch = verified_by_hand(bank, originals=True)
        shredded(bank, batch)
        another(bank, "compliance", "又一人")
    page = client_of(bank, "又一人").get(address(batch))
    assert "销毁录像-1.mp4" in page.content.decode()
    assert not page.context["may_witness"], "two have seen it already"
