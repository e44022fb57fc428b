"""How complete dossiers are, counted in the database: one after a change, all of them when a day has passed."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from carloan.archives.models import Dossier
from carloan.archives.policies.checklist import STAGES
from carloan.archives.policies.conditions import condition_of
from carloan.archives.selectors.loan_facts import FACTS_OF_SCOPE, facts_parameters
from carloan.archives.selectors.packs import items_of
from carloan.core.tenancy import current_tenant_id

_PLACE: Final = "array_position(ARRAY[" + ", ".join(f"'{stage}'" for stage in STAGES) + "]::varchar[], {})"
# The same as policies/checklist.py says for one dossier; a test holds one against the other.
_RECKONED: Final = f"""
held AS (
    SELECT d.id AS dossier_id, d.pack_version_id, NULL::uuid AS party_id, 'loan' AS role, NULL::varchar AS holder, f.*
    FROM target d JOIN facts f ON f.loan_id = d.loan_id
    UNION ALL
    SELECT d.id, d.pack_version_id, lp.party_id, lp.role, p.kind, f.*
    FROM target d JOIN facts f ON f.loan_id = d.loan_id
        JOIN loans_loanparty lp ON lp.tenant_id = %s AND lp.loan_id = d.loan_id
        JOIN loans_party p ON p.tenant_id = lp.tenant_id AND p.id = lp.party_id
),
asked AS (
    SELECT h.dossier_id, h.party_id, h.stage AS reached, i.key, i.stage, i.count
    FROM held h JOIN archives_packitem i
        ON i.tenant_id = %s AND i.version_id = h.pack_version_id AND i.of = h.role AND i.required
    WHERE {{asked_for}} AND {_PLACE.format("i.stage")} <= {_PLACE.format("h.stage")}
),
valid AS (
    SELECT t.dossier_id, t.item_key, t.party_id,
        array_agg(coalesce(t.valid_until, 'infinity') ORDER BY coalesce(t.valid_until, 'infinity') DESC) AS untils
    FROM archives_papertick t JOIN archives_paper p ON p.tenant_id = t.tenant_id AND p.id = t.paper_id
    WHERE t.tenant_id = %s AND t.dossier_id IN (SELECT id FROM target) AND p.state = 'filed'
        AND (t.valid_until IS NULL OR t.valid_until >= %s)
    GROUP BY t.dossier_id, t.item_key, t.party_id
),
waived AS (
    SELECT w.dossier_id, w.item_key, w.party_id, max(coalesce(w.until, 'infinity')) AS until
    FROM archives_waiver w
    WHERE w.tenant_id = %s AND w.dossier_id IN (SELECT id FROM target) AND w.state = 'approved'
        AND (w.until IS NULL OR w.until >= %s)
    GROUP BY w.dossier_id, w.item_key, w.party_id
),
standing AS (
    SELECT a.dossier_id, a.stage = a.reached AS is_now,
        coalesce(CASE WHEN cardinality(v.untils) >= a.count THEN v.untils[a.count] END, w.until) AS until
    FROM asked a
        LEFT JOIN valid v ON v.dossier_id = a.dossier_id AND v.item_key = a.key
            AND v.party_id IS NOT DISTINCT FROM a.party_id
        LEFT JOIN waived w ON w.dossier_id = a.dossier_id AND w.item_key = a.key
            AND w.party_id IS NOT DISTINCT FROM a.party_id
),
counted AS (
    SELECT d.id, count(s.dossier_id) AS required, count(s.until) AS done,
        count(*) FILTER (WHERE s.dossier_id IS NOT NULL AND s.until IS NULL AND s.is_now) AS blocking,
        nullif(min(s.until), 'infinity') AS expires_on,
        CASE WHEN d.pack_version_id IS NOT NULL THEN
            CASE count(s.dossier_id) WHEN 0 THEN 100 ELSE 100 * count(s.until) / count(s.dossier_id) END
        END AS percent
    FROM target d LEFT JOIN standing s ON s.dossier_id = d.id
    GROUP BY d.id, d.pack_version_id
),
moved AS (
    UPDATE archives_dossier d SET required = c.required, done = c.done, blocking = c.blocking, percent = c.percent,
        expires_on = c.expires_on
    FROM counted c
    WHERE d.tenant_id = %s AND d.id = c.id AND (d.required, d.done, d.blocking, d.percent, d.expires_on)
        IS DISTINCT FROM (c.required, c.done, c.blocking, c.percent, c.expires_on)
    RETURNING d.id, d.done
)
SELECT count(*), encode(sha256(convert_to(
    coalesce(string_agg(id::text || done, ',' ORDER BY id), ''), 'UTF8')), 'hex') FROM moved
"""


def dossier_reckon(dossier_id: UUID, *, today: date) -> None:
    """Count one dossier anew, in the transaction of what changed it; who else changes it waits until that ends."""
    Dossier.objects.select_for_update(no_key=True).filter(id=dossier_id).first()
    dossiers_reckon([dossier_id], today=today)


class Reckoned(NamedTuple):
    """How many dossiers are counted otherwise than before, and a digest of which and how."""

    changed: int
    digest: str


def dossiers_reckon(dossier_ids: Collection[UUID] | None, *, today: date) -> Reckoned:
    """Count these dossiers of the tenant in scope anew, or all of them (None), as they stand on a day."""
    tenant_id = current_tenant_id()
    target, chosen = "SELECT * FROM archives_dossier WHERE tenant_id = %s", [tenant_id]
    parameters: list[Any] = list(chosen)
    dossiers = Dossier.objects.exclude(pack_version=None)
    if dossier_ids is not None:
        target += " AND id = ANY(%s::uuid[])"
        parameters.append([str(each) for each in dossier_ids])
        dossiers = dossiers.filter(id__in=list(dossier_ids))
    asked_for, conditions = _asked_for(list(dossiers.order_by().values_list("pack_version_id", flat=True).distinct()))
    statement = f"WITH target AS ({target}), scope AS (SELECT loan_id FROM target), {FACTS_OF_SCOPE}, " + (
        _RECKONED.format(asked_for=asked_for)
    )
    parameters += [*facts_parameters(), tenant_id, tenant_id, *conditions, tenant_id, today, tenant_id, today]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, tenant_id])
        return Reckoned(*cursor.fetchone())


def _asked_for(version_ids: list[UUID]) -> tuple[str, list[Any]]:
    """Whether an item `i` is asked for of the row `h`: an expression and its parameters."""
    plain: list[str] = []
    parts: list[str] = []
    parameters: list[Any] = []
    for item in items_of(version_ids):
        condition = condition_of(item.condition)
        if condition.alternatives:
            expression, values = condition.sql("h")
            parts.append(f"(i.id = %s AND {expression})")
            parameters += [item.id, *values]
        else:
            plain.append(str(item.id))
    return " OR ".join(["(i.id = ANY(%s::uuid[])", *parts]) + ")", [plain, *parameters]
