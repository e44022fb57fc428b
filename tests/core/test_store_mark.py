"""The store in which the papers lie is known again; an empty one in its place is not healthy."""

import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from carloan import health
from carloan.core import store_mark
from carloan.core.store_mark import Standing
from tests.archives.conftest import received
from tests.archives.test_receiving import picture
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def folder(bank: Lender, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store of an installation whose one lender is the bank."""
    place = tmp_path / "papers"
    backend = {"BACKEND": "carloan.core.vault.SealedFolder", "OPTIONS": {"location": place}}
    settings.STORAGES = {**settings.STORAGES, "papers": backend}
    monkeypatch.setattr(store_mark, "_lenders", lambda: [bank.tenant.id])
    return place


def test_a_new_store_is_marked_and_healthy(folder: Path) -> None:
    with pytest.raises(health.NotOursError):
        health._write_and_read()
    assert store_mark.store_mark() is Standing.NEW
    health._write_and_read()
    assert store_mark.store_mark() is Standing.MARKED


def test_an_empty_folder_in_the_place_of_the_papers_is_not_healthy_and_is_not_marked(
    folder: Path, bank: Lender
) -> None:
    with bank.open():
        received(bank, picture("kept"))
    assert store_mark.store_mark() is Standing.PROVEN, "an installation from before the mark"
    health._write_and_read()
    folder.rename(folder.with_name("moved"))
    with bank.open():
        received(bank, picture("comes into the empty one"))
    with pytest.raises(health.NotOursError):
        health._write_and_read()
    assert store_mark.store_mark() is Standing.STRANGE
    with pytest.raises(CommandError, match="lacks files"):
        call_command("mark_store")
    with pytest.raises(health.NotOursError):
        health._write_and_read()
    shutil.rmtree(folder)
    folder.with_name("moved").rename(folder)
    health._write_and_read()


def test_the_mark_of_another_installation_is_none(folder: Path, settings: Any) -> None:
    settings.ROOT_KEY = bytes(32)
    store_mark.store_mark()
    settings.ROOT_KEY = bytes([1] * 32)
    with pytest.raises(health.NotOursError):
        health._write_and_read()
    assert store_mark.store_mark() is Standing.NEW
    health._write_and_read()


def test_a_person_vouches_for_a_store_that_lost_its_papers(folder: Path, bank: Lender) -> None:
    with bank.open():
        received(bank, picture("lost"))
    shutil.rmtree(folder)
    call_command("mark_store", "--anyway", stdout=(said := StringIO()))
    assert "without files that rows name" in said.getvalue()
    health._write_and_read()


def test_healthz_names_the_strange_store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "probes", lambda: iter({"storage": health._write_and_read}.items()))
    check = health.Check()
    assert check.components() == {"storage": "not the one that was marked"}
