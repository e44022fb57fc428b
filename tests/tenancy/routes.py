"""What the route sweep puts into the paths: for each kind of id, one of a lender's own objects."""

import base64
import io
from collections.abc import Callable
from typing import Any

from carloan.archives.services.receiving import paper_receive
from carloan.compliance.models import Anomaly
from carloan.core import jobs
from carloan.core.models import ApiKey, AuditEvent, CalendarDay, Job, RoleAssignment, SavedView
from carloan.core.services.saved_views import saved_view_keep
from carloan.loans.models import ContactPoint, ImportBatch, Loan, LoanGrant, LoanParty, Payment
from carloan.loans.services.grants import loan_grant
from carloan.loans.services.imports import import_upload
from carloan.loans.services.payments import payment_book
from tests.cast import Lender
from tests.compliance.anomalies import make_anomaly
from tests.loans.book import core_file, open_loan

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


def _view(lender: Lender) -> Any:
    known = SavedView.objects.first()
    return (known or saved_view_keep(actor=lender.actor("admin"), page="loans", name="sweep", query="a=b")).id


def _grant(lender: Lender) -> Any:
    loan = _loan(lender)
    known = LoanGrant.objects.filter(content_object=loan).first()
    member = lender.members["collector"]
    return (known or loan_grant(actor=lender.system, loan=loan, member=member, reason="sweep", valid_until=None)).id


def _anomaly(lender: Lender) -> Any:
    known = Anomaly.objects.first()
    return known.id if known else make_anomaly(lender, lender.members["officer"].id).id


# The name of a path's argument -> an id of that lender, called inside the open lender.
ARGUMENTS: dict[str, Provider] = {
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
    "batch_id": _batch,
    "view_id": _view,
    "day_id": lambda lender: CalendarDay.objects.values_list("id", flat=True)[0],
    "anomaly_id": _anomaly,
    "event": lambda lender: "submit",
}
