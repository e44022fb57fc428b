"""Dry runs of a draft of the retention policy: what it would change, record class by record class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from carloan.compliance import unit_parts
from carloan.compliance.models import RetentionPolicy
from carloan.compliance.retention import RecordClass, record_class, record_classes
from carloan.compliance.selectors.retention import (
    VIEW,
    asked,
    legal,
    policy_in_force,
    rules_of,
    standings,
    whole_tables,
)
from carloan.core.actors import Actor
from carloan.core.models import Job

KIND: Final = "compliance.retention_dry_run"
# Units (loans and people together) over which a dry run is done while somebody waits for the page: well under a second.
# Beyond it is a job.
MOST_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Shift:
    """Records of a class that would stand in another phase: from where, to where, how many. `before` is empty where no
    policy is in force."""

    record_class: str
    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class DueYear:
    """How many records of a class fall due for appraisal in a year, today's policy and the draft beside each other."""

    record_class: str
    year: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a draft would change on the day from which it counts."""

    on: date
    shifts: Sequence[Shift]
    years: Sequence[DueYear]
    records: int


# Rows of the comparison: phase before and after, year in which it falls due before and after, records.
Rows = Sequence[Sequence[Any]]

_NO_RULES: Final = "SELECT NULL::uuid AS object_id, NULL AS phase, NULL::date AS keep_until WHERE false"
_COMPARED: Final = """
SELECT coalesce(o.phase, ''), n.phase, extract(year FROM o.keep_until + 1)::int,
    extract(year FROM n.keep_until + 1)::int, count(*)
FROM ({after}) n LEFT JOIN ({before}) o ON o.object_id = n.object_id GROUP BY 1, 2, 3, 4
"""


def is_small() -> bool:
    """Whether the open lender has so few units that a dry run is done while somebody waits."""
    left = MOST_AT_ONCE
    for unit in unit_parts.units():
        own = next(part.model for part in unit_parts.rows_of_unit(unit) if part.by == "id")
        left -= own.objects.order_by()[: left + 1].count()
        if left < 0:
            return False
    return True


def simulate(actor: Actor, policy: RetentionPolicy) -> Simulation:
    """A dry run of a draft over all records, as of the day from which it counts; nothing is written."""
    actor.require(VIEW)
    now = moment_of(policy)
    return simulation_of(now, {each.code: compared(each, policy, now) for each in record_classes()})


def moment_of(policy: RetentionPolicy) -> datetime:
    """The moment as of which a draft is looked at: the noon from which it counts, or now."""
    noon = datetime.combine(policy.effective_on, time(12), tzinfo=timezone.get_current_timezone()).astimezone(UTC)
    return max(noon, timezone.now())


def compared(each: RecordClass, policy: RetentionPolicy, now: datetime) -> Rows:
    """The records of one class by the policy in force and by the draft."""
    current = policy_in_force(policy.effective_on)
    new, old, view = list(rules_of(policy).values()), list(rules_of(current).values()) if current else [], legal()
    after = asked(each, new, view, now)
    before = {f"old_{name}": value for name, value in asked(each, old, view, now).items()}
    was = standings(each)
    for name in ("triggers", "active", "archive", "total"):
        was = was.replace(f"%({name})s", f"%(old_{name})s")
    statement = _COMPARED.format(after=standings(each), before=was if old else _NO_RULES)
    with whole_tables(), connection.cursor() as cursor:
        cursor.execute(statement, {**before, **after})
        return [list(row) for row in cursor.fetchall()]


def simulation_of(now: datetime, found: Mapping[str, Rows]) -> Simulation:
    """What the rows of every class say together."""
    shifts: dict[tuple[str, str, str], int] = {}
    years: dict[tuple[str, int], list[int]] = {}
    records = 0
    for code, rows in found.items():
        for phase_before, phase_after, year_before, year_after, count in rows:
            records += count
            if phase_before != phase_after:
                key = (code, phase_before, phase_after)
                shifts[key] = shifts.get(key, 0) + count
            for place, year in enumerate((year_before, year_after)):
                if year is not None:
                    years.setdefault((code, year), [0, 0])[place] += count
    return Simulation(
        on=timezone.localdate(now),
        shifts=[Shift(*key, count) for key, count in sorted(shifts.items())],
        years=[DueYear(code, year, *counts) for (code, year), counts in sorted(years.items())],
        records=records,
    )


def dry_run_of(actor: Actor, policy: RetentionPolicy) -> tuple[Job | None, Simulation | None]:
    """What a dry run says of a draft as it is saved now: of few records at once, of many by the newest job over it.

    Of many it says nothing before that job has ended, and nothing while none looked at this revision.
    """
    if is_small():
        return None, simulate(actor, policy)
    job = last_dry_run(actor, policy)
    return job, simulation_told(job) if job is not None and is_current(job, policy) else None


def last_dry_run(actor: Actor, policy: RetentionPolicy) -> Job | None:
    """The newest job over this draft, of whichever of its revisions."""
    actor.require(VIEW)
    return Job.objects.filter(kind=KIND, params__policy=str(policy.id)).order_by("-id").first()


def is_current(job: Job, policy: RetentionPolicy) -> bool:
    """Whether a job looks at the draft as it is saved now."""
    return bool(job.params["revision"] == policy.revision)


def simulation_told(job: Job) -> Simulation | None:
    """What a finished job found; None before its end."""
    if job.state != Job.State.DONE:
        return None
    return simulation_of(datetime.fromisoformat(job.params["now"]), job.result["found"])


def classes_left(job: Job) -> list[RecordClass]:
    """The record classes that a job has still to look at, in their order."""
    return [record_class(code) for code in job.params["classes"] if code not in job.params["found"]]
