"""Reads of retention: the policy of a day, and where records stand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from carloan.compliance.models import RetentionPolicy, RetentionRecord, RetentionRule, RetentionSweep
from carloan.compliance.policies.floors import Floor, floors_for
from carloan.compliance.policies.retention import REVIEW_AHEAD, Phase, Rule, Span, is_longer, span_on
from carloan.compliance.retention import RecordClass, classes_of, record_classes
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.core.models import Tenant
from carloan.core.tenancy import current_tenant_id

VIEW: Final = "retention.view"

_TOTAL: Final = "(c.since + make_interval(years => r.total_years))::date"
_LAWFUL: Final = "((c.lawful_since + make_interval(years => %(floor)s))::date + %(floor_days)s)"

# What policies.retention.standing() says, for every unit of a class at once. `where` narrows the clocks. What no rule
# of the policy speaks of (a class that came after it was published) is kept.
STANDINGS: Final = f"""
SELECT d.object_id, d.trigger, d.since, d.lawful_since, d.keep_until,
    CASE WHEN d.since > d.today THEN 'living' WHEN d.active IS NULL THEN 'sealed' WHEN d.today <= d.active THEN 'active'
        WHEN d.today <= d.archive THEN 'archive'
        WHEN d.keep_until IS NULL OR d.today <= d.keep_until THEN 'sealed' ELSE 'due' END AS phase,
    CASE WHEN d.since > d.today THEN d.since WHEN d.today <= d.active THEN d.active + 1
        WHEN d.today <= d.archive THEN d.archive + 1 WHEN d.today <= d.keep_until THEN d.keep_until + 1 END AS next_on
FROM (
    SELECT c.object_id, c.trigger, c.since, c.lawful_since, c.today,
        (c.since + make_interval(years => r.active_years))::date AS active,
        (c.since + make_interval(years => r.archive_years))::date AS archive,
        CASE WHEN c.lawful_since IS NOT NULL AND r.trigger IS NOT NULL
            THEN greatest({_TOTAL}, {_LAWFUL}) END AS keep_until
    FROM ({{clocks}}) c
    LEFT JOIN unnest(%(triggers)s::text[], %(active)s::int[], %(archive)s::int[], %(total)s::int[])
        AS r (trigger, active_years, archive_years, total_years) ON r.trigger = c.trigger
    {{where}}
) d
"""


@dataclass(frozen=True, slots=True)
class Legal:
    """The lender as the law sees it."""

    licence: str
    jurisdiction: str

    def floors(self, record_class: RecordClass, on: date) -> list[Floor]:
        return floors_for(
            record_class.nature,
            licence=self.licence,
            jurisdiction=self.jurisdiction,
            on=on,
            record_class=record_class.code,
        )


def legal() -> Legal:
    """The open lender's licence and the country whose law it keeps records under."""
    return Legal(*Tenant.objects.values_list("kind", "jurisdiction").get(id=current_tenant_id()))


def law_is_known(unit: str) -> bool:
    """Whether the law of the open lender's place is known for any record of a unit: what is unknown lets nothing go."""
    view, today = legal(), timezone.localdate()
    return any(view.floors(each, today) for each in classes_of(unit))


def policy_in_force(on: date) -> RetentionPolicy | None:
    """The newest published version that is effective by a day."""
    published = RetentionPolicy.objects.filter(state=RetentionPolicy.State.PUBLISHED, effective_on__lte=on)
    return published.order_by("-effective_on", "-version").first()


def policies_for(actor: Actor) -> list[RetentionPolicy]:
    """All versions, the newest first."""
    actor.require(VIEW)
    return list(RetentionPolicy.objects.select_related("made_by", "published_by").order_by("-version"))


def get_policy_for(actor: Actor, policy_id: UUID) -> RetentionPolicy:
    """Raises NotFound."""
    actor.require(VIEW)
    policy = RetentionPolicy.objects.select_related("made_by", "published_by").filter(id=policy_id).first()
    if policy is None:
        raise NotFound
    return policy


def rules_of(policy: RetentionPolicy) -> dict[tuple[str, str], RetentionRule]:
    """By record class and trigger."""
    return {(rule.record_class, rule.trigger): rule for rule in RetentionRule.objects.filter(policy=policy)}


def asked(
    record_class: RecordClass, rules: Iterable[RetentionRule], legal_view: Legal, now: datetime
) -> Mapping[str, Any]:
    """What STANDINGS takes: the rules of one class, the longest floor of the law, and the moment."""
    today = timezone.localdate(now)
    floors = legal_view.floors(record_class, today)
    own = [rule for rule in rules if rule.record_class == record_class.code]
    spans = [span_on(said(rule), floors, today) for rule in own]
    return {
        "tenant": current_tenant_id(),
        "now": now,
        "floor": floors[0].years if floors else 0,
        "floor_days": floors[0].days if floors else 0,
        "triggers": [rule.trigger for rule in own],
        "active": [span.active_years for span in spans],
        "archive": [span.archive_years for span in spans],
        "total": [span.total_years for span in spans],
    }


def said(rule: RetentionRule) -> Rule:
    """A row as the policies look at it."""
    span = Span(rule.active_years, rule.archive_years, rule.total_years)
    return Rule(span=span, basis=rule.basis, review_on=rule.review_on)


@dataclass(frozen=True, slots=True)
class Review:
    """A longer period that is to be reviewed by its day, or has lost its basis on it."""

    rule: RetentionRule
    record_class: RecordClass
    floors: Sequence[Floor]
    overdue: bool


def reviews_due(policy: RetentionPolicy | None, today: date) -> list[Review]:
    """The longer periods of a policy whose review is near or past, the most urgent first."""
    rules = list(RetentionRule.objects.filter(policy=policy, review_on__lte=today + REVIEW_AHEAD)) if policy else []
    if not rules:
        return []
    known, view = {each.code: each for each in record_classes()}, legal()
    found = []
    for rule in rules:
        record_class = known.get(rule.record_class)
        if record_class is None or rule.review_on is None:
            continue
        floors = view.floors(record_class, today)
        if is_longer(said(rule).span, floors):
            found.append(Review(rule, record_class, floors, rule.review_on < today))
    return sorted(found, key=lambda each: (each.rule.review_on, each.rule.record_class, each.rule.trigger))


@contextmanager
def whole_tables() -> Iterator[None]:
    """For statements that read every unit of a lender: behind the fence the server takes a table for a few rows and
    would look up each of them one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute("SET LOCAL work_mem = '64MB'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = DEFAULT")
        cursor.execute("SET LOCAL work_mem = DEFAULT")


def standings(record_class: RecordClass, *, where: str = "") -> str:
    return STANDINGS.format(clocks=record_class.clocks, where=where)


@dataclass(frozen=True, slots=True)
class Held:
    """Where the records of one class of a unit stand at this moment, counted anew and not taken from the last sweep."""

    record_class: str
    trigger: str
    since: date
    keep_until: date | None
    phase: str


def standing_of(unit: str, ids: Sequence[UUID], *, now: datetime | None = None) -> dict[UUID, list[Held]]:
    """Where each unit's records stand now, class by class; nothing for a unit that is alive, and nothing at all without
    a policy in force."""
    now = now or timezone.now()
    policy = policy_in_force(timezone.localdate(now))
    found: dict[UUID, list[Held]] = {each: [] for each in ids}
    if policy is None:
        return found
    rules, view = list(rules_of(policy).values()), legal()
    for each in classes_of(unit):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT object_id, trigger, since, keep_until, phase FROM"
                f" ({standings(each, where='WHERE c.object_id = ANY (%(ids)s::uuid[])')}) s",
                {**asked(each, rules, view, now), "ids": [str(one) for one in ids]},
            )
            for object_id, trigger, since, keep_until, phase in cursor.fetchall():
                found[object_id].append(Held(each.code, trigger, since, keep_until, phase))
    return found


def may_go(unit: str, held: Sequence[Held]) -> bool:
    """Whether every record of a unit is past its time, an anchor among them."""
    anchors = {each.code for each in classes_of(unit) if each.anchor}
    return not anchors.isdisjoint(one.record_class for one in held) and all(one.phase == Phase.DUE for one in held)


def phases_for(actor: Actor) -> dict[str, dict[str, int]]:
    """How many records stand in which phase, by record class, as of the last sweep."""
    actor.require(VIEW)
    counts: dict[str, dict[str, int]] = {each.code: {} for each in record_classes()}
    rows = RetentionRecord.objects.values_list("record_class", "phase").annotate(Count("object_id")).order_by()
    for code, phase, count in rows:
        counts.setdefault(code, {})[phase] = count
    return counts


def last_sweeps(actor: Actor) -> dict[str, RetentionSweep]:
    """The last run of each class."""
    actor.require(VIEW)
    rows = RetentionSweep.objects.order_by("record_class", "-id").distinct("record_class")
    return {row.record_class: row for row in rows}
