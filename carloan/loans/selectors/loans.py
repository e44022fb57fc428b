"""Which loans an actor may see, and one loan with what hangs on it. `get_loan_for` is the only door to a loan."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, NotFound
from carloan.core.models import Membership
from carloan.core.sealed import warm
from carloan.core.selectors import members
from carloan.lib.text import fold
from carloan.loans.models import (
    ContactPoint,
    FormerRole,
    Loan,
    LoanGrant,
    LoanParty,
    OpeningPosition,
    Party,
    Payment,
    Vehicle,
)

VIEW = "loans.view"
DETAILS = "loans.details"


def visible_loans(actor: Actor, capability: str = VIEW) -> "QuerySet[Loan]":
    """The loans of the actor's branches, the actor's own and those granted to the actor, as one query.

    Role x branch x assignment stand in columns; a grant (LoanGrant, for sight only) is an EXISTS beside them. Every
    loan carries `granted`.
    """
    right = actor.right(capability)
    if right.everywhere:
        return Loan.objects.annotate(granted=Value(False, output_field=BooleanField()))
    reach = Q(branch_id__in=list(right.branches))
    if right.own and actor.membership_id:
        reach |= Q(officer_id=actor.membership_id)
    if capability not in (VIEW, DETAILS) or not actor.user_id or not actor.can(capability):
        return Loan.objects.annotate(granted=Value(False, output_field=BooleanField())).filter(reach)
    grant = Exists(_grants(actor.user_id).filter(content_object_id=OuterRef("id")))
    return Loan.objects.annotate(granted=grant).filter(reach | Q(granted=True))


def get_loan_for(actor: Actor, loan_id: UUID, capability: str = VIEW) -> Loan:
    """One loan, in one query. Strangers get NotFound; readers who lack `capability` for it get Forbidden."""
    loan = visible_loans(actor).select_related("branch", "officer").filter(id=loan_id).first()
    return _checked(actor, loan, capability)


def get_loan_by_number_for(actor: Actor, contract_no: str, capability: str = VIEW) -> Loan:
    """The loan with this contract number, like get_loan_for."""
    loan = visible_loans(actor).select_related("branch", "officer").filter(contract_no=contract_no.strip()).first()
    return _checked(actor, loan, capability)


def loan_by_number(actor: Actor, contract_no: str) -> UUID | None:
    """Which of the loans that the actor may see has this contract number, whole."""
    found = visible_loans(actor).filter(contract_no=fold(contract_no)).values_list("id", flat=True).first()
    return found if actor.can(VIEW) else None


def may(actor: Actor, capability: str, loan: Loan) -> bool:
    """Whether a capability covers this loan. Reading rights follow a grant; a grant never lets anybody change."""
    right = actor.right(capability)
    granted = capability in (VIEW, DETAILS) and actor.can(capability) and getattr(loan, "granted", False)
    return (
        right.everywhere
        or loan.branch_id in right.branches
        or (right.own and actor.membership_id is not None and loan.officer_id == actor.membership_id)
        or granted
    )


def may_hand_over(actor: Actor, loan: Loan) -> bool:
    """Whether the actor may say whose case a loan is: the right to own cases alone does not give them away."""
    right = actor.right("loans.edit")
    return right.everywhere or loan.branch_id in right.branches


def officers_for(actor: Actor, loan: Loan) -> list[Membership] | None:
    """Whose case the actor may make a loan, by name: who works here, and whoever has it. None: it is not the actor's
    to give."""
    if not may_hand_over(actor, loan):
        return None
    found = list(members())
    if loan.officer is not None and loan.officer not in found:
        found.insert(0, loan.officer)
    return found


def amounts_open(actor: Actor, capability: str = VIEW) -> bool:
    """Whether a list may be narrowed and sorted by amounts: only if its whole reach has details.

    Otherwise the order of a list, or who is left in it, would tell the amounts that its lines keep back.
    """
    wanted, details = actor.right(capability), actor.right(DETAILS)
    return details.everywhere or (
        actor.can(DETAILS)
        and not wanted.everywhere
        and wanted.branches <= details.branches
        and (details.own or not wanted.own)
    )


def _checked(actor: Actor, loan: Loan | None, capability: str) -> Loan:
    if loan is None:
        raise NotFound
    if not may(actor, capability, loan):
        raise Forbidden(capability=capability)
    return loan


def _grants(user_id: UUID) -> "QuerySet[LoanGrant]":
    today = timezone.localdate()
    grants: QuerySet[LoanGrant] = LoanGrant.objects.filter(user_id=user_id, permission__codename="view_loan")
    return grants.filter(Q(valid_until=None) | Q(valid_until__gte=today))


def grants_of(loan: Loan) -> list[LoanGrant]:
    """The exceptional rights on a loan, also those that have run out, newest first, keys loaded."""
    grants = list(LoanGrant.objects.filter(content_object=loan).select_related("granted_by").order_by("-id"))
    names = dict(
        Membership.objects.filter(user_id__in=[grant.user_id for grant in grants]).values_list(
            "user_id", "display_name"
        )
    )
    for grant in grants:
        grant.member_name = names.get(grant.user_id, "")
    warm(grants)
    return grants


def borrowers_of(loan_ids: Iterable[UUID]) -> dict[UUID, Party]:
    """The borrower of each loan, keys loaded: one query each in the database and the key store."""
    rows = LoanParty.objects.filter(loan_id__in=list(loan_ids), role=LoanParty.Role.BORROWER).select_related("party")
    found = {row.loan_id: row.party for row in rows}
    warm(found.values())
    return found


def vehicles_of(loan_ids: Iterable[UUID]) -> dict[UUID, Vehicle]:
    """The first car of each loan, keys loaded."""
    found: dict[UUID, Vehicle] = {}
    for vehicle in Vehicle.objects.filter(loan_id__in=list(loan_ids)).order_by("-id"):
        found[vehicle.loan_id] = vehicle
    warm(found.values())
    return found


def people_of(loan: Loan) -> list[LoanParty]:
    """Everybody in a loan, borrower first, each with `contacts` (list of ContactPoint), keys loaded."""
    order = {role: place for place, role in enumerate(LoanParty.Role.values)}
    rows: list[Any] = sorted(
        LoanParty.objects.filter(loan=loan).select_related("party"), key=lambda row: (order[row.role], row.id)
    )
    contacts: dict[UUID, list[ContactPoint]] = {}
    for contact in ContactPoint.objects.filter(party_id__in=[row.party_id for row in rows]).order_by("state", "id"):
        contacts.setdefault(contact.party_id, []).append(contact)
    for row in rows:
        row.contacts = contacts.get(row.party_id, [])
    warm([row.party for row in rows])
    return rows


def former_roles_of(loan: Loan) -> list[FormerRole]:
    """What people were in a loan before it was corrected or they were taken out, newest first, keys loaded."""
    rows = list(FormerRole.objects.filter(loan=loan).select_related("party").order_by("-id"))
    warm([row.party for row in rows])
    return rows


def contacts_of(party: Party) -> list[ContactPoint]:
    """Every telephone number and address of a person, those in use first, keys loaded."""
    contacts = list(ContactPoint.objects.filter(party=party).select_related("party").order_by("state", "id"))
    warm(contacts)
    return contacts


def get_contact(row: LoanParty, contact_id: UUID) -> ContactPoint:
    """A telephone number of somebody in a loan that is open already. Raises NotFound."""
    contact = ContactPoint.objects.filter(party_id=row.party_id, id=contact_id).select_related("party").first()
    if contact is None:
        raise NotFound
    return contact


def get_loan_party(loan: Loan, row_id: UUID) -> LoanParty:
    """One person's part in a loan that is open already. Raises NotFound."""
    row = LoanParty.objects.filter(loan=loan, id=row_id).select_related("party").first()
    if row is None:
        raise NotFound
    return row


def get_payment(loan: Loan, payment_id: UUID) -> Payment:
    """One payment of a loan that is open already. Raises NotFound."""
    payment = Payment.objects.filter(loan=loan, id=payment_id).select_related("loan").first()
    if payment is None:
        raise NotFound
    return payment


def get_granted_member(loan: Loan, grant_id: UUID) -> Membership:
    """Whom an exceptional right on a loan belongs to. Raises NotFound."""
    users = LoanGrant.objects.filter(content_object=loan, id=grant_id).values("user_id")
    member = Membership.objects.filter(user_id__in=users).first()
    if member is None:
        raise NotFound
    return member


def payments_of(loan: Loan) -> list[Payment]:
    """Every payment and reversal (with what it `corrects`), newest value date first."""
    return list(Payment.objects.filter(loan=loan).select_related("corrects").order_by("-value_on", "-id"))


def paid_since_told(loan: Loan) -> "QuerySet[Payment]":
    """Money that the arrears of a loan do not know of. What its source says of a day is the close of that day: money of
    days before is in it, and of the day itself what was on record here when we learned it; what is booked afterwards
    with that day or a later one is not.

    None where no source told arrears: then nothing was overdue when the loan was paid out here.
    """
    said = OpeningPosition.objects.filter(loan=loan, overdue__isnull=False)
    told = said.order_by("-as_of", "-recorded_at").first()
    if told is None:
        return Payment.objects.none()
    return Payment.objects.filter(loan=loan, recorded_at__gt=told.recorded_at, value_on__gte=told.as_of)


def positions_of(loan: Loan) -> list[OpeningPosition]:
    """Where the loan stood when it was taken over and later, newest first."""
    return list(OpeningPosition.objects.filter(loan=loan).order_by("-as_of", "-recorded_at"))


def loans_of_parties(actor: Actor, party_ids: Iterable[UUID]) -> dict[UUID, list[tuple[str, Loan]]]:
    """(role, loan) pairs of each party, only loans that the actor may see."""
    rows = LoanParty.objects.filter(party_id__in=list(party_ids), loan__in=visible_loans(actor)).select_related("loan")
    found: dict[UUID, list[tuple[str, Loan]]] = {}
    for row in rows.order_by("-loan__opened_on", "-id"):
        found.setdefault(row.party_id, []).append((row.role, row.loan))
    return found


def contract_numbers(loan_ids: Collection[UUID]) -> list[str]:
    """The contract numbers of these loans, oldest first, for who decides about them and may reach none of them."""
    return list(Loan.objects.filter(id__in=loan_ids).order_by("id").values_list("contract_no", flat=True))
