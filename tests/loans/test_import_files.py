"""Import files: who sees cells of them, whose key seals them, how long they stay, and where uploads lie meanwhile."""

import csv
import io
import os
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils import timezone

from carloan.archives.services.sweeping import orphans_remove
from carloan.core import vault
from carloan.core.actors import Actor, Right
from carloan.core.errors import Conflict, NotFound
from carloan.core.ids import uuid7
from carloan.core.keys import KeyDestroyed, Subject, destroy_key, make_keys, secrets_of
from carloan.core.models import AuditEvent, Job, Tenant
from carloan.core.sealed import clear
from carloan.loans.models import ImportBatch, ImportRow
from carloan.loans.selectors import imports as imports_read
from carloan.loans.selectors.imports import (
    error_table,
    get_batch_for,
    open_file,
    sample_rows,
    told_rows,
    visible_batches,
)
from carloan.loans.services import import_steps, imports
from tests.cast import Lender
from tests.loans.book import HEADER, core_file, core_row, csv_bytes, id_number, name, phone, vin_number

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
SECRETS = (id_number(1), phone(1), name(1), vin_number(1), "粤B00001", "内部备注")


def uploaded(actor: Actor) -> ImportBatch:
    data = csv_bytes([[*HEADER, "备注"], [*core_row(1, 期数="x"), "内部备注"]])
    return imports.import_upload(actor=actor, file=io.BytesIO(data), name="台账.csv")


def checked(actor: Actor) -> ImportBatch:
    batch = uploaded(actor)
    import_steps.import_work(job_id=imports.import_check_start(actor=actor, batch=batch).id)
    batch.refresh_from_db()
    return batch


def without(actor: Actor, capability: str) -> Actor:
    return replace(actor, rights={code: right for code, right in actor.rights.items() if code != capability})


def test_only_who_brought_the_file_and_may_see_clear_values_gets_its_rows_in_clear(bank: Lender) -> None:
    with bank.open():
        uploader = bank.actor("officer")
        batch = checked(uploader)

        def left(actor: Actor) -> tuple[list[str], list[str]]:
            return list(error_table(actor, batch))[1], sample_rows(actor, batch, 3)[0]

        for row in left(uploader):
            assert set(SECRETS) <= set(row)
        for other in (bank.actor("admin"), without(uploader, "sight.clear")):
            for row in left(other):
                assert not set(SECRETS) & set(row)
                assert "CAR202400000001" in row
                assert "******" in row


def test_what_stood_in_a_faulty_cell_is_told_beside_the_fault_masked_and_cut_short(
    bank: Lender, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        core_row(1, 期数="3六"),
        core_row(2, 证件号码="440308197001011239"),
        core_row(3, 还款方式="<b>" + "等" * 100),
        core_row(4, 贷款金额="=A1+1"),
        core_row(5, 放款日期=""),
        core_row(6, 合同编号="4.4E+17"),
    ]
    with bank.open():
        batch = imports.import_upload(
            actor=bank.actor("officer"), file=io.BytesIO(csv_bytes([HEADER, *rows])), name="台账.csv"
        )
        import_steps.import_work(job_id=imports.import_check_start(actor=bank.actor("officer"), batch=batch).id)
        batch.refresh_from_db()
        said = {row.number: {one.column: one.cell for one in row.told} for row in told_rows(batch, "errors")}
        assert said == {
            2: {"期数": "3六"},
            3: {"证件号码": "440***********1239"},
            4: {"还款方式": "<b>" + "等" * 56 + "…"},
            5: {"贷款金额": "=A1+1"},
            6: {"放款日期": ""},
            7: {"合同编号": "4.4E+17"},
        }
        stored = str(list(ImportRow.objects.filter(batch=batch).values_list("errors", flat=True)))
        assert not any(value in stored for value in ("3六", "440", "=A1", "4.4E"))
    client = client_of(bank, "officer")
    page = client.get(f"/loans/imports/{batch.id}/").content.decode()
    assert ">3六<" in page
    assert "&lt;b&gt;等" in page
    assert "440308197001011239" not in page.split('id="told-rows"')[1]
    assert "较深" not in page
    monkeypatch.setattr(imports_read, "LOOKING_SECONDS", -1.0)
    page = client.get(f"/loans/imports/{batch.id}/").content.decode()
    assert "较深" in page
    with bank.open():
        ImportBatch.objects.filter(id=batch.id).update(stored_as="")
        batch.refresh_from_db()
        assert {one.cell for row in told_rows(batch, "errors") for one in row.told} == {None}


def test_cells_of_a_damaged_row_are_masked_whole(bank: Lender) -> None:
    with bank.open():
        data = csv_bytes([HEADER, ["", *core_row(1)]])
        batch = imports.import_upload(actor=bank.actor("officer"), file=io.BytesIO(data), name="台账.csv")
        import_steps.import_work(job_id=imports.import_check_start(actor=bank.actor("officer"), batch=batch).id)
        row = list(error_table(bank.actor("admin"), batch))[1][2:]
        assert set(row) <= {"", "******"}


def test_imports_of_others_need_the_right_everywhere_and_clear_sight(bank: Lender) -> None:
    with bank.open():
        batch = uploaded(bank.actor("admin"))
        officer = bank.actor("officer")
        assert get_batch_for(officer, batch.id) == batch
        narrow = replace(
            officer, rights={**officer.rights, "loans.import": Right(branches=frozenset({bank.branches["west"].id}))}
        )
        for actor in (narrow, without(officer, "sight.clear")):
            assert not visible_batches(actor).exists()
            with pytest.raises(NotFound):
                get_batch_for(actor, batch.id)


def test_taking_the_rejected_rows_stands_in_the_trail_before_the_first_byte(bank: Lender, client_of: Any) -> None:
    client = client_of(bank, "officer")
    with bank.open():
        batch = checked(bank.actor("officer"))
    response = client.get(f"/loans/imports/{batch.id}/errors.csv")
    with bank.open():
        event = AuditEvent.objects.get(action="loans.import.errors_downloaded")
        assert event.object_id == batch.id
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert id_number(1) in rows[1]
    other = client_of(bank, "admin").get(f"/loans/imports/{batch.id}/errors.csv")
    assert id_number(1) not in b"".join(other.streaming_content).decode()


def test_each_file_has_a_key_of_its_own(bank: Lender) -> None:
    with bank.open():
        first, second = uploaded(bank.actor("admin")), uploaded(bank.actor("admin"))
        assert secrets_of(Subject("import", first.id)).paper != secrets_of(Subject("import", second.id)).paper
        with open_file(first) as file:
            assert phone(1).encode() in file.read()


def test_the_key_is_committed_before_the_first_byte_it_seals(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    put, seen = vault.put, []

    def noted(*args: Any, **options: Any) -> vault.Sealed:
        seen.append(secrets_of(Subject("import", options["paper_id"])))
        return put(*args, **options)

    monkeypatch.setattr(vault, "put", noted)
    with bank.open():
        uploaded(bank.actor("admin"))
    assert len(seen) == 1


@pytest.mark.parametrize("broken", ["carloan.core.vault.put", "carloan.loans.services.imports.seal"])
def test_an_upload_that_fails_leaves_neither_file_nor_key(
    bank: Lender, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    put = vault.put
    kept: list[str] = []
    made: list[Subject] = []

    def putting(*args: Any, **options: Any) -> vault.Sealed:
        sealed = put(*args, **options)
        kept.append(sealed.name)
        return sealed

    def making(subjects: list[Subject]) -> None:
        made.extend(subjects)
        make_keys(subjects)

    def failing(*args: Any, **options: Any) -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr(vault, "put", putting)
    monkeypatch.setattr(imports, "make_keys", making)
    monkeypatch.setattr(broken, failing)
    with bank.open():
        with pytest.raises(ConnectionError), transaction.atomic():
            uploaded(bank.actor("admin"))
        assert len(made) == 1
        with pytest.raises(KeyDestroyed):
            secrets_of(made[0])
        assert len(kept) == (0 if broken.endswith("put") else 1)
        assert not any(vault.exists(stored) for stored in kept)
        assert not ImportBatch.objects.exists()


def test_left_over_files_of_imports_are_swept(bank: Lender) -> None:
    with bank.open():
        batch = uploaded(bank.actor("admin"))
        orphan = vault.put(io.BytesIO(b"x"), paper_key=os.urandom(32), paper_id=uuid7(), part="import").name
        foreign = vault.put(io.BytesIO(b"x"), paper_key=os.urandom(32), paper_id=uuid7(), part="unheard-of").name
        folder, _slash, name_ = batch.stored_as.rpartition("/")
        draft = f"{folder}/.{name_}.4711.tmp"  # of a process that was killed while it wrote
        storages["papers"].save(draft, ContentFile(b"half"))
        there = (batch.stored_as, orphan, foreign, draft)
        for name_ in there:
            assert orphans_remove(folder=name_.split("/")[1]) == 0, "young"
        for name_ in there:
            orphans_remove(folder=name_.split("/")[1], age=timedelta(seconds=-5))
        assert [vault.exists(name_) for name_ in there] == [True, False, True, False]


def test_a_file_is_destroyed_with_its_key_when_its_time_is_over(bank: Lender, settings: Any) -> None:
    settings.IMPORT_FILE_DAYS = 30
    with bank.open():
        actor = bank.actor("admin")
        old, young, never = checked(actor), checked(actor), uploaded(actor)
        ago = timezone.now() - timedelta(days=31)
        assert old.job_id
        Job.objects.filter(id=old.job_id).update(finished_at=ago)
        ImportBatch.objects.filter(id__in=[old.id, young.id, never.id]).update(created_at=ago)
        assert imports.import_files_destroy(actor=bank.system) == 2
        assert imports.import_files_destroy(actor=bank.system) == 0
        for batch, gone in ((old, True), (young, False), (never, True)):
            assert vault.exists(batch.stored_as) is not gone
            batch.refresh_from_db()
            assert (batch.stored_as == "") is gone
            if gone:
                with pytest.raises(KeyDestroyed):
                    secrets_of(Subject("import", batch.id))
                with pytest.raises(Conflict):
                    imports.import_run_start(actor=actor, batch=batch)
                with pytest.raises(Conflict):
                    imports.import_errors_take(actor=actor, batch=batch)
        assert AuditEvent.objects.filter(action="loans.import.file_destroyed").count() == 2


def test_the_name_of_a_file_is_sealed_and_goes_with_its_key(bank: Lender, client_of: Any) -> None:
    secret = f"{name(1)}_{id_number(1)}.csv"
    client = client_of(bank, "admin")
    with bank.open():
        batch = imports.import_upload(actor=bank.actor("admin"), file=io.BytesIO(core_file(1)), name=secret)
        assert name(1).encode() not in bytes(batch.file_name)
        assert id_number(1).encode() not in bytes(batch.file_name)
    pages = ("/loans/imports/", f"/loans/imports/{batch.id}/")
    assert all(secret in client.get(page).content.decode() for page in pages)
    with bank.open():
        ImportBatch.objects.filter(id=batch.id).update(created_at=timezone.now() - timedelta(days=4_000))
        assert imports.import_files_destroy(actor=bank.system) == 1
        batch.refresh_from_db()
        assert batch.file_name is None
    for page in pages:
        told = client.get(page).content.decode()
        assert secret not in told
        assert "已销毁" in told


def test_an_upgrade_seals_the_names_that_stood_in_clear(bank: Lender, other: Lender) -> None:
    """Between the two steps of the migration the column holds the clear name's bytes."""
    migration = import_module("carloan.loans.migrations.0003_sealed_import_names")
    batches = []
    for lender in (bank, other):
        with lender.open():
            kept, gone = (uploaded(lender.actor("admin")) for _ in range(2))
            batches.append((lender, kept, gone))
            ImportBatch.objects.update(file_name="张三 440308.csv".encode())
            destroy_key(Subject("import", gone.id))
    # Lenders of other tests may stand committed in this database, with names that are sealed already.
    ours = Tenant.objects.filter(id__in=[bank.tenant.id, other.tenant.id])
    historical = SimpleNamespace(
        get_model=lambda *_names: SimpleNamespace(objects=SimpleNamespace(using=lambda _alias: ours))
    )
    with transaction.atomic():
        migration.seal_names(historical, SimpleNamespace(connection=connection))
    for lender, kept, gone in batches:
        with lender.open():
            kept.refresh_from_db()
            gone.refresh_from_db()
            assert "张三".encode() not in bytes(kept.file_name)
            assert clear(kept, "file_name") == "张三 440308.csv"
            assert gone.file_name is None


def test_the_page_of_an_import_without_a_file_says_so(bank: Lender, client_of: Any) -> None:
    with bank.open():
        batch = checked(bank.actor("admin"))
        ImportBatch.objects.filter(id=batch.id).update(stored_as="")
    page = client_of(bank, "admin").get(f"/loans/imports/{batch.id}/")
    assert page.status_code == 200
    assert "已超过保存期限" in page.content.decode()
    assert "errors.csv" not in page.content.decode()


def test_a_running_import_keeps_its_file(bank: Lender) -> None:
    with bank.open():
        batch = uploaded(bank.actor("admin"))
        imports.import_check_start(actor=bank.actor("admin"), batch=batch)
        ImportBatch.objects.filter(id=batch.id).update(created_at=timezone.now() - timedelta(days=400))
        assert imports.import_files_destroy(actor=bank.system) == 0


def test_the_sweep_stands_in_the_schedule(settings: Any) -> None:
    from carloan.loans.tasks import destroy_import_files

    assert destroy_import_files.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
