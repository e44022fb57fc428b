"""The worker's way: read, match, file or put on the desk. The pipeline is the real one."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from carloan.archives.models import Paper, PaperField, PaperPage, SearchBlock, SearchSegment, SearchSlot
from carloan.archives.recognition import recognise as pipeline
from carloan.archives.selectors.papers import content_of, fields_of, pages_of, text_of
from carloan.archives.services import reading
from carloan.archives.services.reading import paper_recognise
from carloan.core.audit import open_detail
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.demonstration import papers as demonstration
from carloan.loans.models import Loan
from carloan.loans.policies.facts import PersonFacts, VehicleFacts
from carloan.loans.services.loans import PersonIn
from tests.archives.conftest import loan_for, received
from tests.archives.specimens import deal, drawn
from tests.cast import Lender

pytestmark = [pytest.mark.django_db(databases=["default", "keystore"]), pytest.mark.ocr]


@pytest.fixture(autouse=True)
def _fast(fast_recognition: None) -> None:
    return None


def read(paper: Paper) -> Paper:
    paper_recognise(paper_id=paper.id)
    return Paper.objects.select_related("loan").get(id=paper.id)


def loan_of_deal(lender: Lender, one: demonstration.Deal, contract_no: str = "", **more: Any) -> Loan:
    return loan_for(
        lender, contract_no=contract_no or one.contract_no,
        people=[PersonIn(PersonFacts(name=one.buyer.name, id_kind="resident", id_number=one.buyer.id_number))],
        vehicle=VehicleFacts(vin=one.vehicle.vin, plate=one.vehicle.plate), **more,
    )  # fmt: skip


def test_a_good_paper_on_its_loan_is_filed_by_the_machine(bank: Lender) -> None:
    one = deal()
    _, data = drawn(demonstration.id_card_front(one.buyer))
    with bank.open():
        paper = read(received(bank, data, loan=loan_of_deal(bank, one)))
        assert (paper.state, paper.kind, paper.problems) == ("filed", "id_card_front", [])
        values = {field.name: clear(field, "value") for field in fields_of(paper)}
        assert values["number"] == one.buyer.id_number
        assert values["name"] == one.buyer.name
        assert one.buyer.name in text_of(paper)


def test_a_good_paper_on_the_desk_finds_its_loan_and_its_key_moves_with_it(bank: Lender) -> None:
    one = deal(2)
    _, data = drawn(demonstration.loan_contract(one))
    with bank.open():
        loan = loan_of_deal(bank, one, term=one.term_months)
        paper = received(bank, data)
        on_desk, stored = bytes(paper.wrapped_key), paper.stored
        paper = read(paper)
        assert (paper.state, paper.loan_id, paper.problems) == ("filed", loan.id, [])
        assert paper.dossier is not None
        assert bytes(paper.wrapped_key) != on_desk
        assert paper.stored == stored
        assert clear(paper, "name") == "扫描件.png"
        proofs = {row.name: row.proofs for row in PaperField.objects.filter(paper=paper)}
        assert {"reread", "together"} <= set(proofs["borrower_name"])
        assert "book" not in proofs["borrower_id"]


def test_a_good_paper_of_nobody_waits_with_no_loan(bank: Lender) -> None:
    _, data = drawn(demonstration.id_card_front(deal(3).buyer))
    with bank.open():
        paper = read(received(bank, data))
        assert paper.state == "review"
        assert [problem["code"] for problem in paper.problems] == ["no_loan"]


def test_a_person_with_two_loans_is_never_guessed(bank: Lender) -> None:
    one = deal(1)
    _, data = drawn(demonstration.id_card_front(one.buyer))
    with bank.open():
        loan_of_deal(bank, one, "HX-A-000001")
        loan_of_deal(bank, one, "HX-A-000002")
        paper = read(received(bank, data))
        assert (paper.state, paper.loan_id) == ("review", None)
        assert [problem["code"] for problem in paper.problems] == ["several_loans"]


def test_a_paper_of_somebody_else_on_a_loan_waits(bank: Lender, loan: Loan) -> None:
    _, data = drawn(demonstration.id_card_front(deal(3).buyer))
    with bank.open():
        paper = read(received(bank, data, loan=loan))
        assert paper.state == "review"
        (problem,) = paper.problems
        assert problem["code"] == "loan_differs"
        assert set(problem["fields"]) == {"name", "number"}


def test_a_fault_in_the_paper_keeps_it_from_being_filed(bank: Lender, shared_data: Path) -> None:
    with bank.open():
        loan = loan_for(bank, contract_no="HX-9", people=[], vehicle=None)
        data = (shared_data / "documents/id-card-demo.png").read_bytes()
        paper = read(received(bank, data, loan=loan))
        assert paper.state == "review"
        assert {"id_check", "id_division"} <= {problem["code"] for problem in paper.problems}


def test_the_same_file_on_two_loans_is_announced_and_filed_on_both(bank: Lender) -> None:
    one = deal(1)
    _, data = drawn(demonstration.id_card_front(one.buyer))
    with bank.open():
        first = read(received(bank, data, loan=loan_of_deal(bank, one, "HX-A-000001")))
        second = read(received(bank, data, loan=loan_of_deal(bank, one, "HX-A-000002")))
        assert first.problems == []
        assert [problem["code"] for problem in second.problems] == ["possible_duplicate"]
        assert (first.state, second.state) == ("filed", "filed")


def test_nothing_that_was_read_stands_in_clear_in_the_database(bank: Lender, shared_data: Path) -> None:
    data = (shared_data / "documents/id-card-demo.png").read_bytes()
    with bank.open():
        paper = read(received(bank, data))
        tables: list[Any] = [
            model.objects for model in (Paper, PaperPage, PaperField, SearchSegment, SearchSlot, SearchBlock)
        ]
        stored = repr([list(table.values()) for table in tables]).encode()
        for secret in ("李蓝", "389201199001245580", "金车路"):
            assert secret.encode() not in stored
            assert repr(secret.encode())[2:-1].encode() not in stored
        (page,) = pages_of(paper)
        assert any(line[0].startswith("公民身份号码") for line in content_of(page)["lines"])


def test_a_paper_that_is_being_read_is_left_to_its_worker(bank: Lender, shared_data: Path) -> None:
    data = (shared_data / "documents/id-card-demo.png").read_bytes()
    with bank.open():
        paper = received(bank, data)
        Paper.objects.filter(id=paper.id).update(
            state="recognising", attempts=1, lease_until=timezone.now() + timedelta(seconds=60)
        )
        assert read(paper).attempts == 1


def test_a_paper_whose_worker_died_is_read_by_the_next(bank: Lender, shared_data: Path) -> None:
    data = (shared_data / "documents/id-card-demo.png").read_bytes()
    with bank.open():
        paper = received(bank, data)
        Paper.objects.filter(id=paper.id).update(
            state="recognising", attempts=1, lease_until=timezone.now() - timedelta(seconds=1)
        )
        paper = read(paper)
        assert (paper.state, paper.attempts) == ("review", 2)


def test_after_three_dead_workers_a_person_gets_the_paper_with_the_reason(bank: Lender, shared_data: Path) -> None:
    data = (shared_data / "documents/id-card-demo.png").read_bytes()
    with bank.open():
        paper = received(bank, data)
        Paper.objects.filter(id=paper.id).update(
            state="recognising", attempts=3, lease_until=timezone.now() - timedelta(seconds=1)
        )
        paper = read(paper)
        assert paper.state == "review"
        assert [problem["code"] for problem in paper.problems] == ["recognition_failed"]


def test_an_error_of_ours_is_tried_again_and_named(
    bank: Lender, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = (shared_data / "documents/id-card-demo.png").read_bytes()
    with bank.open():
        paper = received(bank, data)

        def broken(*_args: Any, **_options: Any) -> Any:
            raise ZeroDivisionError

        monkeypatch.setattr(reading, "recognise", broken)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                read(paper)
        paper = read(paper)
        assert paper.state == "review"
        # People read what happened to them; what happened to us stands in the trail.
        assert paper.problems == [{"code": "recognition_failed", "fields": [], "data": {}}]
        given_up = AuditEvent.objects.get(action="archives.paper.given_up", object_id=paper.id)
        assert open_detail(given_up)["after"] == {"error": "ZeroDivisionError"}


def test_a_worker_that_lost_its_lease_writes_nothing(
    bank: Lender, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = (shared_data / "documents/id-card-demo.png").read_bytes()
    with bank.open():
        paper = received(bank, data)

        def slow(*args: Any, **kwargs: Any) -> pipeline.Recognition:
            Paper.objects.filter(id=paper.id).update(attempts=2)  # another worker took over meanwhile
            return pipeline.recognise(*args, **kwargs)

        monkeypatch.setattr(reading, "recognise", slow)
        assert read(paper).state == "recognising"
        assert not PaperField.objects.filter(paper=paper).exists()


def test_a_person_s_value_is_never_overwritten_by_a_machine(bank: Lender, shared_data: Path) -> None:
    data = (shared_data / "documents/id-card-demo.png").read_bytes()
    with bank.open():
        paper = read(received(bank, data))
        field = PaperField.objects.select_related("paper").get(paper=paper, name="name")
        PaperField.objects.filter(id=field.id).update(source="person")
        before = bytes(field.value)
        Paper.objects.filter(id=paper.id).update(state="received")
        read(paper)
        assert bytes(PaperField.objects.get(paper=paper, name="name").value) == before


def test_a_paper_that_breaks_the_database_each_time_goes_to_a_person_at_last(
    bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_options: Any) -> Any:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(reading, "recognise", broken)
    _, data = drawn(demonstration.id_card_front(deal().buyer))
    with bank.open():
        paper = received(bank, data)
        for outages in (1, 2):
            Paper.objects.filter(id=paper.id).update(lease_until=timezone.now() - timedelta(seconds=1))
            with pytest.raises(OperationalError):
                read(paper)
            paper.refresh_from_db()
            assert (paper.state, paper.attempts, paper.outages) == ("recognising", 0, outages)
        assert paper.lease_until is not None
        assert paper.lease_until > timezone.now() + timedelta(seconds=15)
        Paper.objects.filter(id=paper.id).update(outages=reading.MOST_OUTAGES)
        for _ in range(reading.MOST_ATTEMPTS):
            Paper.objects.filter(id=paper.id).update(lease_until=timezone.now() - timedelta(seconds=1))
            with pytest.raises(OperationalError):
                read(paper)
        Paper.objects.filter(id=paper.id).update(lease_until=timezone.now() - timedelta(seconds=1))
        paper = read(paper)
        assert paper.state == "review"
        assert [problem["code"] for problem in paper.problems] == ["recognition_failed"]
