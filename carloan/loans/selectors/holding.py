"""What a legal hold on a loan or a person reaches: the loan with its people, the person with their loans."""

from collections.abc import Iterable
from uuid import UUID

from carloan.compliance.holds import Thing
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.core.keys import Subject
from carloan.loans.models import FormerRole, Loan, LoanParty, Party

from .loans import visible_loans
from .reveals import find_party


def sees_loan(actor: Actor, loan_id: UUID) -> bool:
    return visible_loans(actor).filter(id=loan_id).exists()


def sees_party(actor: Actor, party_id: UUID) -> bool:
    try:
        return bool(find_party(actor, party_id))
    except NotFound:
        return False


def _roles(**narrow: object) -> list[tuple[UUID, UUID]]:
    """(loan, person) of everybody who stands or once stood in a loan."""
    now = LoanParty.objects.filter(**narrow).values_list("loan_id", "party_id")
    once = FormerRole.objects.filter(**narrow).values_list("loan_id", "party_id")
    return sorted({*now, *once})


def subjects_of_loans(ids: Iterable[UUID]) -> dict[UUID, list[Subject]]:
    """By loan that is there: its own key, then those of its people."""
    found = {each: [Subject("loan", each)] for each in Loan.objects.filter(id__in=ids).values_list("id", flat=True)}
    for loan_id, party_id in _roles(loan_id__in=list(found)):
        found[loan_id].append(Subject("party", party_id))
    return found


def subjects_of_parties(ids: Iterable[UUID]) -> dict[UUID, list[Subject]]:
    """By person who is there: their own key, then those of their loans."""
    found = {each: [Subject("party", each)] for each in Party.objects.filter(id__in=ids).values_list("id", flat=True)}
    for loan_id, party_id in _roles(party_id__in=list(found)):
        found[party_id].append(Subject("loan", loan_id))
    return found


def around_loan(loan_id: UUID) -> list[Thing]:
    return [("loan", loan_id), *(("party", party_id) for _, party_id in _roles(loan_id=loan_id))]


def around_party(party_id: UUID) -> list[Thing]:
    return [("party", party_id), *(("loan", loan_id) for loan_id, _ in _roles(party_id=party_id))]
