"""Every sweep of a lender runs as the worker runs it: no test's transaction around it opens the lender for it."""

import inspect

import pytest

from carloan.celery import app
from carloan.compliance.retention import record_classes, units
from carloan.compliance.tasks import join_again_unit, seal_apart_unit, sweep_retention_of_class
from carloan.core.tasks import TenantTask
from tests.cast import Lender
from tests.compliance.retained import published
from tests.worker import as_worker

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def sweeps() -> dict[str, TenantTask]:
    """Tasks of a tenant whose messages need no arguments: those that beat sends to every lender."""
    app.loader.import_default_modules()
    return {
        name: task
        for name, task in sorted(app.tasks.items())
        if isinstance(task, TenantTask) and name.startswith("carloan.") and not _asks(task)
    }


def _asks(task: TenantTask) -> bool:
    parameters = inspect.signature(task.run).parameters.values()
    return any(each.default is inspect.Parameter.empty for each in parameters)


def test_the_sweeps_are_found() -> None:
    assert {
        "carloan.compliance.tasks.find_anomalies_of_tenant",
        "carloan.compliance.tasks.go_on_with_destructions_of_tenant",
        "carloan.core.sweeps.end_what_is_over_of_tenant",
        "carloan.loans.tasks.destroy_import_files_of_tenant",
    } <= sweeps().keys()


@pytest.mark.parametrize("name", sweeps())
def test_a_sweep_opens_the_lender_itself(bank: Lender, name: str) -> None:
    with bank.open():
        published(bank)
    as_worker(sweeps()[name], bank)


def test_retention_and_sealing_open_the_lender_themselves(bank: Lender) -> None:
    with bank.open():
        published(bank)
    for each in record_classes():
        as_worker(sweep_retention_of_class, bank, code=each.code)
    for unit in units():
        as_worker(seal_apart_unit, bank, unit=unit)
        as_worker(join_again_unit, bank, unit=unit)
