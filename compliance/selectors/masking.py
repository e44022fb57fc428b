"""Which policy of masking counts on a day, and what it was known to be at a moment."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Subquery
from django.utils import timezone

from carloan.compliance.models import MaskingPolicy
from carloan.core.actors import Actor
from carloan.core.registry import Tighter
from carloan.core.tightening import parsed

if TYPE_CHECKING:
    from django.db.models import QuerySet


def rules_today() -> Any:
    """The rules of the version of today as an expression of another query; NULL without one."""
    return Subquery(_in_force(timezone.localdate()).values("rules")[:1])


def policy_of(*, on: date, known_at: datetime | None = None) -> MaskingPolicy | None:
    """The version that counts on a day of the lender, as it was known at `known_at` (default: now)."""
    rows = _in_force(on)
    return (rows if known_at is None else rows.filter(recorded_at__lte=known_at)).first()


def rules_of(*, on: date, known_at: datetime | None = None) -> dict[str, Tighter]:
    """What that version says, by the key of the rule: what was shown on a day can be made again with it."""
    policy = policy_of(on=on, known_at=known_at)
    return parsed(policy.rules) if policy else {}


def policies_for(actor: Actor) -> list[MaskingPolicy]:
    """Every version, newest first."""
    actor.require("masking.view")
    return list(MaskingPolicy.objects.order_by("-number"))


def newest_rules() -> dict[str, Tighter]:
    """What the last version says, whether or not it counts already: the next one begins from it."""
    last = MaskingPolicy.objects.order_by("-number").first()
    return parsed(last.rules) if last else {}


def rules_from(first: date, *, until: date) -> list[dict[str, Tighter]]:
    """What the versions say that count on some day from `first` to before `until`, as they are published now, and what
    the last version says, whenever it counts: what a further one is held against."""
    rows = list(MaskingPolicy.objects.order_by("-number"))
    days = {first, *(row.effective_on for row in rows if first < row.effective_on < until)}
    counting = [next((row for row in rows if row.effective_on <= day), None) for day in sorted(days)]
    return [parsed(row.rules) for row in dict.fromkeys([*counting, *rows[:1]]) if row]


def _in_force(on: date) -> "QuerySet[MaskingPolicy]":
    return MaskingPolicy.objects.filter(effective_on__lte=on).order_by("-number")
