"""Publish a version of the lender's policy of masking: stricter than the registry, never looser (law 7)."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import MaskingPolicy
from carloan.compliance.names import field_label, type_label
from carloan.compliance.selectors.masking import newest_rules, rules_from
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.locks import hold
from carloan.core.registry import Tighter
from carloan.core.tenancy import tenant_atomic
from carloan.core.tightening import NOTHING, loosened, looser, tightenable
from carloan.core.voices import require_passkey
from carloan.lib.text import said

MANAGE = "masking.manage"
PUBLISHED = "compliance.masking.published"
SHORTEST_REASON = 4
MOST_AHEAD_DAYS = 366
# Nobody shows more at once: whoever reads the trail, or the page, has this time to ask why.
LOOSER_AHEAD_DAYS = 7


def masking_publish(
    *, actor: Actor, rules: Mapping[str, Tighter], effective_on: date, reason: str, after: int
) -> MaskingPolicy:
    """A new version of the whole policy, which counts from a day of the lender, today at the earliest.

    One that shows more, in any rule, than the version before it or than what would count without it in the days to come
    counts LOOSER_AHEAD_DAYS days later at the earliest; one that only tightens counts at once.

    `after` is the number of the version that the page was made from (0: none). Raises Conflict when another one was
    published meanwhile; Invalid for what would show more than the registry allows, without a reason, for a day that is
    past, too early for what it loosens or more than a year ahead, and when nothing changes.
    """
    actor.require(MANAGE)
    require_passkey(actor, MANAGE)
    rules = {key: said_of for key, said_of in rules.items() if said_of != NOTHING}
    _check(rules, effective_on, reason)
    with tenant_atomic():
        hold("masking")
        if MaskingPolicy.objects.count() != after:
            raise Conflict
        before = newest_rules()
        changed = sorted({key for key in {*before, *rules} if before.get(key, NOTHING) != rules.get(key, NOTHING)})
        if not changed:
            raise Invalid(code="nothing_changed", message=_("Nothing is different from the version before."))
        _check_day(rules, effective_on)
        policy_id = uuid7()
        event_id = audit.record(
            actor=actor,
            action=PUBLISHED,
            object_type="compliance.maskingpolicy",
            object_id=policy_id,
            reason=said(reason),
            before={key: before.get(key, NOTHING).stored() for key in changed},
            after={
                **{key: rules.get(key, NOTHING).stored() for key in changed},
                "effective_on": effective_on.isoformat(),
                "number": after + 1,
            },
        )
        return MaskingPolicy.objects.create(
            id=policy_id,
            number=after + 1,
            effective_on=effective_on,
            rules={key: told.stored() for key, told in sorted(rules.items())},
            reason=said(reason),
            audit_event_id=event_id,
        )


def _check(rules: Mapping[str, Tighter], effective_on: date, reason: str) -> None:
    if looser := sorted({key for key, _part in loosened(rules)}):
        raise Invalid(
            code="looser",
            message=_("A policy may make masking stricter only. This would show more: %(rules)s.")
            % {"rules": ", ".join(looser)},
        )
    today = timezone.localdate()
    faults: dict[str, list[object]] = {}
    if not 0 <= (effective_on - today).days <= MOST_AHEAD_DAYS:
        faults["effective_on"] = [_("A version counts from today or from a day of the coming year.")]
    if len(said(reason)) < SHORTEST_REASON:
        faults["reason"] = [_("Give the reason.")]
    if faults:
        raise Invalid(fields=faults)


def _check_day(rules: Mapping[str, Tighter], effective_on: date) -> None:
    earliest = timezone.localdate() + timedelta(days=LOOSER_AHEAD_DAYS)
    if effective_on >= earliest:
        return
    shown = {key for before in rules_from(effective_on, until=earliest) for key in looser(rules, before)}
    if not shown:
        return
    fields = tightenable()
    names = [f"{type_label(fields[key].object_type)}: {field_label(fields[key].object_type, fields[key].name)}"
             for key in sorted(shown)]  # fmt: skip
    raise Invalid(
        fields={
            "effective_on": [
                _("This version shows more than before it, so it counts from %(day)s at the earliest: %(rules)s.")
                % {"day": earliest.isoformat(), "rules": "; ".join(names)}
            ]
        }
    )
