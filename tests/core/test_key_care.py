"""The nightly round over keys: orphans go, with an event; rows without a key are told and never touched."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from threading import Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from carloan.core import alarms, keys
from carloan.core.ids import uuid7
from carloan.core.key_owners import key_owners
from carloan.core.keys import KeyDestroyed, Subject
from carloan.core.keystore.models import SubjectKey
from carloan.core.models import AuditEvent
from carloan.core.services import key_care
from carloan.core.services.key_care import keys_care, missing_report, orphans_destroy
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.loans.models import Loan
from tests.cast import Lender, key_store_is
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def quiet(committed: Lender, no_alarms: None) -> Iterator[Lender]:
    yield committed
    alarms.end_alarm(alarms.ROWS_WITHOUT_KEY, committed.tenant.id)


def _age(lender: Lender, *subjects: Subject, hours: int = 25) -> None:
    with tenant_atomic(lender.tenant.id, using="keystore"):
        SubjectKey.objects.filter(id__in=[subject.id for subject in subjects]).update(
            created_at=timezone.now() - timedelta(hours=hours)
        )


def _round(lender: Lender) -> None:
    """The whole nightly round, as the chain of its tasks runs it."""
    rest = {"step": "", "after": "", "missing": 0}
    with tenant_scope(lender.tenant.id):
        while rest is not None:
            rest = keys_care(**rest)  # type: ignore[arg-type,assignment]


def _alive(lender: Lender, subject: Subject) -> bool:
    keys.forget_keys()
    with lender.open():
        try:
            keys.secrets_of(subject)
        except KeyDestroyed:
            return False
    return True


def test_every_kind_of_key_has_an_owner_who_answers() -> None:
    assert set(key_owners()) == {"loan", "party", "desk", "import"}


def test_an_old_key_without_a_row_goes_with_one_event(quiet: Lender, other: Lender) -> None:
    orphans = [
        Subject("loan", uuid7()),
        Subject("party", uuid7()),
        Subject("desk", uuid7()),
        Subject("import", uuid7()),
    ]
    young, foreign = Subject("loan", uuid7()), Subject("loan", uuid7())
    with quiet.open():
        loan = open_loan(quiet.system, branch_id=quiet.branches["east"].id)
        keys.make_keys([*orphans, young])
    with other.open():
        keys.make_keys([foreign])
    own = Subject("loan", loan.id)
    _age(quiet, *orphans, own, Subject("tenant", quiet.tenant.id))
    _age(other, foreign)
    _round(quiet)
    assert [_alive(quiet, subject) for subject in orphans] == [False] * 4
    assert _alive(quiet, young)
    assert _alive(quiet, own)
    assert _alive(quiet, Subject("tenant", quiet.tenant.id))
    assert _alive(other, foreign)
    _round(quiet)
    with quiet.open():
        event = AuditEvent.objects.get(action="core.keys.orphans_destroyed")
    assert b'"count":4' in bytes(event.canon)
    assert b'"digest":' in bytes(event.canon)
    assert alarms.ROWS_WITHOUT_KEY not in alarms.standing()


def test_the_round_goes_in_bounded_batches(quiet: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_care, "BATCH", 2)
    monkeypatch.setattr(key_care, "BATCHES_A_TASK", 1)
    orphans = [Subject("loan", uuid7()) for _ in range(5)]
    with quiet.open():
        keys.make_keys(orphans)
    _age(quiet, *orphans)
    with tenant_scope(quiet.tenant.id):
        first = keys_care()
        assert first is not None
        assert first["after"] == str(orphans[1].id)
    assert [_alive(quiet, subject) for subject in orphans] == [False, False, True, True, True]
    _round(quiet)
    assert not any(_alive(quiet, subject) for subject in orphans)


def test_a_key_whose_maker_is_still_at_work_stays(quiet: Lender) -> None:
    """However old the key is: the transaction that made it has neither committed its row nor given up."""
    made, go, subject = Event(), Event(), Subject("loan", uuid7())

    def maker() -> None:
        try:
            with quiet.open():
                keys.make_keys([subject])
                made.set()
                assert go.wait(30)
        finally:
            connections.close_all()

    thread = Thread(target=maker)
    thread.start()
    try:
        assert made.wait(30)
        _age(quiet, subject)
        with tenant_scope(quiet.tenant.id):
            assert orphans_destroy() == (0, None)
        assert _alive(quiet, subject)
    finally:
        go.set()
        thread.join()
    with tenant_scope(quiet.tenant.id):
        assert orphans_destroy() == (1, None)
    assert not _alive(quiet, subject)


def test_a_crash_before_the_keys_go_leaves_them_for_the_next_night(
    quiet: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = Subject("loan", uuid7())
    with quiet.open():
        keys.make_keys([subject])
    _age(quiet, subject)

    def killed(_subject: Subject) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, tenant_scope(quiet.tenant.id):
        patch.setattr(key_care, "destroy_key", killed)
        with pytest.raises(KeyboardInterrupt):
            orphans_destroy()
    with quiet.open():
        assert AuditEvent.objects.filter(action="core.keys.orphans_destroyed").exists(), "told before it is done"
    assert _alive(quiet, subject)
    _round(quiet)
    assert not _alive(quiet, subject)


def test_rows_without_a_key_raise_an_alarm_and_stay(quiet: Lender) -> None:
    with quiet.open():
        loan = open_loan(quiet.system, branch_id=quiet.branches["east"].id)
    with tenant_atomic(quiet.tenant.id, using="keystore"):
        kept = SubjectKey.objects.get(id=loan.id)
        key_store_is("DELETE FROM keystore_subjectkey WHERE id = %s", str(loan.id))
    with tenant_scope(quiet.tenant.id):
        assert missing_report(kind="loan") == (1, None)
    _round(quiet)
    with quiet.open():
        assert Loan.objects.filter(id=loan.id).exists()
        assert AuditEvent.objects.filter(action="core.keys.missing", reason_code="loan").exists()
    assert alarms.standing() == {alarms.ROWS_WITHOUT_KEY: 1}
    assert Client().get("/healthz").json()["alarms"] == {alarms.ROWS_WITHOUT_KEY: 1}
    with pytest.raises(CommandError, match="rows have no key"):
        call_command("key_care", stdout=StringIO())
    with pytest.raises(CommandError, match=f"rows without a key: .*{quiet.tenant.slug}: 1 of kind loan"):
        call_command("check_keys", stdout=StringIO())
    with tenant_atomic(quiet.tenant.id, using="keystore"):
        kept.save(force_insert=True)
    call_command("check_keys", stdout=(said := StringIO()))
    assert "no row without one" in said.getvalue()
    _round(quiet)
    assert alarms.standing() == {}
    assert "alarms" not in Client().get("/healthz").json()
