"""A request that is sent again because its answer was lost makes nothing twice."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from carloan.core.models import AnsweredRequest, Job
from carloan.core.services import answered
from carloan.loans.models import ImportBatch, Loan
from tests.cast import Lender
from tests.loans.book import core_file

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
BODY = {"principal": 10_000_000, "rate_ppm": 68_700, "term": 36, "people": [{"name": "李蓝"}]}


def send(lender: Lender, key: str | None = "a-key", role: str = "officer", **more: Any) -> Any:
    headers = {"Authorization": lender.key(role), **({"Idempotency-Key": key} if key is not None else {})}
    return Client().post(
        "/api/v1/loans/", json.dumps({**BODY, **more}), content_type="application/json", headers=headers
    )


def loans_of(lender: Lender) -> int:
    with lender.open():
        return Loan.objects.count()


def test_the_same_request_again_is_answered_and_not_done_again(bank: Lender) -> None:
    before = loans_of(bank)
    first, again, quoted = send(bank), send(bank), send(bank, '"a-key"')
    assert {answer.status_code for answer in (first, again, quoted)} == {201}
    assert first.json() == again.json() == quoted.json()
    assert loans_of(bank) == before + 1
    assert send(bank, "another").json()["id"] != first.json()["id"]
    assert send(bank, None).json()["id"] != send(bank, None).json()["id"]


def test_the_same_key_with_another_body_is_refused(bank: Lender) -> None:
    assert send(bank).status_code == 201
    other = send(bank, term=48)
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_key_reused")


def test_a_key_is_its_senders_own(bank: Lender, other: Lender) -> None:
    answers = [send(bank), send(bank, role="admin"), send(other)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["id"] for answer in answers}) == 3


def test_what_was_refused_may_be_sent_again_with_its_key(bank: Lender) -> None:
    assert send(bank, term=0).status_code == 422
    assert send(bank, branch="no such branch").status_code == 422
    assert send(bank).status_code == 201


@pytest.mark.parametrize(
    "key", ["x" * 255, '"' + "x" * 255 + '"', '"a key, of words; and \\"more\\" \\\\"', " padded ", "a=b/c:d"]
)
def test_a_key_is_a_word_or_a_quoted_text(bank: Lender, key: str) -> None:
    first, again = send(bank, key), send(bank, key)
    assert (first.status_code, again.json()) == (201, first.json())


@pytest.mark.parametrize(
    "key",
    [
        "", '""', " ", "x" * 256, '"' + "x" * 256 + '"', "schl\u00fcssel", '"schl\u00fcssel"', "two words", "a,b",
        "a, b", '"a","b"', '"a',
        'a"', '"', '"a"b"', '"a\\"', '"a\\b"', '"a";x=1', "a;x=1", "a\tb", '"a\tb"', "a\x7f", "a\\b",
    ],
)  # fmt: skip
def test_a_key_that_is_none_is_refused(bank: Lender, key: str) -> None:
    answer = send(bank, key)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "idempotency_key")
    assert error["message"].startswith("Idempotency-Key 只能")


def test_a_key_counts_for_a_day_and_the_sweep_forgets_it(bank: Lender) -> None:
    first = send(bank).json()["id"]
    with bank.open():
        past = timezone.now() - answered.KEPT_FOR - timedelta(minutes=1)
        AnsweredRequest.objects.update(created_at=past)
        assert (second := send(bank).json()["id"]) != first
        assert answered.answered_forget() == 0
        assert send(bank).json()["id"] == second
        AnsweredRequest.objects.update(created_at=past)
        assert answered.answered_forget() == 1


def test_what_is_kept_of_a_request_says_nothing_of_its_content(bank: Lender) -> None:
    send(bank, "李蓝".encode().hex())
    with bank.open():
        (row,) = AnsweredRequest.objects.values()
    assert len(row["key_digest"]) == len(row["body_digest"]) == 64
    assert set(row) == {"id", "tenant_id", "caller_id", "place", "key_digest", "body_digest", "made_id", "created_at"}


def test_a_file_of_loans_sent_again_is_one_import(bank: Lender) -> None:
    def upload(rows: int = 2, **more: str) -> Any:
        form = {"file": SimpleUploadedFile("x.csv", core_file(rows)), **more}
        headers = {"Authorization": bank.key("admin"), "Idempotency-Key": "file"}
        return Client().post("/api/v1/loans/import/", form, headers=headers)

    first, again = upload(), upload()
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert upload(3).status_code == upload(dry_run="true").status_code == 422
    with bank.open():
        assert (ImportBatch.objects.count(), Job.objects.count()) == (1, 1)
