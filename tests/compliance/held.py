"""Legal holds for the tests: placed by the compliance officer, and a second officer where two are needed."""

from uuid import UUID

from carloan.compliance.models import LegalHold
from carloan.compliance.services.holds import hold_place
from carloan.core.access import actor_of_person
from carloan.core.actors import Actor
from carloan.core.models import Membership, Role, RoleAssignment, User
from tests.cast import Lender


def place(lender: Lender, *things: tuple[str, UUID], kind: str = "litigation") -> LegalHold:
    return hold_place(
        actor=lender.actor("compliance"), kind=kind, name="（2026）粤0304民初1号", reason="法院保全", things=things
    )


def another(lender: Lender, role: str, name: str) -> Actor:
    """One more member of a role."""
    username = f"{name}@{lender.tenant.slug}"
    user = User.objects.filter(username=username).first()
    if user is None:
        event_id = lender.members["admin"].audit_event_id
        user = User.objects.create(username=username)
        member = Membership.objects.create(user=user, display_name=name, audit_event_id=event_id)
        RoleAssignment.objects.create(membership=member, role=Role.objects.get(key=role), audit_event_id=event_id)
        lender.users[name] = user
        lender.members[name] = member
    actor = actor_of_person(user, tenant_id=lender.tenant.id)
    assert actor is not None
    return actor
