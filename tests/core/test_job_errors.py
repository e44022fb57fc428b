"""Why work stopped is told to each reader in a language of their own, whatever the worker speaks."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from carloan.core import jobs
from carloan.core.errors import Forbidden
from carloan.core.models import Job
from carloan.loans.imports.opening import _refused
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def failed(lender: Lender, *sentences: Any) -> Job:
    with lender.open(), translation.override("zh-hans"):
        job = jobs.start(actor=lender.actor("admin"), kind="sweep")
        jobs.fail(job, *sentences)
        return Job.objects.get(id=job.id)


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "文件为空"), ("en", "The file is empty.")])
def test_what_is_wrong_with_a_file_is_told_on_the_page_and_at_the_api(
    client_of: Any, bank: Lender, language: str, words: str
) -> None:
    job = failed(bank, *_refused("empty").sentences)
    assert job.error == "The file is empty."
    client = client_of(bank, "admin")
    client.cookies["django_language"] = language
    assert words in client.get(f"/jobs/{job.id}/").content.decode()
    assert words in client.get(f"/api/v1/jobs/{job.id}/").json()["error"]


def test_an_error_without_fields_is_told_by_its_sentence(bank: Lender) -> None:
    job = failed(bank, *Forbidden().sentences)
    with translation.override("zh-hans"):
        assert job.error_shown == str(Forbidden.default)
    with translation.override("en"):
        assert job.error_shown.startswith("Your role does not allow this.")


def test_work_that_stops_again_and_again_is_given_up_in_words(bank: Lender) -> None:
    with bank.open():
        job = jobs.start(actor=bank.actor("admin"), kind="sweep")
        past = timezone.now() - timedelta(minutes=5)
        Job.objects.filter(id=job.id).update(attempts=jobs.MOST_ATTEMPTS, state="running", lease_until=past)
        assert jobs.claim(job.id) is None
        job = Job.objects.get(id=job.id)
    with translation.override("zh-hans"):
        assert job.error_shown == "任务多次中断，未能完成。"


def test_a_job_without_an_error_shows_none(bank: Lender) -> None:
    with bank.open():
        assert jobs.start(actor=bank.actor("admin"), kind="sweep").error_shown == ""
