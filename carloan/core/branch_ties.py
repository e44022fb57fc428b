"""What hangs on a branch and keeps it open: each app that places something in branches says how much is there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import ApiKey, Branch, Delegation, Membership, RoleAssignment, Team

# Open branch -> how many of a kind are there. In the open tenant, without asking who asks: it is a number of a rule.
Counter = Callable[[UUID], int]
_ties: list[tuple[Any, Counter]] = []


def register_tie(label: Any, counter: Counter) -> None:
    """`label` names in the plural what has to be moved or ended before a branch can be closed."""
    _ties.append((label, counter))


def ties_of(branch_id: UUID) -> list[tuple[str, int]]:
    """What keeps the branch open, by name and number; empty when it can be closed."""
    counted = ((str(label), counter(branch_id)) for label, counter in _ties)
    return [(label, count) for label, count in counted if count]


def lasting_roles(rows: QuerySet[RoleAssignment]) -> QuerySet[RoleAssignment]:
    """Those whose date has not passed."""
    return rows.filter(Q(valid_until=None) | Q(valid_until__gte=timezone.localdate()))


def living_keys(rows: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
    """Those that open something."""
    return rows.filter(revoked_at=None, expires_at__gt=timezone.now())


def _roles(branch_id: UUID) -> int:
    return lasting_roles(RoleAssignment.objects.filter(branch_id=branch_id)).count()


def _keys(branch_id: UUID) -> int:
    return living_keys(ApiKey.objects.filter(branch_id=branch_id)).count()


register_tie(_("branches below it"), lambda branch_id: Branch.objects.filter(parent=branch_id, is_active=True).count())
register_tie(_("people"), lambda branch_id: Membership.objects.filter(branch=branch_id, is_active=True).count())
register_tie(_("teams"), lambda branch_id: Team.objects.filter(branch=branch_id, is_active=True).count())
register_tie(_("roles that count there"), _roles)
register_tie(_("API keys that count there"), _keys)
register_tie(
    _("lent duties that count there"),
    lambda branch_id: Delegation.objects.filter(branch=branch_id, ended_at=None).count(),
)
