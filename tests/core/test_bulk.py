"""Many rows in one statement arrive exactly as they were given."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carloan.archives.models import PaperPage
from carloan.core.ids import uuid7
from carloan.core.models import Job
from carloan.core.postgres.bulk import BETWEEN, NOTHING, insert_rows
from tests.archives.conftest import transcribed
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


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.none() | st.binary(max_size=40) | st.sampled_from([b"", b"\x1f", b"%s", b"\\x41"]), max_size=5))
def test_any_bytes_come_back(bank: Lender, given_bytes: list[bytes | None]) -> None:
    with bank.open():
        paper = transcribed(bank, {"name": "-"}, serial=str(uuid7()))
        PaperPage.objects.filter(paper=paper).delete()
        columns = ["id", "tenant_id", "paper_id", "number", "width", "height", "turn", "digital", "lines", "rendition",
                   "audit_event_id"]  # fmt: skip
        rows = [
            (uuid7(), bank.tenant.id, paper.id, number, 1, 1, 0, False, lines, "", paper.id)
            for number, lines in enumerate(given_bytes)
        ]
        assert insert_rows(PaperPage, columns, rows) == len(rows)
        found = PaperPage.objects.filter(paper=paper).order_by("number").values_list("lines", flat=True)
        assert [None if lines is None else bytes(lines) for lines in found] == given_bytes
