"""What was destroyed stays destroyed: the list outside both databases, its replay, what refuses to start without it."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import DatabaseError

from carloan import health
from carloan.core import destroyed, keys
from carloan.core.destroyed import ListAway
from carloan.core.ids import uuid7
from carloan.core.keys import KeyDestroyed, Subject
from carloan.core.keystore.models import DestroyedMark, HeldKey, SubjectKey
from carloan.core.management.commands.maintain import Command as Maintain
from carloan.core.models import AuditEvent, LookupTerm
from carloan.core.sealed import sealed_fields
from carloan.core.services import replaying
from carloan.core.services.replaying import brought_back, destroyed_replay, rows_shred_again
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.loans.models import Vehicle
from tests.cast import Lender, key_store_is
from tests.loans.book import open_loan


def file_of(lender: Lender) -> Path:
    return Path(settings.DESTROYED) / f"{lender.tenant.id}.list"


def shredded(lender: Lender) -> tuple[Subject, bytes]:
    """A destroyed loan key, and what the key store held of it before."""
    subject = Subject("loan", uuid7())
    with lender.open():
        keys.make_keys([subject])
        with tenant_atomic(using="keystore"):
            wrapped = bytes(SubjectKey.objects.get(id=subject.id).wrapped)
        assert keys.destroy_key(subject)
    return subject, wrapped


def bring_back(lender: Lender, subject: Subject, wrapped: bytes, *, mark: int | None) -> None:
    """As a restored older key store stands there: with the key, and with the place of the list that it knew."""
    with tenant_atomic(lender.tenant.id, using="keystore"):
        SubjectKey.objects.filter(id=subject.id).update(wrapped=wrapped, destroyed_at=None)
        key_store_is("DELETE FROM keystore_destroyedmark WHERE tenant_id = %s", str(lender.tenant.id))
        if mark is not None:
            DestroyedMark.objects.create(size=mark)
    keys.forget_keys()
    replaying._well.clear()


def is_alive(lender: Lender, subject: Subject) -> bool:
    keys.forget_keys()
    with lender.open():
        try:
            keys.secrets_of(subject)
        except KeyDestroyed:
            return False
    return True


def test_the_list_names_ids_alone_and_each_key_once(committed: Lender) -> None:
    subject, _wrapped = shredded(committed)
    with committed.open():
        assert not keys.destroy_key(subject)
    file = file_of(committed)
    assert file.stat().st_mode & 0o077 == 0
    lines = [line.split() for line in file.read_text().splitlines() if line]
    assert [(kind, key) for _at, kind, key in lines] == [("loan", subject.id.hex)]


def test_a_key_that_cannot_be_listed_is_not_destroyed(
    committed: Lender, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    subject = Subject("loan", uuid7())
    with committed.open():
        keys.make_keys([subject])
    monkeypatch.setattr(settings, "DESTROYED", tmp_path / "nowhere")
    with committed.open(), pytest.raises(ListAway):
        keys.destroy_key(subject)
    assert is_alive(committed, subject)


@pytest.mark.parametrize("mark", [None, 0])
def test_a_key_that_a_restore_brought_back_is_told_and_destroyed_again(
    committed: Lender, mark: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, wrapped = shredded(committed)
    monkeypatch.setattr(replaying, "JUST_NOW", -replaying.JUST_NOW)
    assert not brought_back([committed.tenant.id])
    bring_back(committed, subject, wrapped, mark=mark)
    assert is_alive(committed, subject)
    assert brought_back([committed.tenant.id])
    monkeypatch.setattr(health, "brought_back", lambda ids: brought_back([committed.tenant.id]))
    monkeypatch.setattr(health, "probes", lambda: iter({"destroyed": health._look_for_destroyed}.items()))
    assert health.Check().components() == {"destroyed": "destroyed keys are back"}
    with tenant_scope(committed.tenant.id):
        assert destroyed_replay() == 1
        assert destroyed_replay() == 0
    assert not brought_back([committed.tenant.id])
    assert health.Check().components() == {"destroyed": "ok"}
    assert not is_alive(committed, subject)
    with committed.open():
        event = AuditEvent.objects.get(action="core.keys.destroyed_again")
        assert b'"count":1' in bytes(event.canon)


def test_a_store_that_knows_the_whole_list_is_asked_for_nothing_more(committed: Lender) -> None:
    shredded(committed)
    with tenant_scope(committed.tenant.id):
        destroyed_replay()
        with tenant_atomic(using="keystore"):
            assert DestroyedMark.objects.get().size == destroyed.size(committed.tenant.id)
    shredded(committed)
    with tenant_scope(committed.tenant.id):
        assert destroyed_replay() == 0


def test_what_was_destroyed_before_there_was_a_list_is_added(committed: Lender) -> None:
    subject, wrapped = shredded(committed)
    file_of(committed).unlink()
    with tenant_scope(committed.tenant.id):
        assert destroyed_replay() == 0
        assert [each.id for each in destroyed.listed(committed.tenant.id)] == [subject.id]
    bring_back(committed, subject, wrapped, mark=0)
    with tenant_scope(committed.tenant.id):
        assert destroyed_replay() == 1


def test_a_torn_line_costs_none_behind_it(committed: Lender) -> None:
    first, _ = shredded(committed)
    with open(file_of(committed), "ab") as file:
        file.write(b"2026-11-29T12:00:00Z lo")
    second, _ = shredded(committed)
    assert [each.id for each in destroyed.listed(committed.tenant.id)] == [first.id, second.id]


def test_nothing_starts_while_the_list_is_away_or_another_one(
    committed: Lender, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shredded(committed)
    Maintain()._destroy_again()
    file, empty = file_of(committed), tmp_path / "empty"
    whole = file.read_bytes()
    empty.mkdir()

    def elsewhere(place: Path) -> None:
        monkeypatch.setattr(settings, "DESTROYED", place)

    for wrong in (
        lambda: file.write_bytes(whole[:-40]),
        file.unlink,
        lambda: elsewhere(empty),
        lambda: elsewhere(tmp_path / "nowhere"),
    ):
        wrong()
        with pytest.raises(CommandError, match="nothing starts without it"):
            Maintain()._destroy_again()
        replaying._well.clear()
        with pytest.raises(ListAway):
            brought_back([committed.tenant.id])
    elsewhere(file.parent)
    file.write_bytes(whole)
    Maintain()._destroy_again()


def test_rows_of_an_older_main_database_are_emptied_again(committed: Lender) -> None:
    """The restored rows still hold what the key sealed, and the index still finds them."""
    with committed.open():
        loan, whole = (open_loan(committed.actor("officer"), serial) for serial in (1, 2))
        assert LookupTerm.objects.filter(loan_id=loan.id).exists()
        keys.destroy_key(loan.key_subject())
    with tenant_scope(committed.tenant.id):
        assert rows_shred_again() == 1
        assert rows_shred_again() == 0
    with committed.open():
        assert not LookupTerm.objects.filter(loan_id=loan.id).exists()
        assert LookupTerm.objects.filter(loan_id=whole.id).exists()
        car = Vehicle.objects.get(loan=loan)
        assert not any(getattr(car, name) for name in sealed_fields(Vehicle))


def held(subject: Subject) -> None:
    """As a legal hold keeps a key in the key store. Call it inside the open lender."""
    with tenant_atomic(using="keystore"):
        HeldKey.objects.create(hold_id=uuid7(), subject_id=subject.id, placed_by=uuid7(), placer_may_release=False)


def test_a_key_that_a_hold_keeps_never_stands_in_the_list(committed: Lender) -> None:
    subject = Subject("loan", uuid7())
    with committed.open():
        keys.make_keys([subject])
        held(subject)
        before = destroyed.size(committed.tenant.id)
        with pytest.raises(DatabaseError, match="legal hold"):
            keys.destroy_key(subject)
        assert destroyed.size(committed.tenant.id) == before
    assert is_alive(committed, subject)


def test_a_held_key_in_the_list_stays_and_stops_no_other(committed: Lender) -> None:
    kept, wrapped_kept = shredded(committed)
    gone, wrapped_gone = shredded(committed)
    for subject, wrapped in ((kept, wrapped_kept), (gone, wrapped_gone)):
        bring_back(committed, subject, wrapped, mark=None)
    with committed.open():
        held(kept)
        assert destroyed_replay(everything=True) == 1
    assert is_alive(committed, kept)
    assert not is_alive(committed, gone)


def test_a_disk_that_takes_a_part_of_a_line_gets_the_rest(committed: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write

    def a_part(handle: int, data: bytes) -> int:
        return whole(handle, data[:7])

    monkeypatch.setattr("carloan.core.destroyed.os.write", a_part)
    subject, _wrapped = shredded(committed)
    with committed.open():
        assert subject.id in {each.id for each in destroyed.listed(committed.tenant.id)}
