"""What the book holds of a person, for their own copy (compliance.personal_data): themselves, their loans, their money.

Of the other people in a loan it tells that they are there, masked.
"""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from carloan.compliance.personal_data import Record, record
from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import clear, warm
from carloan.lib import money
from carloan.lib.masks import MASKS
from carloan.loans.models import ContactPoint, FormerRole, Loan, LoanParty, Party, Payment, Vehicle

Role = LoanParty.Role
# Whose loan it is: they are told its terms and its money. The owner of the car is told the car, an emergency contact no
# more than that somebody named them.
DEBTORS = (Role.BORROWER, Role.CO_BORROWER, Role.GUARANTOR)
OF_THE_CAR = (*DEBTORS, Role.OWNER)
# What the person gave, or what the contract with them says: it goes along with a transfer to another handler. Stages,
# arrears, sources and other people are what the lender made of it, or somebody else's, and stay.
TRANSFERRED: Final = {
    "identity": ("kind", "name", "document", "id_number", "address", "employer", "occupation"),
    "contacts": ("kind", "value"),
    "loans": (
        "contract_no", "role", "guarantee", "relation", "product", "principal", "rate", "term", "opened_on",
        "disbursed_on", "matures_on", "settled_on", "vehicle", "vin", "plate", "engine_no",
    ),
    "payments": ("contract_no", "kind", "value_on", "amount", "channel"),
}  # fmt: skip


def gather_identity(party_id: UUID) -> Iterator[Record]:
    party = Party.objects.get(id=party_id)
    yield record(
        ("kind", _("Kind"), party.get_kind_display()),
        ("name", _("Name"), clear(party, "name")),
        ("document", _("Document"), party.get_id_kind_display()),
        ("id_number", _("ID number"), clear(party, "id_number")),
        ("address", _("Address"), clear(party, "address")),
        ("employer", _("Employer"), clear(party, "employer")),
        ("occupation", _("Occupation"), party.occupation),
        ("since", _("On record since"), f"{party.created_at:%Y-%m-%d}"),
    )


def gather_contacts(party_id: UUID) -> Iterator[Record]:
    rows = list(ContactPoint.objects.filter(party_id=party_id).order_by("state", "id"))
    warm(rows)
    for row in rows:
        yield record(
            ("kind", _("Kind"), row.get_kind_display()),
            ("value", _("Number or address"), clear(row, "value")),
            ("state", _("State"), row.get_state_display()),
            ("source", _("Where it came from"), row.source),
            ("since", _("On record since"), f"{row.created_at:%Y-%m-%d}"),
        )


def gather_loans(party_id: UUID) -> Iterator[Record]:
    rows = LoanParty.objects.filter(party_id=party_id).select_related("loan").order_by("loan__opened_on", "id")
    for row in rows:
        part = [("role", _("Role"), row.get_role_display()), ("guarantee", _("Guarantee"), _guarantee(row))]
        yield record(
            ("contract_no", _("Contract number"), row.loan.contract_no),
            *part,
            ("relation", _("Relation to the borrower"), row.relation),
            *(_terms(row.loan) if row.role in DEBTORS else ()),
            *(_car(row.loan) if row.role in OF_THE_CAR else ()),
            ("others", _("Other people in this loan"), _others(row.loan, party_id)),
        )
    for former in FormerRole.objects.filter(party_id=party_id).select_related("loan").order_by("id"):
        yield record(
            ("contract_no", _("Contract number"), former.loan.contract_no),
            ("role", _("Role"), former.get_role_display()),
            ("guarantee", _("Guarantee"), _guarantee(former)),
            ("until", _("Until"), f"{former.recorded_at:%Y-%m-%d}"),
        )


def gather_payments(party_id: UUID) -> Iterator[Record]:
    """Money of the loans that the person owes or answers for."""
    mine = LoanParty.objects.filter(party_id=party_id, role__in=DEBTORS).values("loan_id")
    rows = Payment.objects.filter(loan_id__in=mine).select_related("loan").order_by("loan_id", "value_on", "id")
    for row in rows:
        yield record(
            ("contract_no", _("Contract number"), row.loan.contract_no),
            ("kind", _("Kind"), row.get_kind_display()),
            ("value_on", _("Value date"), row.value_on.isoformat()),
            ("amount", _("Amount"), money.show(row.amount, row.loan.currency)),
            ("channel", _("Channel"), row.get_channel_display()),
            ("reference", _("Reference"), MASKS["written"](row.reference)),
        )


def own_values(party_id: UUID) -> set[str]:
    """Everything identifying that is the person's own: by it others find what of their rows concerns this person."""
    party = Party.objects.get(id=party_id)
    values = {clear(party, name) for name in ("name", "id_number", "address", "employer")}
    values |= {clear(row, "value") for row in ContactPoint.objects.filter(party=party)}
    for row in LoanParty.objects.filter(party=party, role__in=OF_THE_CAR).select_related("loan"):
        values |= {value for _name, _label, value in _car(row.loan)}
    return values - {""}


def _guarantee(row: LoanParty | FormerRole) -> str:
    return str(LoanParty.Guarantee(row.guarantee).label) if row.guarantee else ""


def _terms(loan: Loan) -> list[tuple[str, Any, Any]]:
    days = {name: getattr(loan, name) for name in ("opened_on", "disbursed_on", "matures_on", "settled_on")}
    labels = {
        "opened_on": _("Opened on"),
        "disbursed_on": _("Paid out on"),
        "matures_on": _("Matures on"),
        "settled_on": _("Settled on"),
    }
    return [
        ("state", _("Stage"), loan.get_state_display()),
        ("product", _("Product"), loan.product),
        ("principal", _("Loan amount"), money.show(loan.principal, loan.currency)),
        ("rate", _("Yearly rate"), money.show_rate(loan.rate_ppm)),
        ("term", _("Months"), loan.term),
        ("outstanding", _("Outstanding principal"), _known(loan.outstanding, loan)),
        ("overdue", _("Overdue amount"), _known(loan.overdue, loan)),
        ("days_overdue", _("Days overdue"), _("Unknown") if loan.days_overdue is None else loan.days_overdue),
        *((name, labels[name], day.isoformat() if day else "") for name, day in days.items()),
    ]


def _known(amount: int | None, loan: Loan) -> str:
    return str(_("Unknown")) if amount is None else money.show(amount, loan.currency)


def _car(loan: Loan) -> list[tuple[str, Any, str]]:
    """The car's facts; of a loan whose key is gone nothing is held any more."""
    values: list[tuple[str, Any, str]] = []
    for vehicle in Vehicle.objects.filter(loan=loan).order_by("id"):
        try:
            values += [
                ("vehicle", _("Make and model"), f"{vehicle.make} {vehicle.model}".strip()),
                ("vin", _("VIN"), clear(vehicle, "vin")),
                ("plate", _("Plate number"), clear(vehicle, "plate")),
                ("engine_no", _("Engine number"), clear(vehicle, "engine_no")),
            ]
        except KeyDestroyed:
            continue
    return values


def _others(loan: Loan, party_id: UUID) -> str:
    rows = LoanParty.objects.filter(loan=loan).exclude(party_id=party_id).select_related("party").order_by("id")
    return _(", ").join(f"{row.get_role_display()} {_masked_name(row.party)}" for row in rows)


def _masked_name(party: Party) -> str:
    try:
        return MASKS["name"](clear(party, "name"))
    except KeyDestroyed:
        return str(_("destroyed"))
