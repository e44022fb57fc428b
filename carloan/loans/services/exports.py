"""Lists that leave the house: filtered, masked by the registry, told in the trail before they leave."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Invalid
from carloan.core.keys import Subject
from carloan.core.models import AuditEvent
from carloan.core.services.searching import search_asked
from carloan.core.sight import SIGHT, Door, show
from carloan.core.tenancy import tenant_atomic
from carloan.lib import money
from carloan.lib.spreadsheet import SHEET_ROWS, Cell
from carloan.loans.selectors.cars import car_title
from carloan.loans.selectors.listing import Filters, Line, all_lines, lines_of, loans_matching
from carloan.loans.selectors.loans import DETAILS, may, visible_loans

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from carloan.loans.models import Loan

EXPORT = "loans.export"
MOST_IN_XLSX = SHEET_ROWS - 1


@dataclass(frozen=True, slots=True)
class Export:
    """An export that is allowed and on record: what `export_rows` may read."""

    actor: Actor
    filters: Filters
    count: int


def export_begin(*, actor: Actor, filters: Filters, kind: str) -> Export:
    """Allow and record an export of the filtered list; only then rows may be read.

    It holds the loans that `loans.export` reaches, fewer than the list may show. That a text was searched for is
    recorded, the text is not: it may be a name or an identity number.
    """
    actor.require(EXPORT)
    with tenant_atomic():
        search_asked(actor=actor, place="loans.loan", query=filters.q)
        count = loans_matching(actor, filters, EXPORT).order_by().count()
        if kind == "xlsx" and count > MOST_IN_XLSX:
            raise Invalid(
                code="too_many_rows",
                message=_(
                    "A spreadsheet holds at most %(most)s loans, and the list has %(count)s. "
                    "Narrow the filter, or export CSV, which has no limit."
                )
                % {"most": f"{MOST_IN_XLSX:,}", "count": f"{count:,}"},
            )
        asked = {name: value for name in Filters.__dataclass_fields__ if (value := getattr(filters, name))}
        if asked.pop("q", ""):
            asked["text_search"] = True
        audit.record(
            actor=actor,
            action="loans.loans.exported",
            object_type="loans.loan",
            count=count,
            after={"kind": kind, **asked},
        )
    return Export(actor, filters, count)


def clear_export(*, actor: Actor, loan_ids: Collection[UUID], opening_id: UUID) -> Iterator[Sequence[Cell]]:
    """Header and rows of these loans with clear values, as far as the actor reaches them now and may see them clear.

    Two people decided about it (`compliance.openings`): whoever calls this took the step before. Needs an open tenant
    while it is consumed; what is recorded stands before the first row is read.
    """
    actor.require(EXPORT)
    actor.require(SIGHT)
    loans = visible_loans(actor, EXPORT).filter(id__in=loan_ids)
    found = list(loans.order_by("id").values_list("id", flat=True))
    revealed = AuditEvent.Outcome.REVEALED
    audit.record(
        actor=actor,
        action="loans.loans.exported_clear",
        object_type="compliance.opening",
        object_id=opening_id,
        count=len(found),
        outcome=revealed,
    )
    # Each loan tells who looked at it.
    audit.record_changes(
        actor=actor,
        changes=(
            audit.Act(
                action="loans.loan.exported_clear",
                object_type="loans.loan",
                object_id=loan_id,
                loan_id=loan_id,
                subject=Subject("tenant", actor.tenant_id),
                outcome=revealed,
            )
            for loan_id in found
        ),
    )
    return _clear_rows(actor, loans)


def _clear_rows(actor: Actor, loans: "QuerySet[Loan]") -> Iterator[Sequence[Cell]]:
    yield _header()
    for line in lines_of(list(loans.order_by("id"))):
        yield _row(actor, line, details=may(actor, DETAILS, line.loan), door="opened")


def export_rows(export: Export) -> Iterator[Sequence[Cell]]:
    """Header and rows. Needs an open tenant while it is consumed."""
    yield _header()
    for line in all_lines(export.actor, export.filters, EXPORT):
        yield _row(export.actor, line, details=may(export.actor, DETAILS, line.loan))


def _header() -> list[Cell]:
    return [
        _("Contract number"),
        _("Number in the other system"),
        _("Stage"),
        _("Borrower"),
        _("ID number"),
        _("Vehicle"),
        _("VIN"),
        _("Plate number"),
        _("Product"),
        _("Currency"),
        _("Loan amount"),
        _("Yearly rate"),
        _("Months"),
        _("Opened on"),
        _("Outstanding principal"),
        _("Overdue amount"),
        _("Days overdue"),
        _("Instalments paid"),
        _("Balances as of"),
        _("Branch"),
        _("Loan officer"),
    ]


def _row(actor: Actor, line: Line, *, details: bool, door: Door = "export") -> list[Cell]:
    loan = line.loan

    def amount(minor: int | None) -> Cell:
        return said(None if minor is None else money.exact(minor))

    def said(figure: Cell) -> Cell:
        """Empty is what the reader may not see; what the source did not say is told as such."""
        return "" if not details else _("Unknown") if figure is None else figure

    who = show(actor, line.borrower, "name", door=door).text if line.borrower else ""
    number = show(actor, line.borrower, "id_number", door=door).text if line.borrower else ""
    vin = show(actor, line.vehicle, "vin", door=door).text if line.vehicle else ""
    plate = show(actor, line.vehicle, "plate", door=door).text if line.vehicle else ""
    return [
        loan.contract_no,
        loan.external_no,
        loan.get_state_display(),
        who,
        number,
        car_title(actor, line.vehicle, door=door),
        vin,
        plate,
        show(actor, loan, "product", door=door).text,
        loan.currency,
        amount(loan.principal),
        money.show_rate(loan.rate_ppm) if details else "",
        loan.term,
        loan.opened_on,
        amount(loan.outstanding),
        amount(loan.overdue),
        said(loan.days_overdue),
        said(loan.periods_paid),
        loan.as_of,
        loan.branch.name if loan.branch else "",
        loan.officer.display_name if loan.officer else "",
    ]
