"""The sweep of retention: where every record of a class stands today, in two statements whatever their number."""

from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from carloan.compliance.models import RetentionSweep
from carloan.compliance.retention import RecordClass
from carloan.compliance.selectors.retention import asked, legal, policy_in_force, rules_of, standings, whole_tables
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.ids import uuid7
from carloan.core.tenancy import tenant_atomic

_COLUMNS: Final = ("trigger", "since", "lawful_since", "phase", "next_on", "keep_until", "policy_version")
_SET: Final = ", ".join(f"{name} = excluded.{name}" for name in (*_COLUMNS, "sweep_id"))
_OLD, _NEW = (", ".join(f"{of}.{name}" for name in _COLUMNS) for of in ("kept", "found"))
_TOLD: Final = """
SELECT count(*), encode(sha256(convert_to(
    coalesce(string_agg(object_id::text || phase, ',' ORDER BY object_id), ''), 'UTF8')), 'hex') FROM moved
"""

# A record that moved nowhere is neither written nor locked.
_KEEP: Final = f"""
WITH moved AS (
    INSERT INTO compliance_retentionrecord (tenant_id, record_class, object_id, {", ".join(_COLUMNS)}, sweep_id)
    SELECT %(tenant)s, %(class)s, found.object_id, {_NEW}, %(sweep)s
    FROM (SELECT s.*, %(version)s AS policy_version FROM ({{standings}}) s) found
    LEFT JOIN compliance_retentionrecord kept ON kept.tenant_id = %(tenant)s AND kept.record_class = %(class)s
        AND kept.object_id = found.object_id
    WHERE kept.object_id IS NULL OR (kept.phase <> 'destroyed' AND ({_OLD}) IS DISTINCT FROM ({_NEW}))
    ON CONFLICT (tenant_id, record_class, object_id) DO UPDATE SET {_SET}
    WHERE compliance_retentionrecord.phase <> 'destroyed'
    RETURNING object_id, phase
)
{_TOLD}
"""
_STOP: Final = f"""
WITH moved AS (
    UPDATE compliance_retentionrecord kept SET phase = 'living', since = NULL, lawful_since = NULL, next_on = NULL,
        keep_until = NULL, policy_version = %(version)s, sweep_id = %(sweep)s
    WHERE kept.tenant_id = %(tenant)s AND kept.record_class = %(class)s AND kept.since IS NOT NULL
        AND kept.phase <> 'destroyed'
        AND NOT EXISTS (SELECT 1 FROM ({{clocks}}) c WHERE c.object_id = kept.object_id)
    RETURNING object_id, phase
)
{_TOLD}
"""


def retention_sweep(*, actor: Actor, record_class: RecordClass, now: datetime | None = None) -> RetentionSweep | None:
    """Bring the records of a class to where the policy in force puts them at this moment, in one transaction.

    A unit whose clock does not run any more (a reopened loan) is in use again. What was destroyed stays so. Without a
    policy in force nothing has a phase, and None is returned, as when nothing moved. For the installation: raises
    Forbidden for anybody else.
    """
    actor.require_installation()
    now = now or timezone.now()
    with tenant_atomic():
        policy = policy_in_force(timezone.localdate(now))
        if policy is None:
            return None
        sweep_id = uuid7()
        given: dict[str, Any] = {
            **asked(record_class, rules_of(policy).values(), legal(), now),
            "class": record_class.code,
            "version": policy.version,
            "sweep": sweep_id,
        }
        changed, digest = _run(_KEEP.format(standings=standings(record_class)), given)
        stopped, stopped_digest = _run(_STOP.format(clocks=record_class.clocks), given)
        if not changed and not stopped:
            return None
        event_id = audit.record(
            actor=actor,
            action="compliance.retention.swept",
            object_type="compliance.retentionsweep",
            object_id=sweep_id,
            after={"record_class": record_class.code, "changed": changed, "stopped": stopped},
            count=changed + stopped,
            digest=f"{digest}+{stopped_digest}",
            rules=f"retention {policy.version}",
        )
        return RetentionSweep.objects.create(
            id=sweep_id,
            record_class=record_class.code,
            policy_version=policy.version,
            changed=changed,
            stopped=stopped,
            audit_event_id=event_id,
        )


def _run(statement: str, given: dict[str, Any]) -> tuple[int, str]:
    with whole_tables(), connection.cursor() as cursor:
        cursor.execute(statement, given)
        count, digest = cursor.fetchone()
    return count, digest
