"""An installation of each release comes up to today's tables without losing a row or a value."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.releases import Release, recorded
from tests.operations.schemas import DATABASES, Schemas, lost, two_databases
from tests.plugin import owner_urls

SERVERS = {name: owner_urls[f"{name.upper()}_URL"] for name in DATABASES.values()}


@pytest.fixture
def schemas() -> Iterator[Schemas]:
    secrets = Path(os.environ["CARLOAN_HOME"]) / "secrets"
    with two_databases(SERVERS, "upgrade", secrets) as made:
        yield made


@pytest.mark.parametrize("release", recorded(), ids=lambda release: release.version)
def test_a_release_comes_up_to_today_and_back_without_losing_a_row(release: Release, schemas: Schemas) -> None:
    migrations = release.migrations.read_text()
    for database in DATABASES:
        schemas.migrating("to", database, migrations)
    schemas.load(release)
    before = schemas.rows()
    assert len(before["database.loans_loan"]) > 1
    assert len(before["database.archives_paper"]) > 1
    assert len(before["keystore.keystore_subjectkey"]) > 5
    for database in DATABASES:
        schemas.migrating("steps", database, migrations)
    assert lost(before, schemas.rows()) == []
    # The start that follows an upgrade finds the fences whole.
    assert "Tenant fences: whole." in schemas.run(["manage.py", "lint_catalog"])


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
