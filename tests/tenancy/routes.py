"""What the route sweep puts into the paths: for each kind of id, one of a lender's own objects."""

import base64
import io
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.utils import timezone

from carloan.archives.models import (
    Custody,
    CustodyRequest,
    HandoverList,
    Original,
    RoomDevice,
    ShreddingOrder,
    StockTake,
    StoragePlace,
)
from carloan.archives.services.receiving import paper_receive
from carloan.compliance.models import (
    Anomaly,
    ArchiveBackup,
    AuditorPack,
    Course,
    DestructionBatch,
    DestructionItem,
    EntrustedProcessor,
    ExamGate,
    ExamResult,
    ImpactAssessment,
    LegalHold,
    Opening,
    PersonCopy,
    PersonRequest,
    RetentionPolicy,
    Risk,
    RuleChange,
    SealedUnit,
)
from carloan.compliance.services.openings import opening_ask
from carloan.compliance.services.retention import policy_draft
from carloan.core import jobs
from carloan.core.models import (
    AccessReview,
    ApiKey,
    AuditEvent,
    CalendarDay,
    Delegation,
    Job,
    RoleAssignment,
    SavedView,
    Team,
)
from carloan.core.services.delegations import delegation_give
from carloan.core.services.reviews import review_open
from carloan.core.services.saved_views import saved_view_keep
from carloan.core.services.teams import team_set
from carloan.loans.models import ContactPoint, ImportBatch, Loan, LoanGrant, LoanParty, Payment
from carloan.loans.services.grants import loan_grant
from carloan.loans.services.imports import import_upload
from carloan.loans.services.payments import payment_book
from carloan.messaging.models import OneTimeLink
from tests.archives import checklists, originals
from tests.cast import Lender
from tests.compliance import governed
from tests.compliance.anomalies import make_anomaly
from tests.compliance.held import place
from tests.compliance.person_asks import asked, copied
from tests.compliance.protected import assessed, entrusted
from tests.loans.book import core_file, open_loan
from tests.messaging.doors import a_link

# The smallest PNG there is.
BLANK_PAGE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsVRjzwAAAABJRU5ErkJggg=="
)

Provider = Callable[[Lender], Any]


def _job(lender: Lender) -> Any:
    return (Job.objects.first() or jobs.start(actor=lender.system, kind="sweep", total=1)).id


def _paper(lender: Lender) -> Any:
    """A paper on the desk that has not been read."""
    return paper_receive(actor=lender.system, data=BLANK_PAGE, name="page.png").paper.id


def _loan(lender: Lender) -> Loan:
    return Loan.objects.first() or open_loan(lender.system, branch_id=lender.branches["east"].id)


def _payment(lender: Lender) -> Any:
    if (known := Payment.objects.first()) is not None:
        return known.id
    loan = _loan(lender)
    Loan.objects.filter(id=loan.id).update(state=Loan.State.SERVICING)
    loan.refresh_from_db()
    paid_on = loan.disbursed_on
    assert paid_on is not None
    return payment_book(actor=lender.system, loan=loan, amount=100, reference="sweep", value_on=paid_on).id


def _batch(lender: Lender) -> Any:
    known = ImportBatch.objects.first()
    return (known or import_upload(actor=lender.system, file=io.BytesIO(core_file(1)), name="sweep.csv")).id


def _team(lender: Lender) -> Any:
    if (known := Team.objects.first()) is not None:
        return known.id
    branch = lender.branches["east"]
    return team_set(actor=lender.actor("admin"), team=None, name="sweep", branch=branch, people=[]).id


def _view(lender: Lender) -> Any:
    known = SavedView.objects.first()
    return (known or saved_view_keep(actor=lender.actor("admin"), page="loans", name="sweep", query="a=b")).id


def _grant(lender: Lender) -> Any:
    loan = _loan(lender)
    known = LoanGrant.objects.filter(content_object=loan).first()
    member = lender.members["collector"]
    return (known or loan_grant(actor=lender.system, loan=loan, member=member, reason="sweep", valid_until=None)).id


def _delegation(lender: Lender) -> Any:
    if (known := Delegation.objects.first()) is not None:
        return known.id
    held = RoleAssignment.objects.filter(membership=lender.members["officer"]).values_list("id", flat=True)
    today = timezone.localdate()
    given = delegation_give(
        actor=lender.actor("officer"), taker=lender.members["archivist"], assignment_ids=list(held),
        begins_on=today, ends_on=today, reason="sweep",
    )  # fmt: skip
    return given[0].id


def _review(lender: Lender) -> Any:
    known = AccessReview.objects.first()
    return (known or review_open(actor=lender.actor("compliance"))).id


def _opening(lender: Lender) -> Any:
    known = Opening.objects.first()
    asked = {"loans": [str(_loan(lender).id)]}
    return (
        known or opening_ask(actor=lender.actor("officer"), kind="loans.export", asked=asked, reason_code="audit")
    ).id


def _anomaly(lender: Lender) -> Any:
    known = Anomaly.objects.first()
    return known.id if known else make_anomaly(lender, lender.members["officer"].id).id


def _person_request(lender: Lender) -> PersonRequest:
    return PersonRequest.objects.first() or asked(lender, _loan(lender))


def _copy(lender: Lender) -> Any:
    known = PersonCopy.objects.first()
    if known is None:
        wants = PersonRequest.objects.filter(kind=PersonRequest.Kind.COPY).first()
        known = copied(lender, wants or asked(lender, _loan(lender)))
    return known.id


def _hold(lender: Lender) -> LegalHold:
    return LegalHold.objects.first() or place(lender, ("loan", _loan(lender).id))


def _destruction(lender: Lender) -> DestructionBatch:
    """A proposal as it stands in the table: what may be proposed takes years."""
    if (known := DestructionBatch.objects.first()) is not None:
        return known
    loan = _loan(lender)
    made = DestructionBatch.objects.create(
        number=1,
        proposed_by=lender.members["compliance"],
        policy_version=1,
        cooling_days=7,
        list_digest="0" * 64,
        audit_event_id=loan.audit_event_id,
    )
    DestructionItem.objects.create(
        batch=made,
        place=1,
        unit="loan",
        object_id=loan.id,
        records=[],
        digest="0" * 64,
        audit_event_id=loan.audit_event_id,
    )
    return made


def _pack(lender: Lender) -> Any:
    """A pack as it stands in the table, of no bytes: drawing one takes seconds."""
    if (known := AuditorPack.objects.first()) is not None:
        return known.id
    job = jobs.start(actor=lender.system, kind="sweep")
    made = AuditorPack.objects.create(
        number=1, release="0", digest=sha256(b"").hexdigest(), size=0, job=job, audit_event_id=job.audit_event_id
    )
    return made.id


def _course(lender: Lender) -> Course:
    return Course.objects.first() or governed.course(lender)


def _result(lender: Lender) -> Any:
    known = ExamResult.objects.first()
    return (known or governed.result(lender, _course(lender), lender.members["officer"])).id


def _gate(lender: Lender) -> Any:
    """On a right that the sweep's people do not use."""
    return (ExamGate.objects.first() or governed.gate(lender, _course(lender), "holds.release")).id


def _original(lender: Lender) -> Original:
    return Original.objects.first() or originals.here(lender, proof=originals.SEALED)


def _custody(lender: Lender) -> Any:
    """The hand of an original of which there is a picture."""
    return Custody.objects.get(original=_original(lender), act="receive").id


def _custody_request(lender: Lender) -> Any:
    return (CustodyRequest.objects.first() or originals.borrowed(lender, _original(lender))).id


def _handover(lender: Lender) -> Any:
    return (HandoverList.objects.first() or originals.drawn(lender)).id


def _shredding(lender: Lender) -> Any:
    """An order as it stands in the table: what may be shredded takes years."""
    if (known := ShreddingOrder.objects.first()) is not None:
        return known.id
    batch = _destruction(lender)
    made = ShreddingOrder.objects.create(
        number=1, batch=batch, drawn_by=lender.members["archivist"], audit_event_id=batch.audit_event_id
    )
    return made.id


# Arguments that name what is the same for every lender.
EVERYBODYS = frozenset({"framework", "control", "kind", "channel", "language"})


def _sealed(lender: Lender) -> SealedUnit:
    """A loan of the lender, as if its archive were over."""
    loan = _loan(lender)
    known = SealedUnit.objects.filter(object_id=loan.id).first()
    return known or SealedUnit.objects.create(
        unit="loan", object_id=loan.id, policy_version=1, audit_event_id=loan.audit_event_id
    )


def _backup(lender: Lender) -> ArchiveBackup:
    """A backup of the archive that stands, of which the row alone is there."""
    known = ArchiveBackup.objects.first()
    if known is not None:
        return known
    job = jobs.start(actor=lender.system, kind="sweep")
    return ArchiveBackup.objects.create(
        quarter="2026Q3", state="passed", job=job, policy_version=1, expires_on=timezone.localdate(),
        ended_at=timezone.now(), audit_event_id=job.audit_event_id,
    )  # fmt: skip


# The name of a path's argument -> an id of that lender, called inside the open lender.
def _link(lender: Lender) -> Any:
    known = OneTimeLink.objects.first()
    return (known or a_link(lender, _loan(lender)).link).id


ARGUMENTS: dict[str, Provider] = {
    "link_id": _link,
    "kind": lambda lender: "papers.link",
    "channel": lambda lender: "sms",
    "language": lambda lender: "zh-hans",
    "team_id": _team,
    "branch_id": lambda lender: lender.branches["east"].id,
    "membership_id": lambda lender: lender.members["officer"].id,
    "assignment_id": lambda lender: RoleAssignment.objects.filter(membership=lender.members["officer"]).values_list(
        "id", flat=True
    )[0],
    "event_id": lambda lender: AuditEvent.objects.values_list("id", flat=True)[0],
    "job_id": _job,
    "paper_id": _paper,
    "number": lambda lender: 1,
    "key_id": lambda lender: ApiKey.objects.values_list("id", flat=True)[0],
    "label": lambda lender: "loans.party",
    "object_id": lambda lender: lender.members["officer"].id,
    "field": lambda lender: "name",
    "loan_id": lambda lender: _loan(lender).id,
    "row_id": lambda lender: LoanParty.objects.filter(loan=_loan(lender)).values_list("id", flat=True)[0],
    "contact_id": lambda lender: ContactPoint.objects.filter(party__loan_parties__loan=_loan(lender)).values_list(
        "id", flat=True
    )[0],
    "payment_id": _payment,
    "grant_id": _grant,
    "delegation_id": _delegation,
    "review_id": _review,
    "batch_id": _batch,
    "view_id": _view,
    "opening_id": _opening,
    "day_id": lambda lender: CalendarDay.objects.values_list("id", flat=True)[0],
    "hold_id": lambda lender: _hold(lender).id,
    "destruction_id": lambda lender: _destruction(lender).id,
    "item_id": lambda lender: DestructionItem.objects.filter(batch=_destruction(lender)).values_list("id", flat=True)[
        0
    ],
    "policy_id": lambda lender: (RetentionPolicy.objects.first() or policy_draft(actor=lender.actor("compliance"))).id,
    "sealed_id": lambda lender: _sealed(lender).id,
    "backup_id": lambda lender: _backup(lender).id,
    "anomaly_id": _anomaly,
    "pack_id": _pack,
    "template_id": lambda lender: checklists.draft(lender).pack_id,
    "version_id": lambda lender: checklists.draft(lender).id,
    "item_key": lambda lender: checklists.ITEM,
    "stage_name": lambda lender: "application",
    "waiver_id": lambda lender: checklists.waiver(lender, _loan(lender)).id,
    "closing_id": lambda lender: checklists.closing(lender, _loan(lender)).id,
    "framework": lambda lender: "asvs",
    "control": lambda lender: "8.4.1",
    "risk_id": lambda lender: (Risk.objects.first() or governed.risk(lender)).id,
    "change_id": lambda lender: (RuleChange.objects.first() or governed.rule_change(lender)).id,
    "course_id": lambda lender: _course(lender).id,
    "result_id": _result,
    "gate_id": _gate,
    "party_id": lambda lender: LoanParty.objects.filter(loan=_loan(lender)).values_list("party_id", flat=True)[0],
    "request_id": lambda lender: _person_request(lender).id,
    "copy_id": _copy,
    "assessment_id": lambda lender: (ImpactAssessment.objects.first() or assessed(lender)).id,
    "processor_id": lambda lender: (EntrustedProcessor.objects.first() or entrusted(lender)).id,
    "event": lambda lender: "submit",
    "original_id": lambda lender: _original(lender).id,
    "custody_id": _custody,
    "custody_request_id": _custody_request,
    "place_id": lambda lender: (StoragePlace.objects.first() or originals.warehouse(lender)).id,
    "handover_id": _handover,
    "shredding_id": _shredding,
    "device_id": lambda lender: (RoomDevice.objects.first() or originals.front_door(lender)).id,
    "stocktake_id": lambda lender: (StockTake.objects.first() or originals.counting(lender)).id,
}
