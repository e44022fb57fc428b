"""The store in which the papers lie is known again; an empty one in its place is not healthy."""

import io
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from carloan import health
from carloan.archives.models import Paper
from carloan.core import store_mark, vault
from carloan.core.keystore.models import SubjectKey
from carloan.core.store import NAME, StoreAway, require_mark
from carloan.core.store_mark import Standing, write_mark
from carloan.loans.models import ImportBatch
from carloan.loans.services.imports import import_upload
from tests.archives.conftest import received
from tests.archives.test_receiving import picture
from tests.cast import Lender
from tests.loans.book import core_file

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def folder(bank: Lender, store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store of an installation whose one lender is the bank."""
    monkeypatch.setattr(store_mark, "_lenders", lambda: [bank.tenant.id])
    return store_folder


def test_a_new_store_is_marked_and_healthy(folder: Path) -> None:
    with pytest.raises(health.NotOursError):
        health._write_and_read()
    assert store_mark.store_mark() is Standing.NEW
    health._write_and_read()
    assert store_mark.store_mark() is Standing.MARKED


def test_an_empty_folder_in_the_place_of_the_papers_is_not_healthy_and_is_not_marked(
    folder: Path, bank: Lender
) -> None:
    write_mark()
    with bank.open():
        received(bank, picture("kept"))
    (folder / NAME).unlink()
    assert store_mark.store_mark() is Standing.PROVEN, "an installation from before the mark"
    health._write_and_read()
    folder.rename(folder.with_name("moved"))
    folder.mkdir()
    with pytest.raises(health.NotOursError):
        health._write_and_read()
    assert list(folder.iterdir()) == []
    assert store_mark.store_mark() is Standing.STRANGE
    with pytest.raises(CommandError, match="lacks files"):
        call_command("mark_store")
    with pytest.raises(health.NotOursError):
        health._write_and_read()
    folder.rmdir()
    folder.with_name("moved").rename(folder)
    health._write_and_read()


@pytest.mark.parametrize("instead", ["nothing", "an empty folder"])
def test_nothing_is_taken_and_nothing_half_done_while_the_store_is_away(
    folder: Path, bank: Lender, instead: str
) -> None:
    write_mark()
    with bank.open():
        kept = received(bank, picture("kept"))
    folder.rename(folder.with_name("moved"))
    if instead == "an empty folder":
        folder.mkdir()
    with bank.open():
        keys_before = keys_held()
    told = send(bank, picture("too early"))
    error = told.json()["error"]
    assert (told.status_code, error["code"]) == (503, "store_away")
    assert "材料" in error["message"]
    again = send(bank, picture("kept"))
    assert (again.status_code, again.json()["error"]["code"]) == (503, "store_away"), "its bytes cannot be looked at"
    with bank.open():
        with pytest.raises(StoreAway):
            import_upload(actor=bank.actor("admin"), file=io.BytesIO(core_file(2)), name="a.csv")
        assert list(Paper.objects.all()) == [kept]
        assert not ImportBatch.objects.exists()
        assert keys_held() == keys_before, "no key without a row"
    assert list(folder.iterdir()) == [] if folder.exists() else instead == "nothing"
    if folder.exists():
        folder.rmdir()
    folder.with_name("moved").rename(folder)
    assert send(bank, picture("too early")).status_code == 201


def test_a_folder_that_goes_behind_the_look_at_its_mark_is_not_made_anew(
    folder: Path, bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_mark()
    look = require_mark

    def then_gone() -> None:
        look()
        folder.rename(folder.with_name("moved"))

    monkeypatch.setattr(vault, "require_mark", then_gone)
    with bank.open(), pytest.raises(StoreAway):
        received(bank, picture("between"))
    assert not folder.exists()


def send(lender: Lender, data: bytes, **more: str) -> Any:
    form = {"file": SimpleUploadedFile("a.png", data), **more}
    return Client().post("/api/v1/papers/", form, headers={"Authorization": lender.key("officer")})


def keys_held() -> int:
    return SubjectKey.objects.filter(destroyed_at=None).count()


def test_the_mark_of_another_installation_is_none(folder: Path, settings: Any) -> None:
    settings.ROOT_KEY = bytes(32)
    store_mark.store_mark()
    settings.ROOT_KEY = bytes([1] * 32)
    with pytest.raises(health.NotOursError):
        health._write_and_read()
    assert store_mark.store_mark() is Standing.NEW
    health._write_and_read()


def test_a_person_vouches_for_a_store_that_lost_its_papers(folder: Path, bank: Lender) -> None:
    write_mark()
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
