"""What the archive holds of a person, for their own copy, and what the machine decided about their papers.

Of what stands on a paper the person's own values are told, and those that are nobody's; what may be somebody else's is
masked by the rule of its field.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carloan.archives.fields import rule_of_field
from carloan.archives.models import Paper
from carloan.archives.selectors.papers import fields_of
from carloan.archives.words import field_label, kind_label
from carloan.compliance.automated import Automated, Decision
from carloan.compliance.personal_data import Record, record
from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import clear
from carloan.lib.masks import MASKS
from carloan.lib.text import fold_key
from carloan.loans.models import LoanParty
from carloan.loans.personal_data import OF_THE_CAR, own_values

# No copy and no page grows without end; whoever has more papers is told so by the number of those that are listed.
MOST: Final = 500


def papers_of_person(party_id: UUID) -> "QuerySet[Paper]":
    """Papers in the loans that the person owes, answers for, or owns the car of, the newest first."""
    loans = LoanParty.objects.filter(party_id=party_id, role__in=OF_THE_CAR).values("loan_id")
    return Paper.objects.filter(loan_id__in=loans).select_related("loan").order_by("-id")


def gather_papers(party_id: UUID) -> Iterator[Record]:
    own = {fold_key(value) for value in own_values(party_id)}
    for paper in papers_of_person(party_id)[:MOST]:
        contract_no = paper.loan.contract_no if paper.loan else ""
        yield record(
            ("contract_no", _("Contract number"), contract_no),
            ("kind", _("Kind of paper"), kind_label(paper.kind)),
            ("state", _("State"), paper.get_state_display()),
            ("received", _("Received"), f"{paper.received_at:%Y-%m-%d}"),
            ("pages", _("Pages"), paper.pages),
            *_values(paper, own),
        )


def _values(paper: Paper, own: set[str]) -> Iterator[tuple[str, str, str]]:
    for row in fields_of(paper):
        try:
            text = clear(row, "value")
        except KeyDestroyed:
            return
        rule = rule_of_field(paper.kind, row.name)
        told = text if rule.mask is None or fold_key(text) in own else MASKS[rule.mask](text)
        yield row.name, field_label(row.name, paper.kind), told


def _filed_by_machine(party_id: UUID) -> Iterator[Decision]:
    """Papers that were read and filed without a person: a person's word on one takes it off this list."""
    rows = papers_of_person(party_id).filter(state=Paper.State.FILED, verified_by=None)
    for paper in rows.exclude(reader="")[:MOST]:
        yield Decision(
            object_id=paper.id,
            at=paper.filed_at or paper.received_at,
            rules=paper.reader,
            inputs=[field_label(row.name, paper.kind) for row in fields_of(paper)],
            outcome=_("%(kind)s filed in loan %(number)s")
            % {"kind": kind_label(paper.kind), "number": paper.loan.contract_no if paper.loan else ""},
            url=reverse("archives:paper", args=[paper.id]),
        )


FILING: Final = Automated(
    code="filing",
    label=gettext_lazy("Papers read and filed by the machine"),
    explanation=gettext_lazy(
        "The machine reads what stands on a paper, checks it by check digits, sums and what the loan already says, and "
        "files the paper by itself only when the kind is known, a loan fits, and nothing is in doubt. Everything else "
        "goes to a person. It can file; it never refuses."
    ),
    effect=gettext_lazy(
        "The paper and the values on it count as checked. No loan is approved, declined or priced by it."
    ),
    capability="papers.view",
    decisions=_filed_by_machine,
)
