"""What the route sweep puts into the paths: for each kind of id, one of a lender's own objects."""

import base64
from collections.abc import Callable
from typing import Any

from carloan.archives.services.receiving import paper_receive
from carloan.core import jobs
from carloan.core.models import ApiKey, AuditEvent, Job, RoleAssignment
from tests.cast import Lender

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


# The name of a path's argument -> an id of that lender, called inside the open lender.
ARGUMENTS: dict[str, Provider] = {
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
}
