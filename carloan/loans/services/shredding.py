"""Shredding: what is known of a person, or sealed with a loan, is destroyed for good and leaves its number free."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.keys import destroy_key
from carloan.core.models import AuditEvent, LookupTerm
from carloan.core.sealed import sealed_fields
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import ContactPoint, Loan, LoanGrant, Party, Vehicle

# Loan and event of its shredding. Runs in the same transaction, before the key goes, perhaps more than once.
Shredder = Callable[[Loan, UUID], None]
PartyShredder = Callable[[Party, UUID], None]
_shredders: list[Shredder] = []
_party_shredders: list[PartyShredder] = []


def register_shredder(shredder: Shredder) -> None:
    """For apps that keep something of a loan beyond its key: indexes keyed otherwise, further keys."""
    _shredders.append(shredder)


def register_party_shredder(shredder: PartyShredder) -> None:
    """The same for what apps keep of a person: the party, and the event of its shredding."""
    _party_shredders.append(shredder)


def party_shred(*, actor: Actor, party: Party) -> None:
    """Destroy a party's key and empty what it sealed, so that the same person can be entered anew (PIPL art. 47).

    For the installation itself: retention decides when. May run twice: the key store commits on its own, so that a run
    that ends in the middle leaves unreadable columns, which the next run empties. Raises Forbidden for anybody else.
    """
    actor.require_installation()
    with tenant_atomic():
        Party.objects.select_for_update(no_key=True).get(id=party.id)
        party.audit_event_id = audit.record(
            actor=actor, action="loans.party.shredded", object_type="loans.party", object_id=party.id
        )
        party.id_digest, party.id_place, party.id_kind, party.occupation = None, 0, Party.IdKind.NONE, ""
        for name in sealed_fields(Party):
            setattr(party, name, None)
        party.revision += 1
        party.save()
        ContactPoint.objects.filter(party=party).update(value=None, state=ContactPoint.State.INVALID)
        LookupTerm.objects.filter(object_id=party.id).delete()
        for shredder in _party_shredders:
            shredder(party, party.audit_event_id)
        destroy_key(party.key_subject())


def loan_shred(*, actor: Actor, loan: Loan) -> None:
    """Destroy a loan's key: the numbers of its car, its papers and the details of its trail cannot be read any more.

    The bare loan with its amounts stays, for the books. People have keys of their own (`party_shred`). May run twice;
    raises Forbidden for anybody but the installation.
    """
    actor.require_installation()
    with tenant_atomic():
        Loan.objects.select_for_update(no_key=True).get(id=loan.id)
        # Without loan_id: an event of the loan would be sealed with the key that goes.
        event_id = audit.record(actor=actor, action="loans.loan.shredded", object_type="loans.loan", object_id=loan.id)
        Loan.objects.filter(id=loan.id).update(audit_event_id=event_id)
        Vehicle.objects.filter(loan=loan).update(**dict.fromkeys(sealed_fields(Vehicle)), audit_event_id=event_id)
        LoanGrant.objects.filter(content_object=loan).update(reason=None)
        LookupTerm.objects.filter(loan_id=loan.id).delete()
        for shredder in _shredders:
            shredder(loan, event_id)
        destroy_key(loan.key_subject())


def loan_shred_again(actor: Actor, loan_id: UUID) -> int:
    """Shred a loan whose key is gone but whose shredding is not in this main database's trail: it is an older one."""
    if _told("loans.loan.shredded", loan_id) or (loan := _found(Loan, loan_id)) is None:
        return 0
    loan_shred(actor=actor, loan=loan)
    return 1


def party_shred_again(actor: Actor, party_id: UUID) -> int:
    """The same for a party."""
    if _told("loans.party.shredded", party_id) or (party := _found(Party, party_id)) is None:
        return 0
    party_shred(actor=actor, party=party)
    return 1


def _told(action: str, object_id: UUID) -> bool:
    with tenant_atomic():
        return AuditEvent.objects.filter(action=action, object_id=object_id).exists()


def _found(model: Any, row_id: UUID) -> Any:
    with tenant_atomic():
        return model.objects.filter(id=row_id).first()
