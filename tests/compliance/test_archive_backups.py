"""Quarterly backups of the archive: what is in one, what its restore test finds, and what killed runs leave."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from carloan.archives.models import Dossier, Paper, SearchSlot
from carloan.compliance import unit_parts
from carloan.compliance.archive_format import ROWS, index_of, tail
from carloan.compliance.models import ArchiveBackup, ArchiveSegment
from carloan.compliance.policies import archive_backups as policies
from carloan.compliance.policies.archive_backups import MOVES, is_late, last_day_kept, quarter_of, sample_size
from carloan.compliance.selectors.archive_backups import backups_that_stand, late
from carloan.compliance.services import archive_backups
from carloan.compliance.services.archive_backups import backup_begin, backup_care
from carloan.compliance.services.archive_reading import places_of, rows_of
from carloan.compliance.services.archive_testing import segment_test
from carloan.compliance.services.archive_writing import PlaceAway, require_place, segment_name
from carloan.core import alarms, vault
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.jobs import MOST_ATTEMPTS
from carloan.core.keys import destroy_key
from carloan.core.models import AuditEvent, Job
from carloan.core.tenancy import tenant_scope
from carloan.loans.models import Loan, Party, Payment
from tests.archives.test_faults import small_disk
from tests.cast import Lender
from tests.compliance.backed_up import archived, begun, shelf_at, work
from tests.compliance.retained import borrower, ended_loan, published, sweep
from tests.loans.book import person, vin_number
from tests.tenancy.routes import BLANK_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
State = ArchiveBackup.State


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, no_alarms: None) -> Path:
    return shelf_at(tmp_path / "shelf", settings, monkeypatch)


def is_removed(backup: ArchiveBackup) -> bool:
    return ArchiveBackup.objects.get(id=backup.id).removed_at is not None


def files(shelf: Path) -> list[Path]:
    return sorted(path for path in shelf.rglob("*") if path.is_file())


def test_everything_archived_is_copied_as_ciphertext_tested_and_told(bank: Lender, shelf: Path) -> None:
    with bank.open():
        loans = archived(bank, 2)
        ended_loan(bank, 3, timezone.localdate() - timedelta(days=30), people=[person(3)])
        sweep(bank)
        backup = work(bank, begun(bank))
        assert (backup.state, backup.faults, backup.missing, backup.gone) == (State.PASSED, 0, 0, 0)
        # Two loans with a paper each, and their borrowers; the third one is in its active year.
        assert (backup.units, backup.items, backup.checked) == (4, 6, 6)
        assert backup.opened == 6
        assert backup.job.state == Job.State.DONE
        assert backup.expires_on == last_day_kept(backup.quarter)
        event = AuditEvent.objects.get(action="compliance.archive_backup.passed")
        told = json.loads(bytes(event.canon))
        assert (event.object_id, told["count"], told["digest"]) == (backup.id, 6, backup.root)
        bytes_there = b"".join(path.read_bytes() for path in files(shelf))
        clear = [loans[0].contract_no, vin_number(1), "CNY", BLANK_PAGE[:40].decode("latin-1")]
        assert [word for word in clear if word.encode("latin-1") in bytes_there] == []
        assert [each.id for each in backups_that_stand()] == [backup.id]
        assert not late(timezone.localdate())


def test_what_is_destroyed_afterwards_is_destroyed_in_the_backup_too(bank: Lender, shelf: Path) -> None:
    with bank.open():
        (loan,) = archived(bank, 1)
        backup = work(bank, begun(bank))
        destroy_key(loan.key_subject())
        (segment,) = ArchiveSegment.objects.filter(backup=backup)
        found = segment_test(backup, segment)
        # Of the loan nothing opens any more, and that is no fault; of its borrower everything does.
        assert (found.opened, found.faults) == (1, 0)
        destroy_key(borrower(loan).key_subject())
        assert segment_test(backup, segment).opened == 0


def test_what_is_destroyed_while_it_is_written_is_left_out(bank: Lender) -> None:
    with bank.open():
        one, _two = archived(bank, 2)
        destroy_key(one.key_subject())
        backup = work(bank, begun(bank))
        assert (backup.state, backup.units, backup.gone, backup.missing) == (State.PASSED, 3, 1, 0)


def test_a_file_that_the_store_has_lost_is_told_and_the_rest_is_kept(bank: Lender) -> None:
    with bank.open():
        (loan,) = archived(bank, 1)
        vault.remove(Paper.objects.get(loan=loan).stored)
        backup = work(bank, begun(bank))
        assert (backup.state, backup.missing, backup.items) == (State.PASSED, 1, 3)
        assert late(timezone.localdate()).missing == 1
        assert alarms.ARCHIVE_BACKUP in alarms.standing()
        alarms.end_alarm(alarms.ARCHIVE_BACKUP, bank.tenant.id)


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        lambda segment, manifest: flip(segment, 100),
        lambda segment, manifest: flip(segment, segment.stat().st_size - 20),
        lambda segment, manifest: segment.write_bytes(segment.read_bytes()[:-1]),
        lambda segment, manifest: segment.write_bytes(segment.read_bytes() + b"\0"),
        lambda segment, manifest: segment.write_bytes(b""),
        lambda segment, manifest: segment.unlink(),
        lambda segment, manifest: flip(manifest, 10),
        lambda segment, manifest: manifest.unlink(),
    ],
    ids=["item", "index", "cut", "longer", "empty", "lost", "manifest", "manifest-lost"],
)
def test_damage_fails_the_test_and_raises_the_alarm(
    bank: Lender, shelf: Path, damage: Callable[[Path, Path], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with bank.open():
        archived(bank, 1)
        backup = begun(bank)
        real = archive_backups._close

        def close(closed: ArchiveBackup) -> None:
            real(closed)
            segment, manifest = files(shelf)
            damage(segment, manifest)

        monkeypatch.setattr(archive_backups, "_close", close)
        backup = work(bank, backup)
        assert backup.state == State.FAILED
        assert backup.faults > 0
        assert backup.job.state == Job.State.DONE
        assert AuditEvent.objects.filter(action="compliance.archive_backup.failed", object_id=backup.id).count() == 1
        assert late(timezone.localdate()).failed
        assert alarms.ARCHIVE_BACKUP in alarms.standing()
        # The night begins it anew; what failed goes once another one has passed.
        monkeypatch.setattr(archive_backups, "_close", real)
        with tenant_scope(bank.tenant.id):
            backup_care(actor=bank.system)
        again = work(bank, ArchiveBackup.objects.latest("id"))
        assert (again.state, again.quarter) == (State.PASSED, backup.quarter)
        backup_care(actor=bank.system)
        assert is_removed(backup)
        assert alarms.ARCHIVE_BACKUP not in alarms.standing()
        assert [path.name for path in files(shelf)] == ["00001.segment", "manifest.json"]


def test_an_item_of_another_loan_in_its_place_does_not_pass(bank: Lender, shelf: Path) -> None:
    """Whoever can write all of it, index and hashes too, still has no key."""
    with bank.open():
        archived(bank, 2)
        backup = work(bank, begun(bank))
        (segment,) = ArchiveSegment.objects.filter(backup=backup)
        path = shelf / segment_name(backup, 1)
        with path.open("rb") as file:
            entries = index_of(file)
        rows = [entry for entry in entries if entry.part == ROWS and entry.unit == "loan"]
        swapped = {rows[0]: rows[1], rows[1]: rows[0]}
        places, at = {}, 4
        for entry in entries:
            places[entry] = at
            at += entry.size
        data = path.read_bytes()
        forged = [
            (type(entry)(entry.unit, entry.unit_id, entry.part, other.size, other.sha256), other)
            for entry in entries
            for other in [swapped.get(entry, entry)]
        ]
        body = b"".join(data[places[other] : places[other] + other.size] for _entry, other in forged)
        index = [entry for entry, _other in forged]
        path.write_bytes(b"CLQ1" + body + tail(index))
        segment.digest, segment.root = "", ""
        found = segment_test(backup, segment)
        # Digest and root are not those of the row; and both loans' rows and papers do not open.
        assert found.faults == 2 + 4


def test_a_full_place_leaves_nothing_behind_and_goes_on_when_there_is_room(bank: Lender, shelf: Path) -> None:
    with bank.open():
        archived(bank, 1)
        backup = begun(bank)
        with small_disk(1_000):
            backup = work(bank, backup)
        assert (backup.state, backup.job.state) == (State.WRITING, Job.State.RUNNING)
        assert files(shelf) == []
        assert work(bank, backup).state == State.PASSED


def test_a_place_that_stays_full_fails_it_after_its_tries_and_the_night_begins_anew(bank: Lender, shelf: Path) -> None:
    with bank.open():
        archived(bank, 1)
        backup = begun(bank)
        with small_disk(1_000):
            for _try in range(MOST_ATTEMPTS + 1):
                backup = work(bank, backup)
        assert (backup.state, backup.job.state) == (State.FAILED, Job.State.FAILED)
        assert backup.job.error
        assert late(timezone.localdate()).failed
        backup_care(actor=bank.system)
        assert work(bank, ArchiveBackup.objects.latest("id")).state == State.PASSED


def test_an_empty_folder_in_the_place_of_the_shelf_takes_nothing(bank: Lender, shelf: Path) -> None:
    with bank.open():
        archived(bank, 1)
        first = work(bank, begun(bank))
        elsewhere = shelf.rename(shelf.with_name("unmounted"))
        shelf.mkdir()
        second = begun(bank, today=timezone.localdate() + timedelta(days=92))
        with pytest.raises(PlaceAway):
            require_place(first)
        second = work(bank, second)
        assert (second.state, files(shelf)) == (State.WRITING, [])
        shelf.rmdir()
        elsewhere.rename(shelf)
        assert work(bank, second).state == State.PASSED


def test_one_a_quarter_and_the_last_that_passed_never_goes(bank: Lender, shelf: Path) -> None:
    with bank.open():
        archived(bank, 1)
        today = date(2027, 1, 1)
        backup_care(actor=bank.system, today=today)
        backup_care(actor=bank.system, today=today + timedelta(days=40))
        (first,) = ArchiveBackup.objects.all()
        assert (first.quarter, first.expires_on) == ("2027Q1", date(2027, 9, 30))
        with pytest.raises(Conflict):
            begun(bank, today=today)
        work(bank, first)
        long_after = date(2029, 1, 1)
        backup_care(actor=bank.system, today=long_after)
        assert not is_removed(first), "there is no other one"
        assert late(long_after + timedelta(days=20)).overdue is False, "one was begun at this moment"
        work(bank, ArchiveBackup.objects.latest("id"))
        backup_care(actor=bank.system, today=long_after)
        assert is_removed(first)
        assert {path.parent.name.partition("-")[0] for path in files(shelf)} == {"2029Q1"}


def test_a_quarter_without_a_backup_is_overdue_after_its_days(bank: Lender) -> None:
    with bank.open():
        assert not late(date(2027, 1, 20))
        archived(bank, 1)
        assert not late(date(2027, 1, 14))
        assert late(date(2027, 1, 15)).overdue


def test_nothing_archived_nothing_to_back_up_and_nobody_without_the_right(bank: Lender) -> None:
    with bank.open():
        published(bank)
        with pytest.raises(Invalid):
            begun(bank)
        backup_care(actor=bank.system)
        assert not ArchiveBackup.objects.exists()
        with pytest.raises(Forbidden):
            backup_begin(actor=bank.actor("archivist"))
        with pytest.raises(Forbidden):
            backup_care(actor=bank.actor("compliance"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compliance_archivebackup SET state = 'failed'",
        "UPDATE compliance_archivebackup SET faults = 0, opened = 100",
        "UPDATE compliance_archivebackup SET expires_on = '2020-01-01'",
        "DELETE FROM compliance_archivebackup",
    ],
)
def test_what_a_backup_was_found_to_be_stands_for_plain_sql(bank: Lender, statement: str) -> None:
    with bank.open():
        archived(bank, 1)
        work(bank, begun(bank))
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_every_table_of_a_loan_and_a_person_is_taken_along() -> None:
    """A new table that hangs on what is archived is named in `register_unit_rows`, or here with a reason."""
    taken = {part.model for unit in unit_parts.units() for part in unit_parts.rows_of_unit(unit)}
    owned = {Loan, Party, Payment, Paper, Dossier}
    hanging = {
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.remote_field is not None and field.remote_field.model in owned
    }
    # Made anew from the papers; and rows of import files, which go with their file.
    made_anew = {SearchSlot}
    assert {model._meta.label for model in hanging - taken - made_anew} == set()


def test_rows_come_back_into_an_empty_table_as_they_were(bank: Lender, shelf: Path) -> None:
    """What a person does who needs a loan back: its rows, read through the key, populate today's tables."""
    with bank.open():
        (loan,) = archived(bank, 1)
        backup = work(bank, begun(bank))
        with (shelf / segment_name(backup, 1)).open("rb") as file:
            entries = index_of(file)
            places = places_of(entries)
            lines = rows_of(file, *places[loan.id, ROWS])
        labels = [line[2:].split('"', 1)[0] for line in lines]
        assert {"loans.loan", "loans.vehicle", "loans.loanparty", "archives.paper"} <= set(labels)
        text = next(line for line in lines if line.startswith('["loans.vehicle"'))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT r = (SELECT v FROM loans_vehicle v WHERE v.loan_id = %s)"
                " FROM jsonb_populate_record(NULL::loans_vehicle, %s::jsonb -> 1) r",
                [str(loan.id), text],
            )
            assert cursor.fetchone() == (True,)


@pytest.mark.parametrize(
    ("day", "quarter", "kept"),
    [
        ("2026-01-01", "2026Q1", "2026-09-30"),
        ("2026-03-31", "2026Q1", "2026-09-30"),
        ("2026-11-30", "2026Q4", "2027-06-30"),
        ("2027-12-31", "2027Q4", "2028-06-30"),
        ("2027-07-01", "2027Q3", "2028-03-31"),
    ],
)
def test_quarters_and_how_long_their_backups_stand(day: str, quarter: str, kept: str) -> None:
    assert quarter_of(date.fromisoformat(day)) == quarter
    assert last_day_kept(quarter) == date.fromisoformat(kept)


def test_one_in_a_hundred_is_opened_and_at_least_some() -> None:
    assert [sample_size(items) for items in (0, 3, 5, 400, 501, 10_000)] == [0, 3, 5, 5, 6, 100]
    assert [is_late(date(2027, 4, day)) for day in (1, 14, 15)] == [False, False, True]
    assert {move.event for move in MOVES} == {"close", "pass", "fail"}
    assert policies.KEPT_QUARTERS >= 2


def test_the_page_tells_the_last_backups_and_begins_one(client_of: Any, bank: Lender, shelf: Path) -> None:
    address = "/compliance/retention/backups/"
    with bank.open():
        archived(bank, 1)
    client = client_of(bank, "compliance")
    assert "还没有备份" in client.get(address).content.decode()
    assert client_of(bank, "officer").get(address).status_code == 403
    assert client_of(bank, "archivist").post(f"{address}begin/").status_code == 403
    assert client.post(f"{address}begin/").status_code == 302
    with bank.open():
        backup = ArchiveBackup.objects.get()
    page = client.get(address).content.decode()
    assert "正在写入" in page
    with bank.open():
        work(bank, backup)
    page = client.get(address).content.decode()
    assert "通过" in page
    assert policies.quarter_of(timezone.localdate())[:4] in page
    assert f"{address}begin/" not in page
    assert client.post(f"{address}begin/").status_code == 409


def test_the_tile_says_that_it_is_late_and_where(client_of: Any, bank: Lender) -> None:
    with bank.open():
        archived(bank, 1)
    client = client_of(bank, "compliance")
    if is_late(timezone.localdate()):
        assert "retention/backups" in tiles_of(client)
    with bank.open():
        work(bank, begun(bank))
    assert "retention/backups" not in tiles_of(client)


def tiles_of(client: Any) -> str:
    """What the home page says between navigation and palette."""
    page = str(client.get("/home/").content.decode())
    return page.partition("<main")[2].partition("</main>")[0]
