"""Acts on the policy of retention: a draft is made, changed and published; what is published stands for ever."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import RetentionPolicy, RetentionRule
from carloan.compliance.policies.retention import COOLING_DAYS, MOVES, Rule, rule_problems
from carloan.compliance.retention import RecordClass, record_classes
from carloan.compliance.selectors.retention import legal, policy_in_force, rules_of, said
from carloan.compliance.selectors.retention_dry_runs import dry_run_of
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.moves import step
from carloan.core.tenancy import tenant_atomic

MANAGE = "retention.manage"
# What a first draft says: a year at hand, up to five in the archive, then sealed for as long as the law asks for.
ACTIVE_YEARS, ARCHIVE_YEARS = 1, 5
RuleKey = tuple[str, str]


def rule_keys() -> list[tuple[RecordClass, str]]:
    """Every record class with each of its triggers: a policy says something of each."""
    return [(each, trigger) for each in record_classes() for trigger in each.triggers]


def policy_draft(*, actor: Actor) -> RetentionPolicy:
    """Begin the next version, from the one in force or from the usual phases with the law's years. Raises Conflict
    while there is a draft, Forbidden without the right."""
    actor.require(MANAGE)
    today = timezone.localdate()
    with tenant_atomic():
        if RetentionPolicy.objects.filter(state=RetentionPolicy.State.DRAFT).exists():
            raise Conflict(_("There is a draft already. Publish it or change it."))
        current = policy_in_force(today)
        version = (RetentionPolicy.objects.aggregate(Max("version"))["version__max"] or 0) + 1
        event_id = audit.record(
            actor=actor,
            action="compliance.retention.drafted",
            object_type="compliance.retentionpolicy",
            after={"version": version},
        )
        policy = RetentionPolicy.objects.create(
            version=version,
            effective_on=today,
            cooling_days=current.cooling_days if current else COOLING_DAYS[0],
            made_by_id=actor.membership_id,
            audit_event_id=event_id,
        )
        known = rules_of(current) if current else {}
        view = legal()
        for each, trigger in rule_keys():
            old = known.get((each.code, trigger))
            floors = view.floors(each, today)
            years = floors[0].whole_years if floors else ARCHIVE_YEARS
            RetentionRule.objects.create(
                policy=policy,
                record_class=each.code,
                trigger=trigger,
                active_years=old.active_years if old else ACTIVE_YEARS,
                archive_years=old.archive_years if old else min(ARCHIVE_YEARS, years),
                total_years=old.total_years if old else years,
                basis=old.basis if old else "",
                review_on=old.review_on if old else None,
            )
    return policy


def policy_change(
    *,
    actor: Actor,
    policy: RetentionPolicy,
    revision: int,
    effective_on: date,
    cooling_days: int,
    note: str,
    rules: Mapping[RuleKey, Rule],
) -> RetentionPolicy:
    """Say what a draft says. Raises Invalid with the law's article for a period below the floor, for a longer one
    without basis and review, and for a day that has passed; Conflict for a published policy or an old page.

    Fields of rules are named `<class>__<trigger>__<column>`.
    """
    actor.require(MANAGE)
    today = timezone.localdate()
    faults: dict[str, list[Any]] = {}
    view = legal()
    if effective_on < today:
        faults["effective_on"] = [_("A policy counts from today or a later day.")]
    if not COOLING_DAYS[0] <= cooling_days <= COOLING_DAYS[1]:
        faults["cooling_days"] = [_("From 7 to 14 days.")]
    for each, trigger in rule_keys():
        rule = rules[(each.code, trigger)]
        for problem in rule_problems(rule, view.floors(each, effective_on), today=today):
            faults.setdefault(f"{each.code}__{trigger}__{problem.code}", []).append(problem.message)
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        held = _draft(policy, revision)
        before = rules_of(held)
        told_before, told_after = (
            _told(before),
            {f"{code} {trigger}": _years(rule) for (code, trigger), rule in rules.items()},
        )
        changed = {name for name, said in told_after.items() if told_before.get(name) != said}
        event_id = audit.record(
            actor=actor,
            action="compliance.retention.changed",
            object_type="compliance.retentionpolicy",
            object_id=policy.id,
            before={name: told_before.get(name) for name in changed}
            | {"effective_on": held.effective_on, "cooling_days": held.cooling_days},
            after={name: told_after[name] for name in changed}
            | {"effective_on": effective_on, "cooling_days": cooling_days},
        )
        for each, trigger in rule_keys():
            rule = rules[(each.code, trigger)]
            RetentionRule.objects.update_or_create(
                policy=held,
                record_class=each.code,
                trigger=trigger,
                defaults={
                    "active_years": rule.span.active_years,
                    "archive_years": rule.span.archive_years,
                    "total_years": rule.span.total_years,
                    "basis": rule.basis.strip(),
                    "review_on": rule.review_on,
                },
            )
        held.effective_on, held.cooling_days, held.note = effective_on, cooling_days, note.strip()
        held.revision, held.audit_event_id = held.revision + 1, event_id
        held.save(update_fields=["effective_on", "cooling_days", "note", "revision", "audit_event_id"])
    return held


def policy_publish(*, actor: Actor, policy: RetentionPolicy, revision: int) -> RetentionPolicy:
    """Let a draft count from its day on, for good. It is held against the law once more: floors rise.

    Raises Invalid as policy_change() does and for a draft without a dry run as it is saved now, Conflict for what is
    published or was changed meanwhile. The event tells how many records the dry run looked at.
    """
    actor.require(MANAGE)
    today = timezone.localdate()
    with tenant_atomic():
        held = _draft(policy, revision)
        rules, view = rules_of(held), legal()
        missing = [each for each, trigger in rule_keys() if (each.code, trigger) not in rules]
        if missing or held.effective_on < today:
            raise Invalid(_("The draft is from before today or lacks a record class. Open it, check it and save it."))
        found = [
            problem.message
            for each, trigger in rule_keys()
            for problem in rule_problems(
                said(rules[(each.code, trigger)]), view.floors(each, held.effective_on), today=today
            )
        ]
        if found:
            raise Invalid(fields={"": found})
        _job, simulation = dry_run_of(actor, held)
        if simulation is None:
            raise Invalid(_("Run the draft dry first and look at what it would change. Then publish it."))
        event_id = audit.record(
            actor=actor,
            action="compliance.retention.published",
            object_type="compliance.retentionpolicy",
            object_id=held.id,
            after={"version": held.version, "effective_on": held.effective_on, **_told(rules)},
            count=simulation.records,
            reason=held.note,
        )
        step(
            held,
            MOVES,
            "publish",
            audit_event_id=event_id,
            published_by_id=actor.membership_id,
            published_at=timezone.now(),
        )
    return held


def _draft(policy: RetentionPolicy, revision: int) -> RetentionPolicy:
    held = RetentionPolicy.objects.select_for_update().get(id=policy.id)
    MOVES.need(held.state, "publish")
    if held.revision != revision:
        raise Conflict
    return held


def _told(rules: Mapping[RuleKey, RetentionRule]) -> dict[str, str]:
    return {f"{code} {trigger}": _years(said(rule)) for (code, trigger), rule in rules.items()}


def _years(rule: Rule) -> str:
    span = rule.span
    return f"{span.active_years}/{span.archive_years}/{span.total_years} {rule.basis} {rule.review_on or ''}".strip()
