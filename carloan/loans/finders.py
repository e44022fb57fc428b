"""What the search box finds in the book: loans by number, people by identity, telephone, name, cars by VIN, plate."""

from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from carloan.core import lookup
from carloan.core.actors import Actor
from carloan.core.sealed import warm
from carloan.core.search import Hit
from carloan.core.sight import show
from carloan.core.tightening import searched
from carloan.lib.text import fold

from .models import Loan, LoanParty, Vehicle
from .selectors.cars import car_title
from .selectors.listing import Line, lines_of
from .selectors.loans import visible_loans


def find_loans(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Contract numbers by their beginning or their last 4 or 6 characters, other systems' numbers exactly."""
    text = fold(query)
    loans = (
        visible_loans(actor).filter(contract_no__gte=text, contract_no__lt=text + "\U0010ffff").order_by("contract_no")
    )
    found = list(loans[:limit])
    matches = lookup.find(query, fields=searched(actor, "loans.Loan"))
    tails = [match.object_id for match in matches if match.object_kind == "loan"]
    others = visible_loans(actor).filter(Q(external_no=text) | Q(id__in=tails)).order_by("-opened_on", "-id")
    found += list(others.exclude(id__in=[loan.id for loan in found])[: limit - len(found)])
    return [_loan_hit(actor, line) for line in lines_of(found)]


def find_people(actor: Actor, query: str, limit: int) -> list[Hit]:
    """People whose identity number, telephone (whole or its end) or name fits, in loans the actor may see."""
    matches = lookup.find(query, fields=searched(actor, "loans.Party", "loans.ContactPoint"))
    parties = list(dict.fromkeys(match.object_id for match in matches))
    rows = (
        LoanParty.objects.filter(party_id__in=parties, loan__in=visible_loans(actor))
        .select_related("party", "loan")
        .order_by("-id")
    )
    first: dict[UUID, LoanParty] = {}
    for row in rows[: limit * 10]:
        first.setdefault(row.party_id, row)
    order = [first[party_id] for party_id in parties if party_id in first][:limit]
    warm([row.party for row in order])
    return [
        Hit(
            "party",
            row.party_id,
            show(actor, row.party, "name").text,
            f"{row.get_role_display()} · {row.loan.contract_no}",
            reverse("loans:detail", args=[row.loan_id]),
        )
        for row in order
    ]


def find_vehicles(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Cars whose VIN, plate (whole or its end) or engine number fits."""
    ids = list(dict.fromkeys(match.object_id for match in lookup.find(query, fields=searched(actor, "loans.Vehicle"))))
    rows = {
        row.id: row for row in Vehicle.objects.filter(id__in=ids, loan__in=visible_loans(actor)).select_related("loan")
    }
    found = [rows[vehicle_id] for vehicle_id in ids if vehicle_id in rows][:limit]
    warm(found)
    return [
        Hit(
            "vehicle",
            row.id,
            show(actor, row, "plate").text or show(actor, row, "vin").text or _("Vehicle"),
            f"{car_title(actor, row)} · {row.loan.contract_no}".strip(" ·"),
            reverse("loans:detail", args=[row.loan_id]),
        )
        for row in found
    ]


def _loan_hit(actor: Actor, line: Line) -> Hit:
    loan: Loan = line.loan
    who = show(actor, line.borrower, "name").text if line.borrower else ""
    parts = [who, car_title(actor, line.vehicle), loan.get_state_display()]
    return Hit(
        "loan",
        loan.id,
        loan.contract_no,
        " · ".join(part for part in parts if part),
        reverse("loans:detail", args=[loan.id]),
    )
