"""Sealed apart: what is past its archive stands under another key, opens by two people, and comes back."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from carloan.archives.models import Paper
from carloan.compliance.models import ArchiveBackup, Opening, RetentionRecord, SealedUnit
from carloan.compliance.selectors.sealed_units import get_sealed_for
from carloan.compliance.services import sealing_apart
from carloan.compliance.services.archive_backups import backup_begin, backup_work
from carloan.compliance.services.openings import opening_decide, opening_use
from carloan.compliance.services.sealing_apart import (
    sealed_ask,
    sealed_open,
    units_join_again,
    units_seal_apart,
)
from carloan.core import destroyed
from carloan.core.errors import Forbidden, Invalid, NotFound, SealedApart
from carloan.core.keys import (
    Subject,
    forget_keys,
    is_destroyed,
    key_hold_open,
    past_the_seal,
    secrets_of,
)
from carloan.core.keystore.models import SubjectKey
from carloan.core.models import AuditEvent, KeyCeremony
from carloan.core.sealed import clear
from carloan.core.services.key_rotation import rotation_work, tenant_key_rotate
from carloan.core.sight import show
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.loans.models import Loan, Vehicle
from carloan.loans.services import destroying
from carloan.loans.services.loans import loan_move
from tests.archives.conftest import received
from tests.cast import Lender
from tests.compliance.held import another
from tests.compliance.retained import borrower, ended_loan, published, sweep
from tests.loans.book import open_loan, person, vin_number
from tests.tenancy.routes import BLANK_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
# Contract to be appraised, payments and identity sealed until 2030.
PAST_ARCHIVE = date(2020, 5, 1)


def seal(lender: Lender) -> None:
    """What the night does behind the sweep."""
    sweep(lender)
    for unit in ("loan", "party"):
        assert units_join_again(actor=lender.system, unit=unit) is None
        assert units_seal_apart(actor=lender.system, unit=unit) is None
    forget_keys()


def sealed_loan(lender: Lender, serial: int = 1) -> Loan:
    published(lender)
    loan = ended_loan(lender, serial, PAST_ARCHIVE, people=[person(serial)])
    received(lender, BLANK_PAGE + str(serial).encode(), loan=loan)
    seal(lender)
    return loan


def key_of(subject: Subject) -> SubjectKey:
    with tenant_atomic(using="keystore"):
        return SubjectKey.objects.get(id=subject.id)


def row_of(loan: Loan) -> SealedUnit:
    return SealedUnit.objects.get(object_id=loan.id, ended_at=None)


def opened(lender: Lender, loan: Loan, until: date | None = None) -> Opening:
    """Asked for by one, decided by another, used by the first."""
    asker = another(lender, "compliance", "启封人")
    opening = sealed_ask(actor=asker, row=row_of(loan), until=until or timezone.localdate(), reason_code="legal")
    opening_decide(actor=lender.actor("compliance"), opening=opening, approve=True)
    opening_use(actor=asker, opening=opening)
    sealed_open(actor=asker, asked=opening.asked, opening_id=opening.id)
    forget_keys()
    return opening


def test_what_is_past_its_archive_does_not_open_any_more(bank: Lender) -> None:
    with bank.open():
        loan = sealed_loan(bank)
        younger = ended_loan(bank, 2, date(2023, 5, 1), people=[person(2)])
        seal(bank)
        vehicle = Vehicle.objects.get(loan=loan)
        with pytest.raises(SealedApart):
            clear(vehicle, "vin")
        assert show(bank.actor("admin"), vehicle, "vin").text == "已独立封存"
        assert show(bank.actor("compliance"), borrower(loan), "name").text == "已独立封存"
        assert key_of(loan.key_subject()).apart
        assert clear(Vehicle.objects.get(loan=younger), "vin") == vin_number(2)
        with past_the_seal():
            assert clear(vehicle, "vin") == vin_number(1)
        with pytest.raises(SealedApart):
            secrets_of(loan.key_subject())
        assert sorted(SealedUnit.objects.values_list("unit", flat=True)) == ["loan", "party"]
        events = AuditEvent.objects.filter(action="compliance.sealed.apart")
        assert [event.actor_kind for event in events] == ["system", "system"]
        assert KeyCeremony.objects.filter(purpose="seal", act="made").count() == 1
        # Another night finds nothing to do.
        seal(bank)
        assert events.count() == 2


def test_a_person_with_a_living_loan_stays_readable(bank: Lender) -> None:
    with bank.open():
        published(bank)
        one = person(1)
        old = ended_loan(bank, 1, PAST_ARCHIVE, people=[one])
        open_loan(bank.actor("admin"), 2, people=[one])
        seal(bank)
        assert list(SealedUnit.objects.values_list("object_id", flat=True)) == [old.id]
        assert clear(borrower(old), "name")


def test_two_people_open_it_until_a_day_and_it_closes_by_itself(bank: Lender) -> None:
    with bank.open():
        loan = sealed_loan(bank)
        asker = bank.actor("compliance")
        opening = sealed_ask(
            actor=asker, row=row_of(loan), until=timezone.localdate(), reason_code="legal", reason="法院调取"
        )
        with pytest.raises(Invalid):
            opening_decide(actor=asker, opening=opening, approve=True)
        with pytest.raises(SealedApart):
            secrets_of(loan.key_subject())
        opened(bank, loan)
        assert clear(Vehicle.objects.get(loan=loan), "vin") == vin_number(1)
        assert clear(borrower(loan), "name")
        key = key_of(loan.key_subject())
        assert key.apart
        assert key.opened_by != key.approved_by
        event = AuditEvent.objects.get(action="compliance.sealed.opened")
        assert (event.object_id, json.loads(bytes(event.canon))["count"]) == (loan.id, 2)
        with tenant_atomic(using="keystore"):
            SubjectKey.objects.filter(id=loan.id).update(open_until=timezone.now() - timedelta(seconds=1))
        with pytest.raises(SealedApart):
            clear(Vehicle.objects.get(loan=loan), "vin")


def test_the_key_store_refuses_one_person_twice(bank: Lender) -> None:
    with bank.open():
        loan = sealed_loan(bank)
        one = bank.members["compliance"].id
        with pytest.raises(IntegrityError), transaction.atomic(using="keystore"):
            key_hold_open(loan.key_subject(), until=timezone.now(), opened_by=one, approved_by=one)


def test_who_may_ask_and_for_how_long(bank: Lender, other: Lender) -> None:
    with bank.open():
        loan = sealed_loan(bank)
        row = row_of(loan)
        ask: dict[str, Any] = {"row": row, "until": timezone.localdate(), "reason_code": "legal"}
        with pytest.raises(Forbidden):
            sealed_ask(actor=bank.actor("archivist"), **ask)
        for until in (timezone.localdate() - timedelta(days=1), timezone.localdate() + timedelta(days=31)):
            with pytest.raises(Invalid):
                sealed_ask(actor=bank.actor("compliance"), **{**ask, "until": until})
        with pytest.raises(Invalid):
            sealed_ask(actor=bank.actor("compliance"), **{**ask, "reason_code": ""})
        assert get_sealed_for(bank.actor("compliance"), row.id).id == row.id
    with other.open(), pytest.raises(NotFound):
        get_sealed_for(other.actor("compliance"), row.id)


def test_a_reopened_loan_is_joined_again(bank: Lender) -> None:
    with bank.open():
        loan = sealed_loan(bank)
        with pytest.raises(SealedApart):
            loan_move(actor=bank.actor("admin"), loan=loan, event="reopen", reason="误结清")
        opened(bank, loan)
        loan_move(actor=bank.actor("admin"), loan=loan, event="reopen", reason="误结清")
        seal(bank)
        assert not key_of(loan.key_subject()).apart
        assert not key_of(borrower(loan).key_subject()).apart
        assert clear(Vehicle.objects.get(loan=loan), "vin") == vin_number(1)
        assert not SealedUnit.objects.filter(ended_at=None).exists()
        assert AuditEvent.objects.filter(action="compliance.sealed.joined").count() == 2
        # Settled again it is sealed again: another row, the first one stands.
        Loan.objects.filter(id=loan.id).update(state="settled", settled_on=PAST_ARCHIVE)
        seal(bank)
        assert SealedUnit.objects.filter(object_id=loan.id).count() == 2


def test_a_run_that_died_behind_the_row_moves_the_key_the_next_time(
    bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bank.open():
        with monkeypatch.context() as patch:
            patch.setattr(sealing_apart, "keys_move_apart", lambda *given, **named: 1 / 0)
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                sealed_loan(bank)
            published(bank)
            loan = ended_loan(bank, 2, PAST_ARCHIVE, people=[person(2)])
            sweep(bank)
            with pytest.raises(ZeroDivisionError):
                units_seal_apart(actor=bank.system, unit="loan")
        waiting = SealedUnit.objects.filter(object_id=loan.id, keyed_at=None)
        assert waiting.exists()
        seal(bank)
        assert not waiting.exists()
        assert key_of(loan.key_subject()).apart


def test_what_is_sealed_apart_is_destroyed_like_the_rest(bank: Lender) -> None:
    with bank.open():
        loan = sealed_loan(bank)
        destroyed.make_folder()
        destroying.loan_destroy(bank.system, loan.id)
        assert is_destroyed(loan.key_subject())
        assert list(destroying.loan_left(loan.id)) == []
        RetentionRecord.objects.filter(object_id=loan.id).update(phase="destroyed", next_on=None)
        seal(bank)
        assert SealedUnit.objects.get(object_id=loan.id).ended_at is not None


def test_the_quarterly_backup_takes_and_opens_it(bank: Lender, tmp_path: Any, settings: Any) -> None:
    backend = {"BACKEND": "carloan.core.vault.SealedFolder", "OPTIONS": {"location": tmp_path / "shelf"}}
    settings.STORAGES = {**settings.STORAGES, "archive_backups": backend}
    with bank.open():
        sealed_loan(bank)
        backup = backup_begin(actor=bank.system)
        with tenant_scope(bank.tenant.id):
            backup_work(job_id=backup.job_id)
        backup = ArchiveBackup.objects.get(id=backup.id)
        assert (backup.state, backup.units, backup.opened, backup.faults) == ("passed", 2, 3, 0)


def test_a_rotation_leaves_it_under_its_own_key_and_joining_takes_the_newest(bank: Lender) -> None:
    with bank.open():
        loan = sealed_loan(bank)
        before = bytes(key_of(loan.key_subject()).wrapped)
        job = tenant_key_rotate(actor=bank.actor("admin"), witnesses=["见证人"], reason="年度轮换")
        with tenant_scope(bank.tenant.id):
            rotation_work(job_id=job.id)
        job.refresh_from_db()
        assert job.state == "done"
        assert bytes(key_of(loan.key_subject()).wrapped) == before
        opened(bank, loan)
        assert clear(Vehicle.objects.get(loan=loan), "vin") == vin_number(1)
        Loan.objects.filter(id=loan.id).update(state="servicing", settled_on=None)
        seal(bank)
        assert clear(Vehicle.objects.get(loan=loan), "vin") == vin_number(1)


def test_a_rotation_of_the_sealing_key_leaves_open_what_two_people_opened_and_nothing_else(bank: Lender) -> None:
    """What is held open opens all along, what is not opens for nobody, and backups and joining take it as before."""
    with bank.open():
        loan = sealed_loan(bank)
        opened(bank, loan)
        other = ended_loan(bank, 2, PAST_ARCHIVE, people=[person(2)])
        seal(bank)
        before = key_of(loan.key_subject())
        job = tenant_key_rotate(
            actor=bank.actor("admin"), witnesses=["见证人"], reason="封存密钥轮换", purpose="seal", suite="G"
        )
        with tenant_scope(bank.tenant.id):
            rotation_work(job_id=job.id)
        forget_keys()
        job.refresh_from_db()
        assert (job.state, job.result) == ("done", {"version": 2, "keys": 4})
        after = key_of(loan.key_subject())
        assert (after.apart, after.tenant_key_version, after.open_until) == (True, 2, before.open_until)
        assert bytes(after.wrapped) != bytes(before.wrapped)
        assert clear(Vehicle.objects.get(loan=loan), "vin") == vin_number(1)
        with pytest.raises(SealedApart):
            clear(Vehicle.objects.get(loan=other), "vin")
        opened(bank, other)
        assert clear(Vehicle.objects.get(loan=other), "vin") == vin_number(2)
        acts = KeyCeremony.objects.filter(purpose="seal").order_by("created_at", "id").values_list("act", "suite")
        assert list(acts) == [("made", "A"), ("rotated", "G"), ("retired", "G")]
        assert AuditEvent.objects.filter(action="core.keys.sealing_retired").exists()
        Loan.objects.filter(id=loan.id).update(state="servicing", settled_on=None)
        seal(bank)
        assert not key_of(loan.key_subject()).apart
        assert clear(Vehicle.objects.get(loan=loan), "vin") == vin_number(1)


def test_pages_say_so_and_lead_to_the_opening(client_of: Any, bank: Lender) -> None:
    with bank.open():
        loan = sealed_loan(bank)
        paper = Paper.objects.get(loan=loan)
        address = f"/compliance/sealed/{row_of(loan).id}/open/"
    client = client_of(bank, "compliance")
    page = client.get(f"/loans/{loan.id}/").content.decode()
    assert "独立封存" in page
    assert "保管期限表第 1 版" in page
    assert address in page
    officer = client_of(bank, "officer")
    page = officer.get(f"/loans/{loan.id}/").content.decode()
    assert "独立封存" in page
    assert "申请启封" not in page
    assert officer.get(f"/archives/papers/{paper.id}/").status_code == 409
    assert officer.get(address).status_code == 403
    assert client.get(address).status_code == 200
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert client.post(address, {"until": "2020-01-01", "reason_code": "legal", "reason": ""}).status_code == 422
    asked = client.post(address, {"until": day, "reason_code": "legal", "reason": "法院调取"})
    assert asked.status_code == 302
    page = client.get(asked.url).content.decode()
    assert loan.contract_no in page
    assert day in page
    assert client.get("/loans/").status_code == 200
    for tab in ("overview", "plan", "payments", "timeline", "papers"):
        assert client.get(f"/loans/{loan.id}/", {"tab": tab}).status_code == 200
    assert client.get(f"/compliance/trail/?loan_id={loan.id}").status_code == 200
