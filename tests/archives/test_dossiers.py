"""Checklists of dossiers: taken from a template pack, ticked by papers, waived, closed and reopened."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from carloan.archives.models import (
    Dossier,
    PackItem,
    PackVersion,
    Paper,
    PaperTick,
    StageClosing,
    TemplatePack,
    Waiver,
)
from carloan.archives.policies.checklist import State
from carloan.archives.ready_packs import READY
from carloan.archives.selectors.checklist import Checklist, checklist_of
from carloan.archives.services.dossier_sweeping import dossiers_sweep
from carloan.archives.services.filing import paper_refile, paper_return
from carloan.archives.services.packs import packs_install
from carloan.archives.services.reckoning import dossiers_reckon
from carloan.archives.services.stages import dossier_move, stage_close, stage_reopen_ask, stage_reopen_decide
from carloan.archives.services.ticking import Spot, paper_place
from carloan.archives.services.waivers import waiver_ask, waiver_decide
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent
from carloan.loans.models import Loan, LoanParty, Vehicle
from carloan.loans.policies.facts import PersonFacts, VehicleFacts
from carloan.loans.services.loans import PersonIn, loan_change, loan_party_add
from tests.archives.checklists import BACK, BORROWER, CARD, NEW
from tests.archives.conftest import loan_for, transcribed
from tests.cast import Lender

WIFE = PersonFacts(name="张三", id_kind="resident", id_number="110101199003078881")
pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def loan(bank: Lender, db: None) -> Loan:
    with bank.open():
        return loan_for(bank, people=[PersonIn(BORROWER)], vehicle=NEW)


def state_of(checklist: Checklist, key: str) -> State:
    (line,) = [line for line in checklist.lines if line.item.key == key]
    return line.standing.state


def counts(loan: Loan) -> tuple[int, int, int, int | None]:
    dossier = Dossier.objects.get(loan=loan)
    return dossier.required, dossier.done, dossier.blocking, dossier.percent


def waive(bank: Lender, loan: Loan, key: str, **more: Any) -> Waiver:
    asked = waiver_ask(actor=bank.actor("officer"), loan=loan, spot=Spot(key), reason="另案已存", **more)
    return waiver_decide(actor=bank.actor("archivist"), waiver=asked, revision=asked.revision, agrees=True)


def complete(bank: Lender, loan: Loan) -> None:
    """All that the first stage of a new car requires."""
    transcribed(bank, CARD, loan=loan)
    transcribed(bank, BACK, kind="id_card_back", loan=loan)
    for key in ("application_form", "credit_consent"):
        waive(bank, loan, key)


class TestTickingAndCounting:
    def test_the_first_paper_takes_the_pack_of_the_product_and_ticks_its_item(self, bank: Lender, loan: Loan) -> None:
        with bank.open():
            paper = transcribed(bank, CARD, loan=loan)
            assert paper.state == Paper.State.FILED
            dossier = Dossier.objects.get(loan=loan)
            assert dossier.pack_version is not None
            assert dossier.pack_version.pack.code == "new_car"
            assert counts(loan) == (4, 1, 3, 25)
            checklist = checklist_of(loan)
            assert state_of(checklist, "borrower_id_front") == State.VERIFIED
            assert state_of(checklist, "borrower_id_back") == State.MISSING

    def test_a_lender_gets_the_ready_packs_once(self, bank: Lender) -> None:
        with bank.open():
            assert packs_install(actor=bank.system) == len(READY)
            assert packs_install(actor=bank.system) == 0
            assert TemplatePack.objects.count() == len(READY)

    def test_of_a_loan_whose_product_is_not_known_nothing_is_asked(self, bank: Lender) -> None:
        with bank.open():
            loan = loan_for(bank)
            transcribed(bank, CARD, loan=loan)
            assert counts(loan) == (0, 0, 0, None)
            assert checklist_of(loan).version is None
            loan_change(actor=bank.system, loan=loan, revision=loan.revision, changes={"product": "二手车贷"})
            dossier = Dossier.objects.get(loan=loan)
            assert dossier.pack_version is not None
            assert dossier.pack_version.pack.code == "used_car"
            assert dossier.done == 1

    def test_each_co_borrower_is_asked_and_only_their_own_card_counts(self, bank: Lender, loan: Loan) -> None:
        with bank.open():
            transcribed(bank, CARD, loan=loan)
            loan_party_add(actor=bank.system, loan=loan, person=PersonIn(WIFE, role="co_borrower"))
            assert counts(loan) == (6, 1, 5, 16)
            wife = LoanParty.objects.get(loan=loan, role="co_borrower").party_id
            transcribed(bank, CARD | {"name": "张三", "number": WIFE.id_number}, loan=loan)
            assert counts(loan) == (6, 2, 4, 33)
            assert PaperTick.objects.filter(item_key="co_borrower_id_front", party_id=wife).count() == 1
            # The back of a card names nobody: of two people it is nobody's until somebody says whose.
            back = transcribed(bank, BACK, kind="id_card_back", loan=loan)
            assert not PaperTick.objects.filter(paper=back).exists()
            assert [paper.id for paper in checklist_of(loan).loose] == [back.id]
            paper_place(actor=bank.actor("officer"), paper=back, spot=Spot("co_borrower_id_back", wife))
            assert counts(loan) == (6, 3, 3, 50)

    def test_a_paper_that_is_moved_or_returned_ticks_no_more(self, bank: Lender, loan: Loan) -> None:
        with bank.open():
            other = loan_for(bank, contract_no="HX-2025-000778", people=[PersonIn(WIFE)], vehicle=VehicleFacts())
            paper = transcribed(bank, CARD, loan=loan)
            paper_return(actor=bank.actor("archivist"), paper=paper, revision=paper.revision, reason="模糊")
            assert counts(loan)[1] == 0
            assert state_of(checklist_of(loan), "borrower_id_front") == State.IN_REVIEW
            paper.refresh_from_db()
            paper_refile(
                actor=bank.actor("archivist"), paper=paper, revision=paper.revision, loan=other, reason="放错了"
            )
            assert not PaperTick.objects.filter(dossier__loan=loan).exists()
            assert state_of(checklist_of(loan), "borrower_id_front") == State.MISSING

    def test_a_paper_expires_by_the_day_alone(self, bank: Lender, loan: Loan) -> None:
        with bank.open():
            soon = timezone.localdate() + timedelta(days=10)
            transcribed(bank, BACK | {"valid_to": soon.isoformat()}, kind="id_card_back", loan=loan)
            dossier = Dossier.objects.get(loan=loan)
            assert (dossier.done, dossier.expires_on) == (1, soon)
            after = soon + timedelta(days=1)
            assert dossiers_reckon(None, today=after).changed == 1
            dossier.refresh_from_db()
            assert (dossier.done, dossier.expires_on) == (0, None)
            line = next(x for x in checklist_of(loan, today=after).lines if x.item.key == "borrower_id_back")
            assert line.standing.state == State.EXPIRED
            assert dossiers_reckon(None, today=after).changed == 0

    def test_the_database_counts_as_the_plain_reckoning_does(self, bank: Lender, loan: Loan) -> None:
        with bank.open():
            complete(bank, loan)
            loan_party_add(actor=bank.system, loan=loan, person=PersonIn(WIFE, role="guarantor", guarantee="joint"))
            other = loan_for(
                bank, contract_no="HX-2025-000779", people=[PersonIn(WIFE)],
                vehicle=VehicleFacts(make="大众", condition="used"), principal=60_000_000,
            )  # fmt: skip
            transcribed(bank, CARD | {"name": "张三", "number": WIFE.id_number}, loan=other)
            for each in (loan, other):
                for state in ("application", "approval", "disbursal", "servicing", "settled", "declined"):
                    Loan.objects.filter(id=each.id).update(state=state)
                    each.refresh_from_db()
                    dossiers_reckon(None, today=timezone.localdate())
                    plain = checklist_of(each).completeness
                    assert counts(each)[:2] == (plain.asked, plain.done), state
                    assert counts(each)[3] == plain.percent


class TestSweeping:
    def test_a_night_counts_what_a_day_changed_and_gives_packs_to_those_that_have_none(
        self, bank: Lender, loan: Loan
    ) -> None:
        with bank.open():
            soon = timezone.localdate() + timedelta(days=1)
            transcribed(bank, BACK | {"valid_to": soon.isoformat()}, kind="id_card_back", loan=loan)
            Vehicle.objects.filter(loan=loan).update(condition="unknown")
            late = loan_for(bank, contract_no="HX-2025-000780", people=[PersonIn(WIFE)], vehicle=VehicleFacts())
            transcribed(bank, CARD | {"name": "张三", "number": WIFE.id_number}, loan=late)
            Loan.objects.filter(id=late.id).update(product="直租")
            later = timezone.now() + timedelta(days=2)
            dossiers_sweep(actor=bank.system, now=later)
            assert counts(loan)[1] == 0
            equipped = Dossier.objects.get(loan=late)
            assert equipped.pack_version is not None
            assert equipped.pack_version.pack.code == "lease"
            assert equipped.done == 1
            assert AuditEvent.objects.filter(action="archives.dossiers.swept").count() == 1
            assert dossiers_sweep(actor=bank.system, now=later) == 0


class TestWaivers:
    def test_a_waiver_counts_once_somebody_else_approves(self, bank: Lender, loan: Loan) -> None:
        with bank.open():
            officer, archivist = bank.actor("officer"), bank.actor("archivist")
            asked = waiver_ask(actor=officer, loan=loan, spot=Spot("credit_consent"), reason="线上授权")
            with pytest.raises(Conflict):
                waiver_ask(actor=archivist, loan=loan, spot=Spot("credit_consent"), reason="线上授权")
            with pytest.raises(Forbidden):
                waiver_decide(actor=officer, waiver=asked, revision=asked.revision, agrees=True)
            assert state_of(checklist_of(loan), "credit_consent") == State.MISSING
            waiver_decide(actor=archivist, waiver=asked, revision=asked.revision, agrees=True)
            assert state_of(checklist_of(loan), "credit_consent") == State.WAIVED
            assert counts(loan)[1] == 1

    def test_nobody_decides_about_their_own_and_a_refusal_says_why(self, bank: Lender, loan: Loan) -> None:
        with bank.open():
            archivist, compliance = bank.actor("archivist"), bank.actor("compliance")
            asked = waiver_ask(actor=archivist, loan=loan, spot=Spot("credit_consent"), reason="线上授权")
            with pytest.raises(Conflict):
                waiver_decide(actor=archivist, waiver=asked, revision=asked.revision, agrees=True)
            with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
                Waiver.objects.filter(id=asked.id).update(
                    state="approved", decided_by=asked.asked_by_id, decided_at=timezone.now()
                )
            with pytest.raises(Invalid):
                waiver_decide(actor=compliance, waiver=asked, revision=asked.revision, agrees=False)
            waiver_decide(actor=compliance, waiver=asked, revision=asked.revision, agrees=False, answer="必须有")
            assert state_of(checklist_of(loan), "credit_consent") == State.MISSING

    def test_a_waiver_ends_on_its_day(self, bank: Lender, loan: Loan) -> None:
        with bank.open():
            until = timezone.localdate() + timedelta(days=3)
            waive(bank, loan, "credit_consent", until=until)
            after = until + timedelta(days=1)
            assert state_of(checklist_of(loan, today=until), "credit_consent") == State.WAIVED
            assert state_of(checklist_of(loan, today=after), "credit_consent") == State.MISSING

    @pytest.mark.parametrize(
        ("given", "named"),
        [
            ({"reason": " "}, "reason"),
            ({"until": date(2020, 1, 1)}, "until"),
            ({"spot": Spot("nothing")}, "item"),
            ({"spot": Spot("borrower_id_front")}, "party"),
        ],
    )
    def test_what_cannot_be_asked(self, bank: Lender, loan: Loan, given: dict[str, Any], named: str) -> None:
        with bank.open(), pytest.raises(Invalid) as caught:
            waiver_ask(
                actor=bank.actor("officer"), loan=loan,
                **({"spot": Spot("credit_consent"), "reason": "线上授权"} | given),
            )  # fmt: skip
        assert named in caught.value.fields


class TestStages:
    def test_a_stage_closes_only_complete_and_is_sealed_until_two_people_reopen_it(
        self, bank: Lender, loan: Loan
    ) -> None:
        with bank.open():
            officer, archivist, compliance = (bank.actor(role) for role in ("officer", "archivist", "compliance"))
            with pytest.raises(Invalid):
                stage_close(actor=officer, loan=loan, stage="application")
            complete(bank, loan)
            with pytest.raises(Invalid):
                stage_close(actor=officer, loan=loan, stage="approval")
            closing = stage_close(actor=officer, loan=loan, stage="application")
            assert closing.papers == 2
            paper = Paper.objects.get(kind="id_card_front")
            with pytest.raises(Conflict) as caught:
                paper_return(actor=archivist, paper=paper, revision=paper.revision, reason="模糊")
            assert caught.value.error_code == "stage_closed"
            with pytest.raises(Conflict):
                dossier_move(
                    actor=archivist, loan=loan, version=PackVersion.objects.get(pack__code="lease"), reason="x"
                )
            stage_reopen_ask(actor=archivist, closing=closing, revision=closing.revision, reason="补件")
            closing.refresh_from_db()
            with pytest.raises(Conflict):
                stage_reopen_decide(actor=archivist, closing=closing, revision=closing.revision, agrees=True)
            stage_reopen_decide(actor=compliance, closing=closing, revision=closing.revision, agrees=True)
            paper_return(actor=archivist, paper=paper, revision=paper.revision, reason="模糊")
            assert counts(loan)[1] == 3

    @pytest.mark.parametrize("change", [{"dossier": None, "loan": None}, {"state": "review"}, {"kind": "other"}])
    def test_the_database_keeps_what_a_closed_stage_holds(
        self, bank: Lender, loan: Loan, change: dict[str, Any]
    ) -> None:
        with bank.open():
            complete(bank, loan)
            stage_close(actor=bank.actor("officer"), loan=loan, stage="application")
            paper = Paper.objects.get(kind="id_card_front")
            with pytest.raises(IntegrityError, match="closed stage"), transaction.atomic():
                Paper.objects.filter(id=paper.id).update(**change)
            with pytest.raises(IntegrityError, match="closed stage"), transaction.atomic():
                PaperTick.objects.filter(paper=paper).delete()
            with pytest.raises(IntegrityError, match=r"four_eyes|no step"), transaction.atomic():
                StageClosing.objects.update(state="reopened")

    def test_more_papers_still_come_in(self, bank: Lender, loan: Loan) -> None:
        with bank.open():
            complete(bank, loan)
            stage_close(actor=bank.actor("officer"), loan=loan, stage="application")
            more = transcribed(bank, BACK | {"valid_to": "2045-01-01"}, kind="id_card_back", loan=loan)
            assert PaperTick.objects.filter(paper=more, stage="application").exists()


class TestPublishedPacks:
    def test_nobody_changes_what_is_published(self, bank: Lender, loan: Loan) -> None:
        with bank.open():
            packs_install(actor=bank.system)
            with pytest.raises(IntegrityError, match="stands"), transaction.atomic():
                PackItem.objects.filter(key="contract").update(required=False)
            with pytest.raises(IntegrityError, match="stands"), transaction.atomic():
                PackVersion.objects.update(note="x")

    def test_a_loan_stays_on_its_version_until_it_is_moved(self, bank: Lender, loan: Loan) -> None:
        with bank.open():
            transcribed(bank, CARD, loan=loan)
            lease = PackVersion.objects.get(pack__code="lease")
            with pytest.raises(Invalid):
                dossier_move(actor=bank.actor("officer"), loan=loan, version=lease, reason="")
            dossier_move(actor=bank.actor("officer"), loan=loan, version=lease, reason="改做租赁")
            assert Dossier.objects.get(loan=loan).pack_version_id == lease.id
            assert counts(loan)[1] == 1
