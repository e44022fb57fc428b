"""The small lender that the browser visits: a person in every role, a person of two lenders, some work to look at."""

import io
import os
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from benchmarks import review
from carloan.archives.models import PackVersion, RoomEvent
from carloan.archives.services.assigning import papers_assign
from carloan.archives.services.originals.stocktaking import stocktake_begin, stocktake_count
from carloan.archives.services.reading import paper_recognise
from carloan.compliance.models import SealedUnit
from carloan.compliance.policies.retention import Span
from carloan.compliance.selectors.destruction import due_units
from carloan.compliance.services.archive_backups import backup_begin, backup_work
from carloan.compliance.services.bundle import bundle_write
from carloan.compliance.services.consents import consent_record
from carloan.compliance.services.destruction import batch_propose
from carloan.compliance.services.retention import policy_draft
from carloan.compliance.services.rule_changes import rule_change_read
from carloan.compliance.services.sealing_apart import units_seal_apart
from carloan.compliance.services.stops import stop_place
from carloan.compliance.services.transfers import condition_decide, recipient_name
from carloan.core import jobs
from carloan.core.models import AccessPolicy, AuditEvent, Membership, Role, RoleAssignment, User
from carloan.core.services.reviews import review_open
from carloan.core.services.teams import team_set
from carloan.core.session_rules import MOST_AT_ONCE
from carloan.core.tenancy import tenant_scope
from carloan.demonstration import papers
from carloan.loans.models import Loan, LoanParty
from carloan.loans.policies.facts import PersonFacts
from carloan.loans.services.imports import import_upload
from carloan.loans.services.loan_people import loan_party_end
from carloan.loans.services.loans import PersonIn, loan_party_add
from carloan.loans.services.payments import payment_book
from tests.archives import checklists, originals
from tests.archives.conftest import loan_for, received
from tests.archives.specimens import deal, drawn
from tests.cast import Lender, lender_changes, new_lender
from tests.compliance import governed, person_asks, protected, retained
from tests.compliance.anomalies import make_anomaly
from tests.compliance.held import place
from tests.compliance.test_sealing import seal_all
from tests.loans.book import core_file, open_loan
from tests.loans.book import person as book_person

from .site import PASSWORD

TWO_LENDERS = "consultant"
# People whose sign-in a test may spoil: forgotten password, ended sessions, locked name, a first second step.
CARDS = 8
CERTIFICATES = 5
EXTRAS = ("forgetful", "wanderer", "clumsy", "careful", "modern")


def seed(slug: str) -> tuple[Lender, dict[str, str]]:
    """Committed rows, and ids for the paths of pages; nobody else of the suite looks at this lender."""
    lender = new_lender(slug)
    for user in lender.users.values():
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    for serial in range(1, 31):
        with lender.open():
            loan = open_loan(lender.actor("officer"), serial)
    with lender.open():
        guarantor = loan_party_add(actor=lender.actor("officer"), loan=loan, person=book_person(99, "guarantor"))
        former = loan_party_add(actor=lender.actor("officer"), loan=loan, person=book_person(98, "guarantor"))
        loan_party_end(actor=lender.actor("officer"), loan=loan, row=former, revision=1, reason="解除担保")
        job = jobs.start(actor=lender.actor("admin"), kind="e2e", total=10)
    with lender.open():
        event_id = lender.members["admin"].audit_event_id
        # The suite signs the same people in from many windows.
        AccessPolicy.objects.create(sessions_at_once=MOST_AT_ONCE, audit_event_id=event_id)
        for name in EXTRAS:
            user = User.objects.create_user(username=f"{name}@{slug}", password=PASSWORD)
            member = Membership.objects.create(user=user, display_name=name, audit_event_id=event_id)
            RoleAssignment.objects.create(
                membership=member, role=Role.objects.get(key="service"), audit_event_id=event_id
            )
    _strict(slug)
    second = new_lender(f"{slug}-two")
    lender_changes(second, require_mfa=True)
    person = User.objects.create_user(username=f"{TWO_LENDERS}@{slug}", password=PASSWORD)
    for each in (lender, second):
        with each.open():
            event_id = each.members["admin"].audit_event_id
            member = Membership.objects.create(user=person, display_name="顾问", audit_event_id=event_id)
            RoleAssignment.objects.create(
                membership=member, role=Role.objects.get(key="compliance"), audit_event_id=event_id
            )
    return lender, {
        "loan": str(loan.id),
        "guarantor": str(guarantor.id),
        **_book(lender, loan),
        "job": str(job.id),
        **_retention(lender),
        **_registers(lender),
        **_rights(lender, loan),
        "person": str(lender.members["officer"].id),
        "branch": str(lender.branches["east"].id),
        "team": _team(lender),
        **_papers(lender),
        **_dossier(lender),
        **_originals(lender),
        **_queue(lender),
        **_ledger(lender),
    }


def _originals(lender: Lender) -> dict[str, str]:
    """A box with originals, one lent late, a certificate that is out, something asked, and a list that waits."""
    with lender.open():
        house = originals.warehouse(lender)
        shelf = originals.inside(lender, house, "shelf", "A 架")
        box = originals.inside(lender, shelf, "box", "2026-01 盒", capacity=60)
        originals.shelved(lender, box)
        originals.late(lender, days=6)
        asked = originals.borrowed(lender, originals.shelved(lender, box))
        originals.here(lender)
        certificate = originals.certificate_lent(lender)
        handover = originals.drawn(lender)
        door = originals.front_door(lender)
        seen = {"kind": "opened", "happened_at": timezone.now(), "badge": "A-17", "video_sha256": "ab" * 32}
        RoomEvent.objects.create(device=door, nonce="seeded", audit_event_id=door.audit_event_id, **seen)
        stocktake = stocktake_begin(actor=lender.actor("archivist"), place=box)
        counted = stocktake_begin(actor=lender.actor("archivist"), place=house)
        stocktake_count(actor=lender.actor("archivist"), stocktake=counted)
    return {
        "box": str(box.id),
        "certificate": str(certificate.id),
        "asked_original": str(asked.original_id),
        "handover": str(handover.id),
        "stocktake": str(stocktake.id),
        "counted": str(counted.id),
    }


def _team(lender: Lender) -> str:
    people = [lender.members[role] for role in ("collector", "officer")]
    with lender.open():
        made = team_set(
            actor=lender.actor("admin"), team=None, name="电催一组", branch=lender.branches["east"], people=people,
            lead=people[0],
        )  # fmt: skip
    return str(made.id)


def _strict(slug: str) -> None:
    """A lender of separated administrators that asks for passkeys, with somebody who gives rights."""
    strict = new_lender(f"{slug}-strict", separated=True)
    with strict.open():
        AccessPolicy.objects.update(passkeys=True)
    user = strict.users["security_admin"]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])


def _ledger(lender: Lender) -> dict[str, str]:
    """The lender's trail sealed once; its bundle lies beside the other files of the suite."""
    seal_all(lender)
    place = Path(os.environ["CARLOAN_HOME"]) / f"{lender.tenant.slug}-bundle.zip"
    with tenant_scope(lender.tenant.id), place.open("wb") as file:
        checkpoint = bundle_write(actor=lender.system, file=file)
    with lender.open():
        archivist = lender.members["archivist"]
        events = AuditEvent.objects.filter(actor_id=archivist.id).order_by("id").values_list("id", flat=True)[:5]
        anomaly = make_anomaly(lender, archivist.id, events=list(events))
    return {"bundle": str(place), "ledger_key": checkpoint.signed_by, "anomaly": str(anomaly.id)}


def _book(lender: Lender, loan: Loan) -> dict[str, str]:
    """Somebody in a loan, a loan in repayment with a payment, a file that waits for its mapping, an event."""
    with lender.open():
        row = LoanParty.objects.get(loan=loan, role=LoanParty.Role.BORROWER)
        paid = open_loan(lender.actor("officer"), 31)
        Loan.objects.filter(id=paid.id).update(state=Loan.State.SERVICING)
        paid.refresh_from_db()
        assert paid.disbursed_on is not None
        payment = payment_book(
            actor=lender.actor("officer"), loan=paid, amount=100_00, reference="E2E-1", value_on=paid.disbursed_on
        )
        batch = import_upload(actor=lender.actor("officer"), file=io.BytesIO(core_file(3, first=41)), name="台账.csv")
        review = review_open(actor=lender.actor("compliance"))
        event = AuditEvent.objects.filter(action="loans.loan.opened", object_id=loan.id).latest("id")
    return {
        "row": str(row.id),
        "party": str(row.party_id),
        "paid_loan": str(paid.id),
        "payment": str(payment.id),
        "batch": str(batch.id),
        "event": str(event.id),
        "review": str(review.id),
    }


def _retention(lender: Lender) -> dict[str, str]:
    """A policy of retention with a longer period to be reviewed and its next draft, a hold, a loan that is sealed
    apart, a backup of the archive, and a destruction that waits for its review."""
    with lender.open():
        retained.longer(lender, timezone.localdate() + timedelta(days=20), Span(1, 5, 8))
        retained.ended_loan(lender, 60, date(2010, 2, 28))
        sealed = retained.ended_loan(lender, 62, date(2020, 2, 28))
        retained.sweep(lender)
        units_seal_apart(actor=lender.system, unit="loan")
        draft = policy_draft(actor=lender.actor("compliance"))
        held = open_loan(lender.actor("officer"), 61)
        hold = place(lender, ("loan", held.id))
        due = due_units(lender.actor("archivist"), "loan", 10)
        batch = batch_propose(actor=lender.actor("archivist"), unit="loan", ids=due, opinion="保管期满")
        sealed_row = SealedUnit.objects.get(object_id=sealed.id).id
        backup = backup_begin(actor=lender.actor("compliance"))
    with tenant_scope(lender.tenant.id):
        backup_work(job_id=backup.job_id)
    return {
        "policy": str(draft.id),
        "sealed_loan": str(sealed.id),
        "sealed": str(sealed_row),
        "backup": str(backup.id),
        "hold": str(hold.id),
        "held_loan": str(held.id),
        "destruction": str(batch.id),
    }


def _registers(lender: Lender) -> dict[str, str]:
    """Two risks, a rule change to be decided about, and a course with a result and a right that waits for it."""
    with lender.open():
        compliance = lender.actor("compliance")
        risk = governed.risk(lender)
        governed.risk(lender, title="法规漏读", probability=2, loss=2)
        change = governed.rule_change(lender)
        change = rule_change_read(actor=compliance, change=change, revision=change.revision)
        course = governed.course(lender)
        governed.result(lender, course, lender.members["officer"])
        # A right that no test of the browser uses.
        governed.gate(lender, course, "openings.ask")
    return {"risk": str(risk.id), "rule_change": str(change.id), "course": str(course.id)}


def _rights(lender: Lender, loan: Loan) -> dict[str, str]:
    """A copy that is made, a deletion, a review; a consent, a stop of processing; an assessment and a processor."""
    with lender.open():
        copy = person_asks.working(lender, loan)
        person_asks.copied(lender, copy)
        consent_record(
            actor=lender.actor("compliance"), party_id=copy.party_id, purpose="marketing", channel="sms", given=True,
            said_at=timezone.now(), proof="form", evidence="v3",
        )  # fmt: skip
        held = Loan.objects.get(contract_no="HT-000061")
        delete = person_asks.working(lender, held, "delete")
        stop_place(actor=lender.actor("compliance"), party_id=delete.party_id, reason="disputed")
        review = person_asks.working(lender, loan, "review")
        transfer = person_asks.working(lender, loan, "transfer")
        handler = recipient_name(
            actor=lender.actor("compliance"), request=transfer, name="海城第二汽车金融有限公司", contact="021-60001234"
        )
        condition_decide(
            actor=lender.actor("compliance"),
            request=handler.request,
            code="identity",
            met=True,
            reason="核对身份证原件",
        )
        assessment, processor = protected.assessed(lender), protected.entrusted(lender)
    return {
        "copy_request": str(copy.id),
        "delete_request": str(delete.id),
        "transfer_request": str(transfer.id),
        "review_request": str(review.id),
        "assessment": str(assessment.id),
        "processor": str(processor.id),
    }


def _papers(lender: Lender) -> dict[str, str]:
    """A loan of the specimens' invented person, and a paper with a fault that waits for somebody on another."""
    one = deal()
    with lender.open():
        people = [PersonIn(PersonFacts(name=one.buyer.name, id_kind="resident", id_number=one.buyer.id_number))]
        loan = loan_for(lender, contract_no="E2E-PAPERS", people=people)
        _, data = drawn(papers.id_card_front(one.buyer), birth=one.buyer.birth - timedelta(days=400))
        paper = received(lender, data, loan=loan)
    with tenant_scope(lender.tenant.id):
        paper_recognise(paper_id=paper.id)
    return {"paper": str(paper.id), "paper_loan": str(loan.id)}


def _dossier(lender: Lender) -> dict[str, str]:
    """A loan with a checklist of which something is there and something is to be waived, and a draft of a pack."""
    with lender.open():
        loan = checklists.loan(lender, contract_no="E2E-DOSSIER")
        checklists.waiver(lender, loan)
        draft = checklists.draft(lender)
        live = PackVersion.objects.get(pack=draft.pack_id, state=PackVersion.State.PUBLISHED)
    return {"dossier_loan": str(loan.id), "pack_draft": str(draft.id), "pack_version": str(live.id)}


def _queue(lender: Lender) -> dict[str, str]:
    """Papers that wait for the archivist: clean cards, certificates with doubts, and one of two pages."""
    with lender.open():
        archivist, east = lender.members["archivist"], lender.branches["east"].id
        found = [
            review.queued(lender.system, kind, serial=serial, branch_id=east)
            for kind, count in ((review.CARD, CARDS), (review.CERTIFICATE, CERTIFICATES))
            for serial in range(count)
        ]
        pages = review.two_pages(lender.system, branch_id=east)
        papers_assign(actor=lender.system, paper_ids=[paper.id for paper in (*found, pages)], member=archivist)
    return {"archivist": str(archivist.id), "pages": str(pages.id)}
