"""Reveal one field of one object, with a reason, and say so in the trail before the value leaves."""

from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

from carloan.compliance.reveals import REASONS, revealable
from carloan.compliance.services.watching import LOOKS, REVEALED, look_watched
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, Invalid, NotFound, TooMany
from carloan.core.models import AuditEvent
from carloan.core.reach import reaches
from carloan.core.registry import rule_of
from carloan.core.sealed import SealedText, clear
from carloan.core.services.quotas import done_today, require_quota
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

SHORTEST_REASON = 4
# Far above a day's work at the telephone, far below copying the book field by field.
MOST_A_MINUTE, MOST_A_DAY = 30, 500


def require_reason(reason_code: str, reason: str) -> None:
    """Raise Invalid without a reason of the list, and for "other" without some words."""
    if reason_code not in REASONS:
        raise Invalid(fields={"reason_code": [_("Choose a reason.")]})
    if reason_code == "other" and len(said(reason)) < SHORTEST_REASON:
        raise Invalid(fields={"reason": [_("Say in a few words why you need to see this.")]})


def require_look(actor: Actor) -> None:
    """Raise TooMany above the quota of looks at clear values, fields and details of the trail together; the caller
    records the look in the same transaction."""
    require_quota(
        actor=actor,
        actions=LOOKS,
        most_a_minute=MOST_A_MINUTE,
        most_a_day=MOST_A_DAY,
        refusal=TooMany(code="reveal_quota"),
    )


def looks_today(actor: Actor) -> tuple[int, int]:
    """How many looks at clear values the actor took in the last day, and how many a day has."""
    return done_today(actor=actor, actions=LOOKS), MOST_A_DAY


def field_reveal(
    *,
    actor: Actor,
    label: str,
    object_id: UUID,
    field: str,
    reason_code: str,
    reason: str = "",
    loan_id: UUID | None = None,
) -> str:
    """The clear value of one masked field. No event, no value: both stand in one transaction.

    The event names the field, the reason and the loan through which the actor looks (`loan_id`, where the object stands
    in it), never the value (ASVS 5.0 16.3.2); the words of the reason go with the object's own key. C3 fields cannot be
    revealed at all.
    Raises NotFound when the actor cannot see the object, Forbidden without the right for it, Invalid without a reason,
    TooMany above the quota of a minute or a day.
    """
    actor.require("fields.reveal")
    require_reason(reason_code, reason)
    kind = revealable(label)
    instance = kind.find(actor, object_id)
    if not reaches(actor, "fields.reveal", instance):
        raise Forbidden(capability="fields.reveal")
    try:
        rule = rule_of(instance, field)
        column = instance._meta.get_field(field)
    except (KeyError, FieldDoesNotExist) as error:
        raise NotFound from error
    if rule.data_class == "C3" or rule.mask is None:
        raise Forbidden(capability=f"{label}.{field}")
    with tenant_atomic():
        require_look(actor)
        look_watched(actor=actor)
        audit.record(
            actor=actor,
            action=REVEALED,
            object_type=label,
            object_id=object_id,
            loan_id=kind.loan_of(actor, instance, loan_id),
            subject=instance.key_subject(),
            field=field,
            reason_code=reason_code,
            reason=said(reason)[:500],
            outcome=AuditEvent.Outcome.REVEALED,
        )
        return clear(instance, field) if isinstance(column, SealedText) else str(getattr(instance, field) or "")
