"""An import tells whoever sees only masks nothing of what they hide, or little, and counts it as searching."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from carloan.core.errors import Invalid
from carloan.core.models import AuditEvent, Role, RoleAssignment, RoleCapability
from carloan.core.sealed import clear
from carloan.core.services import searching
from carloan.loans.models import ImportBatch, ImportRow, Loan, LoanParty, Party
from carloan.loans.policies.facts import PersonFacts
from carloan.loans.services.people import party_change
from tests.cast import Lender
from tests.loans.book import HEADER, core_file, core_row, csv_bytes, id_number, name, open_loan, phone, vin_number
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


def test_a_dry_run_does_not_tell_whether_only_sealed_values_would_change(masked: Lender) -> None:
    with masked.open():
        actor = masked.actor("officer")
        for phone in ("13800000001", "13999999999"):
            batch = check(actor, upload(actor, csv_bytes([HEADER, core_row(1, 手机号=phone)])))
            assert counts(batch) == (0, 0, 1, 0)
            assert [row[2] for row in told(batch)] == [None]


def test_a_row_that_moves_a_loan_to_where_the_sender_sees_tells_no_more(masked: Lender) -> None:
    with masked.open():
        event_id = masked.members["officer"].audit_event_id
        role = Role.objects.create(key="west-eyes", name="西区", audit_event_id=event_id)
        RoleCapability.objects.create(role=role, capability="sight.clear", scope="branch", audit_event_id=event_id)
        RoleAssignment.objects.create(
            membership=masked.members["officer"], role=role, branch=masked.branches["west"], audit_event_id=event_id
        )
        actor = masked.actor("officer")
        row = core_row(1, 手机号="13999999999", 机构="102")
        batch = check(actor, upload(actor, csv_bytes([HEADER, row])))
        assert ImportRow.objects.get(batch=batch).changed == ["branch"]


def test_rows_that_change_what_is_masked_count_as_searches_and_are_booked_whole_or_not_at_all(
    masked: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_A_MINUTE", 3)

    def guesses(*serials: int) -> bytes:
        return csv_bytes([HEADER, *(core_row(n, 手机号=f"1399999999{n}", 当前余额="1") for n in serials)])

    with masked.open():
        actor = masked.actor("officer")
        right = csv_bytes([HEADER, *(core_row(n, 当前余额="2") for n in (3, 4))])
        assert counts(run(actor, upload(actor, right))) == (0, 2, 0, 0)
        assert asked(masked) == 0, "what is as guessed is the usual case"
        assert counts(run(actor, upload(actor, guesses(1, 2)))) == (0, 2, 0, 0)
        assert asked(masked) == 2
        batch = run(actor, upload(actor, guesses(3, 4)))
        assert batch.job is not None
        assert (batch.job.state, batch.cursor, asked(masked)) == ("failed", 0, 3)
        assert Loan.objects.get(contract_no="CAR202400000003").outstanding == 200
        admin = masked.actor("admin")
        assert counts(run(admin, upload(admin, guesses(3, 4)))) == (0, 2, 0, 0)


def test_a_telephone_number_added_by_hand_to_somebody_masked_counts_as_a_search(
    masked: Lender, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_A_MINUTE", 2)
    with masked.open():
        row = LoanParty.objects.select_related("party").get(loan__contract_no="CAR202400000001", role="borrower")
    path = f"/loans/{row.loan_id}/people/{row.id}/"
    answers = []
    for role, tries in (("officer", 3), ("admin", 1)):
        client = client_of(masked, role)
        for number in range(tries):
            with masked.open():
                form = {"revision": borrower(1).revision, "row-revision": 1, "role": "borrower", "kind": "person"}
                form["id_kind"] = "resident"
            answers.append(client.post(path, {**form, "phone": phone(1 + number)}).status_code)
    assert answers == [302, 302, 429, 302]
    with masked.open():
        assert asked(masked) == 2
        assert borrower(1).contact_points.count() == 2


def test_a_person_shared_beyond_reach_is_refused_whatever_is_typed_over_the_mask(masked: Lender) -> None:
    with masked.open():
        admin = masked.actor("admin")
        east, west = (masked.branches[place].id for place in ("east", "west"))
        loan = open_loan(admin, 50, branch_id=east)
        open_loan(admin, 50, branch_id=west, contract_no="BEYOND")
        RoleAssignment.objects.filter(membership=masked.members["officer"]).update(branch_id=east)
        party = LoanParty.objects.select_related("party").get(loan=loan, role="borrower").party
        facts = PersonFacts(name(50), id_kind="resident", id_number=id_number(50))
        for number in (id_number(50), id_number(51)):
            with pytest.raises(Invalid):
                party_change(
                    actor=masked.actor("officer"), loan=loan, party=party, revision=party.revision,
                    facts=replace(facts, id_number=number), given=["id_number"],
                )  # fmt: skip
        asked_before = asked(masked)
        party_change(
            actor=masked.actor("officer"), loan=loan, party=party, facts=facts, revision=party.revision, given=[]
        )
        assert asked(masked) == asked_before


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
