"""An installation of each release comes up to today's tables without losing a row or a value."""

import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import psycopg2
import pytest

from tests.operations.releases import Release, recorded
from tests.operations.schemas import DATABASES, Rows, Schemas, lost, two_databases
from tests.plugin import owner_urls

SERVERS = {name: owner_urls[f"{name.upper()}_URL"] for name in DATABASES.values()}


SECRETS = Path(os.environ["CARLOAN_HOME"]) / "secrets"


@pytest.fixture
def schemas() -> Iterator[Schemas]:
    with two_databases(SERVERS, "upgrade", SECRETS) as made:
        yield made


@pytest.fixture(scope="module")
def label_of() -> Iterator[Callable[[Release], str]]:
    """The label of a release's databases with its rows, which are made once: tests work on copies."""
    with ExitStack() as stack:

        @cache
        def made(release: Release) -> str:
            label = f"release-{release.version}"
            schemas = stack.enter_context(two_databases(SERVERS, label, SECRETS))
            for database in DATABASES:
                schemas.migrating("to", database, release.migrations.read_text())
            schemas.load(release)
            return label

        yield made


@pytest.fixture
def installation(label_of: Callable[[Release], str]) -> Iterator[Callable[[Release], Schemas]]:
    """`installation(release)`: databases as the release left them, for this test alone."""
    with ExitStack() as stack:
        yield lambda release: stack.enter_context(two_databases(SERVERS, "upgrade", SECRETS, like=label_of(release)))


@pytest.mark.parametrize("release", recorded(), ids=lambda release: release.version)
def test_a_release_comes_up_to_today_and_back_without_losing_a_row(
    release: Release, installation: Callable[[Release], Schemas]
) -> None:
    schemas = installation(release)
    book_plans(schemas)
    book_payments(schemas)
    before = schemas.rows()
    assert len(before["database.loans_loan"]) > 1
    assert len(before["database.archives_paper"]) > 1
    assert len(before["keystore.keystore_subjectkey"]) > 5
    for database in DATABASES:
        schemas.migrating("steps", database, release.migrations.read_text())
    after = schemas.rows()
    check_allocations(after)
    put_parts_back(after)
    assert lost(before, after) == []
    check_plans(after)
    for table in ("calendarday", "calendaryear"):
        assert {row["calendar"] for row in after[f"database.core_{table}"].values()} == {"CN"}
    assert {row["jurisdiction"] for row in after["database.core_tenant"].values()} == {"CN"}
    # The start that follows an upgrade finds the fences whole.
    assert "Tenant fences: whole." in schemas.run(["manage.py", "lint_catalog"])


def book_plans(schemas: Schemas) -> None:
    """Two plans and an instalment for each loan of a release whose book had none, as they were before 0009; the first
    one late in the evening of UTC, which is the next day in Shanghai."""
    version = (
        "INSERT INTO loans_scheduleversion (tenant_id, loan_id, version, reason, method, principal, rate_ppm,"
        " starts_on, recorded_at, audit_event_id)"
        " SELECT tenant_id, id, %s, %s, method, principal, rate_ppm, opened_on, %s, id FROM loans_loan"
    )
    with psycopg2.connect(schemas.urls["database"]) as link, link.cursor() as cursor:
        cursor.execute(version, [1, "agreed", "2000-01-05T20:00:00Z"])
        cursor.execute(version, [2, "disbursal", "2026-11-20T08:00:00Z"])
        cursor.execute(
            "INSERT INTO loans_instalment (tenant_id, loan_id, version, number, due_on, principal, interest, fee)"
            " SELECT tenant_id, id, 2, 1, opened_on, 1, 0, 0 FROM loans_loan"
        )
    link.close()


def check_plans(rows: Rows) -> None:
    """They count from the payment, at the latest from the day they were recorded, and name the one before them."""
    loans = {row["id"]: row for row in rows["database.loans_loan"].values()}
    plans = list(rows["database.loans_scheduleversion"].values())
    assert len(plans) == 2 * len(loans)
    for plan in plans:
        recorded = "2000-01-06" if plan["version"] == 1 else "2026-11-20"
        assert plan["effective_on"] == min(loans[plan["loan_id"]]["disbursed_on"] or recorded, recorded)
        assert plan["replaces"] == (None if plan["version"] == 1 else 1)


PARTS = ("principal", "interest", "penalty", "other", "unallocated")
# Rows of parts: a receipt that pays everything, one that pays nothing, one that uses what another one left.
PAYMENTS = ((11, 7, 5, 3, 2), (0, 0, 0, 0, 40), (30, 0, 0, 0, -9))


def book_payments(schemas: Schemas) -> None:
    """Receipts of each loan as they were before 0010, and what undid the first one."""
    book = (
        "INSERT INTO loans_payment (id, tenant_id, loan_id, kind, channel, reference, amount, principal, interest,"
        " penalty, other, unallocated, value_on, booked_on, recorded_at, corrects_id, audit_event_id)"
        " SELECT gen_random_uuid(), tenant_id, id, 'receipt', %s, %s, %s, %s, %s, %s, %s, %s, opened_on, opened_on,"
        " now(), NULL, id FROM loans_loan"
    )
    undo = (
        "INSERT INTO loans_payment (id, tenant_id, loan_id, kind, channel, reference, amount, principal, interest,"
        " penalty, other, unallocated, value_on, booked_on, recorded_at, corrects_id, audit_event_id)"
        " SELECT gen_random_uuid(), tenant_id, loan_id, 'reversal', channel, 'undo', -amount, -principal, -interest,"
        " -penalty, -other, -unallocated, value_on, booked_on, now(), id, audit_event_id FROM loans_payment"
        " WHERE reference = 'P-0'"
    )
    with psycopg2.connect(schemas.urls["database"]) as link, link.cursor() as cursor:
        for number, parts in enumerate(PAYMENTS):
            cursor.execute(book, ["transfer" if number else "imported", f"P-{number}", sum(parts), *parts])
        cursor.execute(undo)
    link.close()


def check_allocations(rows: Rows) -> None:
    """One version for each payment, as old and of the same act, with a row for what is not allocated."""
    payments = {row["id"]: row for row in rows["database.loans_payment"].values()}
    shares = list(rows["database.loans_allocation"].values())
    assert len(payments) == 4 * len(rows["database.loans_loan"])
    assert sorted(row["payment_id"] for row in shares if row["component"] == "unallocated") == sorted(payments)
    for row in shares:
        paid = payments[row["payment_id"]]
        reason = "import" if paid["channel"] == "imported" else "booked"
        assert (row["version"], row["instalment"], row["reason"]) == (1, 0, reason)
        assert (row["tenant_id"], row["recorded_at"]) == (paid["tenant_id"], paid["recorded_at"])
        assert row["audit_event_id"] == paid["audit_event_id"]


def put_parts_back(rows: Rows) -> None:
    """Into the payments, whose columns they were."""
    payments = {row["id"]: row for row in rows["database.loans_payment"].values()}
    for row in payments.values():
        assert not set(PARTS) & set(row)
        row.update(dict.fromkeys(PARTS, 0))
    for row in rows["database.loans_allocation"].values():
        payments[row["payment_id"]][row["component"]] = row["amount"]


def test_going_back_the_allocation_that_counts_becomes_columns(
    installation: Callable[[Release], Schemas],
) -> None:
    schemas = installation(recorded()[0])
    book_payments(schemas)
    schemas.migrating("to", "default", '{"loans": "0010_allocations"}')
    newer = (
        "INSERT INTO loans_allocation (tenant_id, payment_id, version, component, instalment, amount, reason,"
        " recorded_at, audit_event_id) SELECT tenant_id, id, 2, component, number, part, 'correction', now(), id"
        " FROM loans_payment CROSS JOIN (VALUES ('interest', 1, 10), ('interest', 2, 20), ('fee', 0, 5),"
        " ('compound', 0, 1), ('unallocated', 0, 4)) share (component, number, part) WHERE reference = 'P-1'"
    )
    with psycopg2.connect(schemas.urls["database"]) as link, link.cursor() as cursor:
        cursor.execute(newer)
    link.close()
    schemas.migrating("to", "default", '{"loans": "0009_plans_count_from_a_day"}')
    parts = {"P-0": PAYMENTS[0], "P-1": (0, 30, 0, 6, 4), "P-2": PAYMENTS[2], "undo": tuple(-x for x in PAYMENTS[0])}
    rows = list(schemas.rows()["database.loans_payment"].values())
    assert {row["reference"]: tuple(row[name] for name in PARTS) for row in rows} == parts
    assert len(rows) == 4 * len(schemas.rows()["database.loans_loan"])


def test_an_instalment_without_its_version_stops_the_upgrade(
    installation: Callable[[Release], Schemas],
) -> None:
    """The owner, who is fenced, would see no row of any lender and call the new key whole."""
    schemas = installation(recorded()[0])
    book_plans(schemas)
    with psycopg2.connect(schemas.urls["database"]) as link, link.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE loans_instalment SET version = 9")
    link.close()
    with pytest.raises(AssertionError, match="loans_instalment_version"):
        schemas.migrating("to", "default", '{"loans": "0009_plans_count_from_a_day"}')


FIGURES = ("overdue", "days_overdue", "periods_paid", "next_due")
# What files said of a loan: (outcome of its row, figures with a column, with a fixed value, stage of the import).
Brought = tuple[str, tuple[str, ...], tuple[str, ...], str]
SAID: dict[str, tuple[list[Brought], tuple[str, ...]]] = {
    "one file without a column": ([("created", (), (), "done")], FIGURES),
    "one with two of them": ([("created", ("overdue", "days_overdue"), (), "done")], ("periods_paid", "next_due")),
    "a fixed value": ([("created", (), ("overdue",), "done")], ("days_overdue", "periods_paid", "next_due")),
    "a later file said it": ([("created", (), (), "done"), ("updated", FIGURES, (), "done")], ()),
    "a file that stopped": ([("created", (), (), "failed")], ()),
    "opened here, then a file without a column": ([("updated", (), (), "done")], ()),
    "as before": ([("unchanged", (), (), "done")], ()),
    "no file": ([], ()),
}


def test_figures_that_no_file_said_become_unknown_and_no_other(
    installation: Callable[[Release], Schemas],
) -> None:
    schemas = installation(recorded()[0])
    schemas.migrating("to", "default", '{"loans": "0009_plans_count_from_a_day"}')
    names = dict(zip(SAID, _loans_of_files(schemas, [files for files, _unsaid in SAID.values()]), strict=True))
    before = schemas.rows()
    schemas.migrating("to", "default", '{"loans": "0012_unknown_figures"}')
    after = schemas.rows()
    for name, (_files, unsaid) in SAID.items():
        loan = next(row for row in after["database.loans_loan"].values() if row["id"] == names[name])
        assert {figure for figure in FIGURES if loan[figure] is None} == set(unsaid), name
        # A loan that was opened here began with nothing; what a file without the column stated is no nothing.
        stated = FIGURES if name.startswith("opened here") else unsaid
        positions = [row for row in after["database.loans_openingposition"].values() if row["loan_id"] == loan["id"]]
        assert len(positions) == 1
        assert {figure for figure in FIGURES if positions[0][figure] is None} == set(stated), name
    assert all(line.endswith("0 became None") for line in lost(before, after))
    schemas.migrating("to", "default", '{"loans": "0009_plans_count_from_a_day"}')
    assert lost(before, schemas.rows()) == []


def test_an_outstanding_principal_that_no_file_said_becomes_unknown_and_no_other(
    installation: Callable[[Release], Schemas],
) -> None:
    schemas = installation(recorded()[0])
    schemas.migrating("to", "default", '{"loans": "0009_plans_count_from_a_day"}')
    said: list[tuple[list[Brought], bool]] = [
        ([("created", (), (), "done")], True),
        ([("created", ("outstanding",), (), "done")], False),
        ([("created", (), ("outstanding",), "done")], False),
        ([("created", (), (), "failed")], False),
        ([("updated", (), (), "done")], False),
        ([], False),
    ]
    names = _loans_of_files(schemas, [files for files, _unsaid in said])
    with psycopg2.connect(schemas.urls["database"]) as link, link.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE loans_loan SET outstanding = principal WHERE id = ANY (%s::uuid[])", [names])
        cursor.execute(
            "UPDATE loans_openingposition own SET outstanding = loan.principal FROM loans_loan loan"
            " WHERE own.loan_id = loan.id AND loan.id = ANY (%s::uuid[])", [names]
        )  # fmt: skip
    link.close()
    schemas.migrating("to", "default", '{"loans": "0013_money_as_services_book_it"}')
    before = schemas.rows()
    schemas.migrating("to", "default", '{"loans": "0014_unknown_outstanding"}')
    after = schemas.rows()
    loans = {row["id"]: row["outstanding"] for row in after["database.loans_loan"].values()}
    assert [loans[name] is None for name in names] == [unsaid for _files, unsaid in said]
    assert len(lost(before, after)) == 2, "the loan and its position"
    schemas.migrating("to", "default", '{"loans": "0013_money_as_services_book_it"}')
    assert lost(before, schemas.rows()) == []


def _loans_of_files(schemas: Schemas, brought: list[list[Brought]]) -> list[str]:
    """Loans whose figures are 0, each with a position and the rows of the files that brought it; their ids."""
    with psycopg2.connect(schemas.urls["database"]) as link, link.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SELECT tenant_id FROM loans_loan LIMIT 1")
        (lender,) = cursor.fetchone() or ("",)
        made = []
        for files in brought:
            loan = str(uuid.uuid4())
            made.append(loan)
            cursor.execute(
                "INSERT INTO loans_loan SELECT (jsonb_populate_record(l, %s)).* FROM loans_loan l"
                " WHERE tenant_id = %s LIMIT 1",
                [
                    json.dumps(
                        {"id": loan, "contract_no": loan, "next_due_on": None, "settled_on": None}
                        | dict.fromkeys(FIGURES, 0)
                    ),
                    lender,
                ],
            )
            cursor.execute(
                "INSERT INTO loans_openingposition (tenant_id, id, loan_id, as_of, outstanding, overdue, days_overdue,"
                " periods_paid, next_due, recorded_at, audit_event_id)"
                " VALUES (%s, %s, %s, '2026-10-31', 1, 0, 0, 0, 0, now(), %s)",
                [lender, str(uuid.uuid4()), loan, loan],
            )
            for outcome, columns, constants, state in files:
                batch = str(uuid.uuid4())
                spec = {
                    "columns": {name: {"column": name} for name in (*columns, "principal")},
                    "constants": dict.fromkeys(constants, "0"),
                }
                cursor.execute(
                    "INSERT INTO loans_importbatch (tenant_id, id, number, state, size, sha256, stored_as, wrapped_key,"
                    " profile_key, spec, shape, report, total, cursor, created, updated, unchanged, kept, rejected,"
                    " warned, created_at, audit_event_id)"
                    " VALUES (%s, %s, %s, %s, 1, '', '', '', '', %s, '{}', '{}', 1, 1, 0, 0, 0, 0, 0, 0, now(), %s)",
                    [lender, batch, uuid.uuid4().int % 2**30, state, json.dumps(spec), batch],
                )
                cursor.execute(
                    "INSERT INTO loans_importrow (tenant_id, batch_id, number, outcome, contract_no, loan_id, errors,"
                    " warnings) VALUES (%s, %s, 2, %s, %s, %s, '[]', '[]')",
                    [lender, batch, outcome, loan, loan],
                )
    link.close()
    return made


def test_each_migration_goes_forward_and_as_far_as_it_can_back(schemas: Schemas) -> None:
    for database in DATABASES:
        steps = schemas.migrating("steps", database, "{}").splitlines()
        assert "core.0001_kernel: forward, back, forward" in steps or "core.0001_kernel: forward" in steps
        assert any(line.startswith("loans.") and line.endswith("back, forward") for line in steps)
    assert "Tenant fences: whole." in schemas.run(["manage.py", "lint_catalog"])


def test_what_an_upgrade_loses_is_named() -> None:
    before = {"database.loans_loan": {"1": {"id": 1, "term": 36}, "2": {"id": 2, "term": 12}}}
    after = {"database.loans_loan": {"1": {"id": 1, "term": 37, "later": True}}}
    assert lost(before, before) == []
    assert lost(before, after) == [
        "database.loans_loan 1.term: 36 became 37",
        "database.loans_loan 2 is gone",
    ]


def test_every_release_is_recorded_whole() -> None:
    assert recorded()
    for release in recorded():
        assert set(json.loads(release.migrations.read_text())) >= {"core", "loans", "archives", "keystore"}
        assert all(release.rows(name).exists() for name in DATABASES.values())
