"""The benchmark of the audit desk asks today's pages, and every question of it is answered from an index."""

from typing import Any

import pytest
from django.db import connection

from benchmarks import trail
from carloan.compliance.selectors.trail import events_matching, trail_page
from carloan.core.tenancy import tenant_scope
from tests.cast import Lender
from tests.plugin import owner_urls

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
# Events, loans, people, anomalies.
SIZE = (3_000, 60, 5, 30)


def test_the_desk_answers_what_the_benchmark_asks(committed: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARLOAN_ADMIN_URL", owner_urls["DATABASE_URL"])
    told = list(trail.claims(committed.tenant, SIZE, rounds=3))
    for claim in told:
        print(claim.claim, claim.value, claim.unit)
    assert len(told) == 19
    assert all(claim.value > 0 for claim in told)
    with tenant_scope(committed.tenant.id), committed.open():
        reader = committed.actor("compliance")
        whole = trail_page(reader, {}, zone="UTC").entries
        assert len(whole) == 50
        event = whole[-1].event
        for name in ("actor_id", "loan_id", "action"):
            found = trail_page(reader, {name: getattr(event, name)}, zone="UTC").entries
            assert {getattr(entry.event, name) for entry in found} == {getattr(event, name)}


@pytest.mark.parametrize(
    "filters",
    [{}, {"actor_id": 1}, {"loan_id": 1}, {"action": "loans.loan.opened"}, {"address": "10.0.0.1"}, {"field": "phone"},
     {"outcome": "refused"}, {"object_id": 1}],
)  # fmt: skip
def test_each_way_through_the_trail_is_an_index(bank: Lender, filters: dict[str, Any]) -> None:
    """With scans of the whole forbidden no plan is left that sorts or scans it."""
    with bank.open(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        given = {name: bank.tenant.id if value == 1 else value for name, value in filters.items()}
        events = events_matching(bank.actor("compliance"), given, zone="UTC")
        assert events is not None
        plan = events.order_by("-id")[:51].explain()
    assert "Seq Scan" not in plan
    assert "Sort" not in plan.replace("Sort Key", "")
