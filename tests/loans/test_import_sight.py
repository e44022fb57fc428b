"""An import tells whoever sees only masks nothing of what they hide, or little, and counts it as searching."""

from typing import Any

import pytest
from django.test import Client

from carloan.core.models import AuditEvent, RoleCapability
from carloan.core.sealed import clear
from carloan.core.services import searching
from carloan.loans.models import ImportBatch, ImportRow, Loan, LoanParty, Party
from tests.cast import Lender
from tests.loans.book import HEADER, core_file, core_row, csv_bytes, id_number, name, vin_number
from tests.loans.test_imports import brought, check, counts, faults, run, upload

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
OTHER_NAME = "另一个"


@pytest.fixture
def masked(bank: Lender) -> Lender:
    """A book of four loans; officers import and edit, and see only masks."""
    with bank.open():
        brought(bank.actor("admin"), core_file(4))
        RoleCapability.objects.filter(role__key="officer", capability="sight.clear").delete()
    return bank


def asked(lender: Lender) -> int:
    return AuditEvent.objects.filter(action=searching.ASKED, actor_id=lender.actor("officer").id).count()


def told(batch: ImportBatch) -> list[tuple[Any, ...]]:
    return list(ImportRow.objects.filter(batch=batch).order_by("number").values_list("outcome", "errors", "changed"))


def candidates(*serials: int) -> bytes:
    rows = [core_row(n, 合同编号=f"HT-{place}", 借款人姓名=OTHER_NAME) for place, n in enumerate(serials)]
    return csv_bytes([HEADER, *rows])


def test_numbers_of_the_book_are_answered_like_unknown_ones(masked: Lender) -> None:
    with masked.open():
        actor = masked.actor("officer")
        known, unknown = (check(actor, upload(actor, candidates(*serials))) for serials in ((1, 2, 3), (91, 92, 93)))
        assert told(known) == told(unknown)
        assert counts(known) == (3, 0, 0, 0)
        assert asked(masked) == 0, "nothing was answered"
        admin = masked.actor("admin")
        assert {
            code for found in faults(check(admin, upload(admin, candidates(1, 2)))).values() for _c, code in found
        } == {"name_differs"}
        run(actor, known)
        assert Party.objects.filter(id_digest=borrower(1).id_digest).count() == 2


def borrower(serial: int) -> Party:
    loan = Loan.objects.get(contract_no=f"CAR2024{serial:08d}")
    return LoanParty.objects.select_related("party").get(loan=loan, role="borrower").party


def test_api_and_page_answer_alike_too_and_do_not_tell_of_the_other_one(masked: Lender, client_of: Any) -> None:
    def status(number: str) -> int:
        loan = {
            "principal": 100_000, "rate_ppm": 60_000, "term": 12,
            "people": [{"role": "borrower", "name": OTHER_NAME, "id_kind": "resident", "id_number": number}],
        }  # fmt: skip
        headers = {"Authorization": masked.key("officer")}
        answer = Client().post("/api/v1/loans/", loan, content_type="application/json", headers=headers)
        return answer.status_code

    assert [status(id_number(n)) for n in (1, 91)] == [201, 201]
    with masked.open():
        second = LoanParty.objects.get(party__id_digest=borrower(1).id_digest, party__id_place=1)
    page = f"/loans/{second.loan_id}/"
    assert "CAR202400000001" in client_of(masked, "admin").get(page).content.decode()
    assert "CAR202400000001" not in client_of(masked, "officer").get(page).content.decode()


def test_a_known_loan_answers_one_and_the_same_whatever_does_not_fit(masked: Lender) -> None:
    rows = [
        core_row(1, 证件号码=id_number(99), 借款人姓名=name(99)),
        core_row(2, 借款人姓名=OTHER_NAME),
        core_row(3, 车架号=vin_number(99)),
        core_row(4, 当前余额="1"),
    ]
    with masked.open():
        actor = masked.actor("officer")
        batch = check(actor, upload(actor, csv_bytes([HEADER, *rows])))
        assert faults(batch) == {number: [("", "misfit")] for number in (2, 3, 4)}
        assert counts(batch) == (0, 1, 0, 3), "what fits is taken"
        assert asked(masked) == 3
        assert counts(run(actor, batch)) == (0, 1, 0, 3)
        assert clear(borrower(2), "name") == name(2)


def test_a_dry_run_does_not_tell_which_sealed_values_are_as_guessed(masked: Lender) -> None:
    with masked.open():
        actor = masked.actor("officer")
        changed = []
        for phone in ("13800000001", "13999999999"):
            batch = check(actor, upload(actor, csv_bytes([HEADER, core_row(1, 手机号=phone, 当前余额="1")])))
            changed.append(ImportRow.objects.get(batch=batch).changed)
        assert changed == [["outstanding"]] * 2


def test_more_misfits_than_searches_stop_the_import_and_cost_all_that_was_left(
    masked: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_A_MINUTE", 2)
    wrong = [core_row(n, 车架号=vin_number(90 + n)) for n in (1, 2, 3)]
    with masked.open():
        actor = masked.actor("officer")
        batch = check(actor, upload(actor, csv_bytes([HEADER, *wrong])))
        assert batch.job is not None
        assert (batch.job.state, batch.cursor, asked(masked)) == ("failed", 0, 2)
        assert "按搜索次数计算" in str(batch.job.error_shown)
        right = check(actor, upload(actor, csv_bytes([HEADER, core_row(1, 当前余额="1")])))
        assert right.job is not None
        assert (right.job.state, asked(masked)) == ("failed", 2), "a refusal does not depend on what fits"
        for free in (masked.actor("admin"), masked.system):
            assert counts(check(free, upload(free, csv_bytes([HEADER, *wrong])))) == (0, 0, 0, 3)
