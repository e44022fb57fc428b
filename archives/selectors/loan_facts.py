"""What is known of loans for choosing packs and asking for papers: one statement, for one loan and for all of them."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import connection

from carloan.archives.policies.checklist import STAGES
from carloan.archives.policies.conditions import FACTS, Facts
from carloan.archives.policies.packs import CAR_PRODUCTS, PRODUCT_WORDS
from carloan.core.tenancy import current_tenant_id

# Where a loan that left the ordinary way stands with its papers.
_STAGES_OF_ENDS: Final = {"declined": "application", "withdrawn": "application", "written_off": "servicing"}


def _product() -> str:
    words = " ".join(f"WHEN l.product ~* '{'|'.join(said)}' THEN '{product}'" for product, said in PRODUCT_WORDS)
    cars = " ".join(f"WHEN c.condition = '{car}' THEN '{product}'" for car, product in CAR_PRODUCTS.items())
    return f"CASE {words} {cars} END"


def _stage() -> str:
    ends = " ".join(f"WHEN '{state}' THEN '{stage}'" for state, stage in _STAGES_OF_ENDS.items())
    return f"CASE l.state {ends} ELSE l.state END"


# A row for each loan in the relation `scope (loan_id)`, with a column for each fact but `holder`. What is not known is
# NULL: of a loan without people nothing is known about them.
FACTS_OF_SCOPE: Final = f"""
people AS (
    SELECT lp.loan_id,
        max(p.kind) FILTER (WHERE lp.role = 'borrower') AS borrower,
        bool_or(lp.role = 'co_borrower') AS co_borrower,
        bool_or(lp.role = 'guarantor') AS guarantor,
        coalesce(NOT array_agg(lp.party_id) FILTER (WHERE lp.role = 'owner')
            <@ array_agg(lp.party_id) FILTER (WHERE lp.role = 'borrower'), false) AS other_owner
    FROM loans_loanparty lp JOIN loans_party p ON p.tenant_id = lp.tenant_id AND p.id = lp.party_id
    WHERE lp.tenant_id = %s AND lp.loan_id IN (SELECT loan_id FROM scope)
    GROUP BY lp.loan_id
),
cars AS (
    SELECT v.loan_id, bool_or(v.plate IS NOT NULL) AS registered,
        CASE WHEN min(v.condition) = max(v.condition) THEN min(v.condition) END AS condition
    FROM loans_vehicle v WHERE v.tenant_id = %s AND v.loan_id IN (SELECT loan_id FROM scope)
    GROUP BY v.loan_id
),
facts AS (
    SELECT l.id AS loan_id, {_stage()} AS stage, {_product()} AS product, p.borrower, p.co_borrower, p.guarantor,
        p.other_owner, c.registered, l.principal, l.term::bigint AS term
    FROM loans_loan l LEFT JOIN people p ON p.loan_id = l.id LEFT JOIN cars c ON c.loan_id = l.id
    WHERE l.tenant_id = %s AND l.id IN (SELECT loan_id FROM scope)
)
"""  # nothing of it is anybody's input
COLUMNS: Final = tuple(code for code in FACTS if code != "holder")


def facts_parameters() -> list[UUID]:
    """What FACTS_OF_SCOPE is executed with, behind the parameters of `scope`."""
    return [current_tenant_id()] * 3


def stage_of(state: str) -> str:
    """The stage whose papers a loan in this state is asked for."""
    return _STAGES_OF_ENDS.get(state, state if state in STAGES else STAGES[0])


def facts_of_loans(loan_ids: Collection[UUID]) -> dict[UUID, Facts]:
    """What is known of these loans, by `conditions.FACTS`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH scope AS (SELECT unnest(%s::uuid[]) AS loan_id), {FACTS_OF_SCOPE}"
            f" SELECT loan_id, {', '.join(COLUMNS)} FROM facts",
            [[str(each) for each in loan_ids], *facts_parameters()],
        )
        return {row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in cursor.fetchall()}
