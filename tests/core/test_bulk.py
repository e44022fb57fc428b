"""Many rows in one statement arrive exactly as they were given."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carloan.core.ids import uuid7
from carloan.core.models import Job
from carloan.core.postgres.bulk import BETWEEN, NOTHING, insert_rows
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
COLUMNS = [
    "id",
    "tenant_id",
    "kind",
    "state",
    "done",
    "total",
    "params",
    "result",
    "error",
    "lease_until",
    "attempts",
    "created_at",
    "audit_event_id",
]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ["", BETWEEN, NOTHING, "\\", "{}", "NULL", "'", '"', "%s", "\n", "\\x41"]
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(TEXT, st.integers(-(2**40), 2**40), st.dictionaries(TEXT, TEXT, max_size=3), st.booleans()),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_number_and_structure_comes_back(bank: Lender, given_rows: list[Any]) -> None:
    with bank.open():
        moment = bank.tenant.created_at
        rows = {
            uuid7(): (error, done, params, moment if leased else None) for error, done, params, leased in given_rows
        }
        made = insert_rows(
            Job,
            COLUMNS,
            (
                (key, bank.tenant.id, "bulk", "waiting", done, 0, params, {}, error, lease, 0, moment, key)
                for key, (error, done, params, lease) in rows.items()
            ),
        )
        assert made == len(rows)
        for job in Job.objects.filter(id__in=list(rows)):
            assert (job.error, job.done, job.params, job.lease_until) == rows[job.id]
            assert (job.created_at, job.audit_event_id) == (moment, job.id)
