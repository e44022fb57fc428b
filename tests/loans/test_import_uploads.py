"""Uploads of loans on their way to the vault: in memory only, bounded, behind the CSRF check."""

import tempfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from carloan.loans import uploads
from carloan.loans.models import ImportBatch
from tests.cast import Lender
from tests.loans.book import HEADER, core_row, csv_bytes

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def big() -> bytes:
    """More than the megabyte above which files are spooled to a disk by default."""
    header = [*HEADER, "备注"]
    return csv_bytes([header, *([*core_row(serial), "x" * 20_000] for serial in range(1, 80))])


@pytest.fixture
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: Any, **options: Any) -> Any:
        raise AssertionError("a file in clear on a disk")

    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", refused)
    monkeypatch.setattr(tempfile, "TemporaryFile", refused)


@pytest.mark.usefixtures("no_disk")
def test_a_large_upload_touches_no_disk_in_clear(bank: Lender, client_of: Any) -> None:
    data = big()
    assert len(data) > 1024 * 1024
    answer = client_of(bank, "officer").post("/loans/imports/new/", {"file": SimpleUploadedFile("台账.csv", data)})
    assert answer.status_code == 302
    with bank.open():
        assert ImportBatch.objects.get().size == len(data)


@pytest.mark.usefixtures("no_disk")
def test_a_large_upload_to_the_api_touches_no_disk_in_clear(bank: Lender) -> None:
    answer = Client().post(
        "/api/v1/loans/import/",
        {"file": SimpleUploadedFile("台账.csv", big()), "dry_run": "true"},
        headers={"Authorization": bank.key("officer")},
    )
    assert answer.status_code == 202, answer.content


def test_what_is_too_large_is_refused_at_both_doors(
    bank: Lender, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_FILE", 100_000)
    file = SimpleUploadedFile("台账.csv", big())
    assert client_of(bank, "officer").post("/loans/imports/new/", {"file": file}).status_code == 413
    file.seek(0)
    answer = Client().post("/api/v1/loans/import/", {"file": file}, headers={"Authorization": bank.key("officer")})
    assert answer.status_code == 413
    with bank.open():
        assert not ImportBatch.objects.exists()


def test_an_upload_without_a_csrf_token_is_refused(bank: Lender, client_of: Any) -> None:
    client = client_of(bank, "officer")
    client.handler.enforce_csrf_checks = True
    answer = client.post("/loans/imports/new/", {"file": SimpleUploadedFile("台账.csv", csv_bytes([HEADER]))})
    assert answer.status_code == 403
    with bank.open():
        assert not ImportBatch.objects.exists()
