"""What ended stays ended behind a restore: an older backup of the main database alone brings back keys of other
systems, leavers, roles and lent duties. They end again before anybody works, and each minute."""

from collections.abc import Iterable
from uuid import UUID

from carloan.core.actors import Actor
from carloan.core.ended_access import Kind, ended_of, note_ended
from carloan.core.models import ApiKey, Delegation, Membership, RoleAssignment
from carloan.core.services.api_keys import key_end
from carloan.core.services.delegations import end
from carloan.core.services.people import assignment_end, membership_end
from carloan.core.tenancy import current_tenant_id, tenant_atomic


def access_end_again() -> int:
    """End in the tenant at work what the key store says has ended, each with its own event; returns how much that was.

    What ended and is not told there yet (by a version before there was a place for it, or cut off by a crash) is
    entered.
    """
    with tenant_atomic():
        system = Actor.system(current_tenant_id(), "replay")
        # First members: their roles and lent duties end with them.
        return _members(system) + _api_keys(system) + _assignments(system) + _delegations(system)


def _members(system: Actor) -> int:
    # Before what the key store says of them: a return is told there before it is committed here.
    active = list(Membership.objects.filter(is_active=True))
    ended = ended_of(Kind.MEMBER)
    back = [each for each in active if each.id in ended]
    for member in back:
        membership_end(actor=system, membership=member)
    over = Membership.objects.filter(is_active=False)
    if untold := [each for each in over.values_list("id", flat=True) if each not in ended]:
        # Whoever is coming back at this moment has locked their row.
        still = over.select_for_update(no_key=True).filter(id__in=untold)
        note_ended(Kind.MEMBER, list(still.values_list("id", flat=True)))
    return len(back)


def _api_keys(system: Actor) -> int:
    ended = ended_of(Kind.API_KEY)
    living = ApiKey.objects.filter(revoked_at=None).values_list("id", flat=True)
    back = [key_id for key_id in living if key_id in ended and key_end(actor=system, key_id=key_id)]
    _enter(Kind.API_KEY, ApiKey.objects.exclude(revoked_at=None).values_list("id", flat=True), ended)
    return len(back)


def _assignments(system: Actor) -> int:
    ended = ended_of(Kind.ASSIGNMENT)
    back = [each for each in RoleAssignment.objects.select_related("role") if each.id in ended]
    for assignment in back:
        assignment_end(actor=system, assignment=assignment)
    return len(back)


def _delegations(system: Actor) -> int:
    ended = ended_of(Kind.DELEGATION)
    back = [each for each in Delegation.objects.filter(ended_at=None) if each.id in ended]
    for delegation in back:
        end(system, delegation)
    _enter(Kind.DELEGATION, Delegation.objects.exclude(ended_at=None).values_list("id", flat=True), ended)
    return len(back)


def _enter(kind: Kind, over: Iterable[UUID], told: set[UUID]) -> None:
    note_ended(kind, [each for each in over if each not in told])
