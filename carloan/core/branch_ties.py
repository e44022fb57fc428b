"""What hangs on a branch and keeps it open: each app that places something in branches says how much is there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import ApiKey, Branch, Membership, RoleAssignment

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


def _roles(branch_id: UUID) -> int:
    lasting = Q(valid_until=None) | Q(valid_until__gte=timezone.localdate())
    return RoleAssignment.objects.filter(lasting, branch_id=branch_id).count()


def _keys(branch_id: UUID) -> int:
    return ApiKey.objects.filter(branch_id=branch_id, revoked_at=None, expires_at__gt=timezone.now()).count()


register_tie(_("branches below it"), lambda branch_id: Branch.objects.filter(parent=branch_id, is_active=True).count())
register_tie(_("people"), lambda branch_id: Membership.objects.filter(branch=branch_id, is_active=True).count())
register_tie(_("roles that count there"), _roles)
register_tie(_("API keys that count there"), _keys)
