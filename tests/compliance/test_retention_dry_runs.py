"""The dry run of a draft over many records: a job that people follow and whose result stays, never a web request."""

from datetime import date
from typing import Any

import pytest

from carloan.compliance.models import RetentionPolicy
from carloan.compliance.retention import record_classes
from carloan.compliance.selectors import retention_dry_runs as selectors
from carloan.compliance.selectors.retention_dry_runs import is_small, last_dry_run, simulate, simulation_told
from carloan.compliance.services import retention_dry_runs as services
from carloan.compliance.services.retention import policy_draft, policy_publish
from carloan.compliance.services.retention_dry_runs import dry_run_begin, dry_run_work
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent, Job
from carloan.core.tenancy import tenant_scope
from tests.cast import Lender
from tests.compliance.retained import ended_loan, published
from tests.loans.book import person

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
CLASSES = len(record_classes())


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three loans with their people are many."""
    monkeypatch.setattr(selectors, "MOST_AT_ONCE", 5)


def drafted(lender: Lender) -> RetentionPolicy:
    published(lender)
    for serial, day in ((1, date(2010, 1, 1)), (2, date(2014, 1, 1)), (3, date(2025, 12, 31))):
        ended_loan(lender, serial, day, people=[person(serial)])
    return policy_draft(actor=lender.actor("compliance"))


def worked(lender: Lender, job: Job) -> Job:
    with tenant_scope(lender.tenant.id):
        dry_run_work(job_id=job.id)
        with lender.open():
            return Job.objects.get(id=job.id)


def test_the_job_finds_what_a_page_would_find(bank: Lender) -> None:
    with bank.open():
        draft = drafted(bank)
        assert is_small()
        job = worked(bank, dry_run_begin(actor=bank.actor("compliance"), policy=draft))
        assert (job.state, job.done, job.total) == ("done", CLASSES, CLASSES)
        assert simulation_told(job) == simulate(bank.actor("archivist"), draft)
        found = last_dry_run(bank.actor("archivist"), draft)
        assert found is not None
        assert found.id == job.id


def test_one_class_at_a_time_is_handed_over(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    with bank.open():
        draft = drafted(bank)
        monkeypatch.setattr(services, "STEP_SECONDS", 0.0)
        job = dry_run_begin(actor=bank.actor("compliance"), policy=draft)
        seen = []
        while job.state in ("waiting", "running"):
            job = worked(bank, job)
            seen.append((job.state, job.done))
        assert seen == [*(("waiting", done) for done in range(1, CLASSES)), ("done", CLASSES)]
        assert simulation_told(job) == simulate(bank.actor("archivist"), draft)


def test_a_draft_that_was_published_meanwhile_ends_it_in_words(bank: Lender) -> None:
    with bank.open():
        draft = drafted(bank)
        actor = bank.actor("compliance")
        job = dry_run_begin(actor=actor, policy=draft)
        with pytest.raises(Conflict):
            dry_run_begin(actor=actor, policy=draft)
        with pytest.raises(Forbidden):
            dry_run_begin(actor=bank.actor("archivist"), policy=draft)
        draft = policy_publish(actor=actor, policy=draft, revision=draft.revision)
        job = worked(bank, job)
        assert job.state == "failed"
        assert job.error
        with pytest.raises(Conflict):
            dry_run_begin(actor=actor, policy=draft)


def test_what_no_dry_run_looked_at_is_not_published_whoever_asks(bank: Lender, large: None) -> None:
    with bank.open():
        draft, actor = drafted(bank), bank.actor("compliance")
        with pytest.raises(Invalid):
            policy_publish(actor=actor, policy=draft, revision=draft.revision)
        job = dry_run_begin(actor=actor, policy=draft)
        with pytest.raises(Invalid):
            policy_publish(actor=actor, policy=draft, revision=draft.revision)
        assert worked(bank, job).state == "done"
        # What was saved behind it is another draft.
        RetentionPolicy.objects.filter(id=draft.id).update(revision=draft.revision + 1)
        with pytest.raises(Invalid):
            policy_publish(actor=actor, policy=draft, revision=draft.revision + 1)
        RetentionPolicy.objects.filter(id=draft.id).update(revision=draft.revision)
        assert policy_publish(actor=actor, policy=draft, revision=draft.revision).state == "published"


def test_the_page_of_a_large_lender_counts_nothing_itself(client_of: Any, bank: Lender, large: None) -> None:
    with bank.open():
        draft = drafted(bank)
        assert not is_small()
    address = f"/compliance/retention/{draft.id}/"
    client, reader = client_of(bank, "compliance"), client_of(bank, "archivist")
    page = client.get(address)
    assert page.context["simulation"] is None
    assert "开始试算" in page.content.decode()
    assert f"{address}publish/" not in page.content.decode(), "first the dry run"
    assert "开始试算" not in reader.get(address).content.decode()
    assert reader.post(f"{address}dry-run/begin/").status_code == 403
    assert client.post(f"{address}dry-run/begin/").status_code == 302
    card = reader.get(f"{address}dry-run/").content.decode()
    assert "hx-get" in card
    assert f"共 {CLASSES} 个" in card
    with bank.open():
        events = AuditEvent.objects.count()
        job = worked(bank, Job.objects.get(kind=selectors.KIND))
        assert job.state == "done"
        assert AuditEvent.objects.count() == events + 1, "the end of the job alone"
    card = reader.get(f"{address}dry-run/").content.decode()
    assert "hx-get" not in card
    page = client.get(address)
    assert page.context["simulation"].records > 0
    assert f"{address}publish/" in page.content.decode()
    # Saved anew, the draft is another one than the one that was looked at.
    form = page.context["form"]
    given = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    assert client.post(address, given).status_code == 302
    page = client.get(address)
    assert page.context["simulation"] is None
    assert "已改动" in page.content.decode()
    with bank.open():
        other = RetentionPolicy.objects.get(version=1)
    assert client.get(f"/compliance/retention/{other.id}/dry-run/").status_code == 404
