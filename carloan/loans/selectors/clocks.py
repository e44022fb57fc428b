"""Since when the time of retention runs for loans and people: parts of queries, as `compliance.retention` asks.

Days are those of the loan's branch, else of the lender. A loan whose end has no day of its own (declined, or brought
by a file that did not say it) counts from the step that ended it; one that ended before it came here, from its entry.
"""

from typing import Final

_ZONE: Final = "coalesce(b.time_zone, t.time_zone)"

# Every loan: `id`, `state`, `ended_on` (NULL: not ended; written off is not ended, the debt stands), `today`.
LOANS: Final = f"""
SELECT l.id, l.state, (%(now)s AT TIME ZONE {_ZONE})::date AS today,
    CASE WHEN l.state = 'settled' AND l.settled_on IS NOT NULL THEN l.settled_on
        WHEN l.state IN ('settled', 'declined', 'withdrawn') THEN (coalesce((
            SELECT max(s.recorded_at) FROM core_transition s WHERE s.tenant_id = l.tenant_id
                AND s.kind = 'loans.loan' AND s.row_id = l.id AND s.target = l.state
            ), l.created_at) AT TIME ZONE {_ZONE})::date
    END AS ended_on
FROM loans_loan l JOIN core_tenant t ON t.id = l.tenant_id
LEFT JOIN core_branch b ON b.tenant_id = l.tenant_id AND b.id = l.branch_id
WHERE l.tenant_id = %(tenant)s
"""

_TRIGGER: Final = "CASE e.state WHEN 'settled' THEN 'settled' ELSE 'declined' END"

# Who stands or once stood in which loan.
_ROLES: Final = """
SELECT loan_id, party_id FROM loans_loanparty WHERE tenant_id = %(tenant)s
UNION SELECT loan_id, party_id FROM loans_formerrole WHERE tenant_id = %(tenant)s
"""

CONTRACTS: Final = f"""
SELECT e.id AS object_id, {_TRIGGER} AS trigger, e.ended_on AS since, e.ended_on AS lawful_since, e.today
FROM ({LOANS}) e WHERE e.ended_on IS NOT NULL
"""

TRANSACTIONS: Final = f"""
SELECT e.id AS object_id, 'settled' AS trigger, e.ended_on AS since, e.today,
    greatest(e.ended_on, (SELECT max(greatest(p.value_on, p.booked_on)) FROM loans_payment p
        WHERE p.tenant_id = %(tenant)s AND p.loan_id = e.id)) AS lawful_since
FROM ({LOANS}) e WHERE e.state = 'settled'
"""

# The relationship with a person ends with the last of their loans; its day is over when it is over everywhere.
CUSTOMERS: Final = f"""
SELECT r.party_id AS object_id, CASE WHEN bool_or(e.state = 'settled') THEN 'settled' ELSE 'declined' END AS trigger,
    max(e.ended_on) AS since, max(e.ended_on) AS lawful_since, min(e.today) AS today
FROM ({_ROLES}) r JOIN ({LOANS}) e ON e.id = r.loan_id
GROUP BY r.party_id HAVING bool_and(e.ended_on IS NOT NULL)
"""

# Papers of a loan hold copies of what identifies its people: the law counts from the end of the relationship with the
# last of them.
FILES: Final = f"""
SELECT e.id AS object_id, {_TRIGGER} AS trigger, e.ended_on AS since, e.today,
    CASE WHEN k.loan_id IS NULL THEN e.ended_on ELSE greatest(e.ended_on, k.lawful_since) END AS lawful_since
FROM ({LOANS}) e
LEFT JOIN (
    SELECT r.loan_id, CASE WHEN bool_and(c.object_id IS NOT NULL) THEN max(c.since) END AS lawful_since
    FROM ({_ROLES}) r LEFT JOIN ({CUSTOMERS}) c ON c.object_id = r.party_id GROUP BY r.loan_id
) k ON k.loan_id = e.id
WHERE e.ended_on IS NOT NULL
"""

# People in no loan: from the end of their last request, or from their entry when nothing was registered.
ASKERS: Final = """
SELECT a.id AS object_id, 'asked' AS trigger, a.since, a.since AS lawful_since, a.today
FROM (
    SELECT p.id, (%(now)s AT TIME ZONE t.time_zone)::date AS today,
        coalesce(q.ended_on, (p.created_at AT TIME ZONE t.time_zone)::date) AS since
    FROM loans_party p JOIN core_tenant t ON t.id = p.tenant_id
    LEFT JOIN LATERAL (
        SELECT max(r.ended_on) AS ended_on, coalesce(bool_or(r.ended_on IS NULL), false) AS is_open
        FROM compliance_personrequest r WHERE r.tenant_id = p.tenant_id AND r.party_id = p.id
    ) q ON true
    WHERE p.tenant_id = %(tenant)s AND NOT q.is_open
    AND NOT EXISTS (SELECT 1 FROM loans_loanparty l WHERE l.tenant_id = p.tenant_id AND l.party_id = p.id)
    AND NOT EXISTS (SELECT 1 FROM loans_formerrole f WHERE f.tenant_id = p.tenant_id AND f.party_id = p.id)
) a
"""
