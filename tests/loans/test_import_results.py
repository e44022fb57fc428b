"""What an import did is told row by row, and what it changed keeps what stood before."""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from carloan.core import audit
from carloan.core.actors import Actor, Right
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.core.sight import SIGHT
from carloan.loans.models import ImportBatch, ImportRow, Loan, LoanParty, OpeningPosition, Party, Vehicle
from carloan.loans.selectors.import_results import imports_of, results_page
from carloan.loans.services import import_steps, imports
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
WIDE = [*HEADER, "住址", "品牌", "担保人姓名", "担保人证件号码"]


def wide(serial: int, *more: str, **changes: str) -> list[str]:
    return [*core_row(serial, **changes), *more, *[""] * (4 - len(more))]


def passed(actor: Actor, rows: list[list[str]], *, dry: bool = False) -> ImportBatch:
    batch = imports.import_upload(actor=actor, file=io.BytesIO(csv_bytes([WIDE, *rows])), name="台账.csv")
    start = imports.import_check_start if dry else imports.import_run_start
    import_steps.import_work(job_id=start(actor=actor, batch=batch).id)
    return ImportBatch.objects.select_related("job").get(id=batch.id)


def values(event: AuditEvent) -> tuple[dict[str, Any], dict[str, Any]]:
    detail = audit.open_detail(event)
    return detail.get("before", {}), detail.get("after", {})


FIRST = [wide(1, "深圳市福田区一路1号", "大众"), wide(2, "广州市天河区二路2号", "丰田")]
SECOND = [
    wide(1, "深圳市南山区新址9号", "奥迪", 车牌号="粤B99999", 当前余额="40000.00", 逾期天数="35"),
    wide(2, "广州市天河区二路2号", "丰田"),
    wide(3, "", "", 期数="x"),
]


def test_what_a_file_changes_keeps_what_stood_before_under_the_keys_of_its_owners(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        passed(actor, FIRST)
        loan = Loan.objects.get(contract_no="CAR202400000001")
        passed(actor, SECOND)
        trail = {event.action: event for event in AuditEvent.objects.filter(loan_id=loan.id)}
        assert set(trail) == {"loans.party.changed", "loans.vehicle.changed"}
        person, car = trail["loans.party.changed"], trail["loans.vehicle.changed"]
        assert values(person) == ({"address": "深圳市福田区一路1号"}, {"address": "深圳市南山区新址9号"})
        assert values(car) == ({"plate": "粤B00001", "make": "大众"}, {"plate": "粤B99999", "make": "奥迪"})
        assert person.object_id is not None
        party, vehicle = Party.objects.get(id=person.object_id), Vehicle.objects.get(loan=loan)
        assert (person.subject_kind, person.subject_id) == ("party", party.id)
        assert (car.subject_kind, car.subject_id) == ("loan", loan.id)
        assert (party.audit_event_id, vehicle.audit_event_id) == (person.id, car.id)
        assert (party.revision, vehicle.revision) == (2, 2)
        assert (clear(party, "address"), clear(vehicle, "plate")) == ("深圳市南山区新址9号", "粤B99999")
        # The step itself: one event with counts and a digest; of rows that change nothing no other.
        step = AuditEvent.objects.filter(action="loans.loan.imported").latest("id")
        loan.refresh_from_db()
        assert loan.audit_event_id == step.id
        assert b'"digest":' in bytes(step.canon)
        assert b'"count":1' in bytes(step.canon)
        # Balances stand in positions, each with the event of its import.
        positions = OpeningPosition.objects.filter(loan=loan).order_by("recorded_at")
        assert [row.outstanding for row in positions] == [5_000_125, 4_000_000]
        assert positions[1].audit_event_id == step.id
        for event in (person, car):
            assert "深圳".encode() not in bytes(event.canon)
            assert "粤B".encode() not in bytes(event.canon)


def test_terms_and_people_that_a_file_changes_or_adds_are_told_of_the_loan(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        passed(actor, [wide(1, 机构="101")])
        loan = Loan.objects.get()
        guarantor = core_row(77)
        passed(actor, [wide(1, "", "", guarantor[1], guarantor[2], 机构="102")])
        trail = {event.action: event for event in AuditEvent.objects.filter(loan_id=loan.id)}
        assert set(trail) == {"loans.loan.changed", "loans.loan_party.added"}
        before, after = values(trail["loans.loan.changed"])
        loan.refresh_from_db()
        assert set(before) == {"branch_id"}
        assert after == {"branch_id": str(loan.branch_id)} != before
        assert loan.audit_event_id == trail["loans.loan.changed"].id
        row = LoanParty.objects.get(loan=loan, role="guarantor")
        assert row.audit_event_id == trail["loans.loan_party.added"].id
        assert values(trail["loans.loan_party.added"])[1]["party"] == str(row.party_id)


def test_the_same_file_again_changes_nothing_and_tells_nothing_of_any_loan(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        passed(actor, FIRST)
        batch = passed(actor, FIRST)
        assert (batch.unchanged, batch.updated) == (2, 0)
        assert not AuditEvent.objects.filter(loan_id__isnull=False).exists()


def test_a_dry_run_foresees_what_the_booking_then_does(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        passed(actor, FIRST)
        before = list(Party.objects.order_by("id").values("address", "revision", "audit_event_id"))
        rows = [*SECOND, wide(4)]
        foreseen = passed(actor, rows, dry=True)
        assert list(Party.objects.order_by("id").values("address", "revision", "audit_event_id")) == before
        told = list(ImportRow.objects.filter(batch=foreseen).order_by("number").values_list("outcome", "changed"))
        booked = passed(actor, rows)
        did = list(ImportRow.objects.filter(batch=booked).order_by("number").values_list("outcome", "changed"))
        assert told == did
        assert [outcome for outcome, _changed in did] == ["updated", "unchanged", "rejected", "created"]
        assert set(did[0][1] or ()) == {"outstanding", "days_overdue", "borrower_address", "plate", "make"}
        with translation.override("zh-hans"):
            words = [[one.label for one in results_page(actor, each).rows] for each in (foreseen, booked)]
        assert words == [["将更新", "无变化", "将不导入", "将新增"], ["已更新", "无变化", "未导入", "已新增"]]


def test_the_page_says_what_happened_to_each_row_and_leads_to_its_loan(bank: Lender, client_of: Any) -> None:
    with bank.open():
        actor = bank.actor("officer")
        passed(actor, FIRST)
        batch = passed(actor, SECOND)
        loan = Loan.objects.get(contract_no="CAR202400000001")
    client = client_of(bank, "officer")
    page = client.get(f"/loans/imports/{batch.id}/results/").content.decode()
    assert f"/loans/{loan.id}/" in page
    assert loan.contract_no in page
    for words in ("已更新", "无变化", "未导入", "剩余本金 · 逾期天数 · ", "期数: "):
        assert words in page, words
    only = client.get(f"/loans/imports/{batch.id}/results/?show=rejected").content.decode()
    assert "未导入" in only
    assert loan.contract_no not in only
    found = client.get(f"/loans/imports/{batch.id}/results/?contract_no=CAR202400000002").content.decode()
    assert "CAR202400000002" in found
    assert loan.contract_no not in found
    assert client.get(f"/loans/imports/{batch.id}/results/?show=nonsense").status_code == 422
    assert client.get(f"/loans/imports/{batch.id}/results/?after=x").status_code == 422
    state = client.get(f"/loans/imports/{batch.id}/").content.decode()
    assert "逐行导入结果" in state
    assert "将新增" not in state
    # And back again from the loan, to the row.
    back = client.get(f"/loans/{loan.id}/").content.decode()
    assert f"/loans/imports/{batch.id}/results/?contract_no={loan.contract_no}" in back
    assert f"导入 {batch.number} 第 2 行" in back


def test_before_booking_every_count_says_would(bank: Lender, client_of: Any) -> None:
    with bank.open():
        actor = bank.actor("officer")
        batch = imports.import_upload(actor=actor, file=io.BytesIO(csv_bytes([WIDE, *FIRST])), name="台账.csv")
        job = imports.import_check_start(actor=actor, batch=batch)
    client = client_of(bank, "officer")
    running = client.get(f"/loans/imports/{batch.id}/").content.decode()
    assert "将新增" in running
    assert "已新增" not in running
    with bank.open():
        import_steps.import_work(job_id=job.id)
    checked = client.get(f"/loans/imports/{batch.id}/").content.decode()
    assert "将新增" in checked
    assert "将更新" in checked
    assert "无变化" in checked
    assert "已新增" not in checked
    assert "预计 2" in client.get("/loans/imports/").content.decode()


def test_links_lead_only_to_loans_and_imports_that_the_reader_may_see(bank: Lender) -> None:
    with bank.open():
        officer, admin = bank.actor("officer"), bank.actor("admin")
        masked = replace(officer, rights={code: right for code, right in officer.rights.items() if code != SIGHT})
        mine, theirs = passed(officer, [FIRST[0]]), passed(admin, [wide(5, 机构="102")])
        loan = Loan.objects.get(contract_no="CAR202400000001")
        elsewhere = Loan.objects.get(contract_no="CAR202400000005")
        assert [batch.id for batch, _row, _what in imports_of(masked, loan)] == [mine.id]
        assert imports_of(masked, elsewhere) == []
        assert [batch.id for batch, _row, _what in imports_of(admin, elsewhere)] == [theirs.id]
        assert imports_of(bank.actor("service"), loan) == []
        east = Right(branches=frozenset({bank.branches["east"].id}))
        local = replace(officer, rights={**officer.rights, "loans.view": east})
        Loan.objects.filter(id=loan.id).update(branch_id=bank.branches["east"].id)
        assert results_page(local, mine).rows[0].loan_id == loan.id
        assert results_page(local, theirs).rows[0].loan_id is None
        assert results_page(admin, theirs).rows[0].loan_id == elsewhere.id


def test_pages_of_results_go_forth_and_back(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        batch = passed(actor, [wide(serial) for serial in range(1, 12)])
        first = results_page(actor, batch, size=4)
        second = results_page(actor, batch, after=first.next, size=4)
        last = results_page(actor, batch, after=second.next, size=4)
        assert [row.number for page in (first, second, last) for row in page.rows] == list(range(2, 13))
        assert (first.previous, last.next) == ("", "")
        assert results_page(actor, batch, before=last.previous, size=4) == second
        assert results_page(actor, batch, before=second.previous, size=4).rows == first.rows
        assert results_page(actor, batch, before=second.previous, size=4).previous == ""


def test_the_results_come_as_csv_in_the_language_of_whoever_asks(bank: Lender, client_of: Any) -> None:
    with bank.open():
        actor = bank.actor("officer")
        passed(actor, FIRST)
        batch = passed(actor, SECOND)
    client = client_of(bank, "officer")

    def table() -> list[list[str]]:
        answer = client.get(f"/loans/imports/{batch.id}/results.csv")
        return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    rows = table()
    assert rows[0] == ["行号", "合同编号", "结果", "更新字段", "问题", "疑点"]
    assert [row[2] for row in rows[1:]] == ["已更新", "无变化", "未导入"]
    assert rows[3][4].startswith("期数: ")
    client.cookies["django_language"] = "en"
    with translation.override("en"):  # what the request activates ends with the test
        assert table()[0] == ["Row", "Contract number", "Result", "Changed fields", "Fault", "Doubt"]
    with bank.open():
        assert AuditEvent.objects.filter(action="loans.import.results_downloaded").count() == 2
