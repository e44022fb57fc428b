"""One dossier back from a real backup of the archive: byte for byte, over nothing that lives, by two people."""

from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from carloan.archives.models import Paper
from carloan.compliance.models import ArchiveBackup, Opening
from carloan.compliance.selectors.archive_backups import rows_told
from carloan.compliance.services.archive_reading import BackupBroken
from carloan.compliance.services.archive_writing import manifest_name, segment_name
from carloan.compliance.services.unit_restoring import (
    DestroyedForGood,
    DoesNotFit,
    Found,
    KeyLost,
    restore_ask,
    restore_begin,
    restore_work,
    unit_look,
)
from carloan.core import lookup, vault
from carloan.core.errors import Forbidden, Invalid, NotFound
from carloan.core.ids import uuid7
from carloan.core.jobs import LEASE
from carloan.core.keys import destroy_key, forget_keys
from carloan.core.keystore.models import SubjectKey
from carloan.core.models import AuditEvent, Job, LookupTerm
from carloan.core.store import papers_store
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.loans.models import ContactPoint, Loan, LoanGrant, LoanParty, Party, Vehicle
from carloan.loans.services.grants import loan_grant, loan_grant_end
from carloan.loans.services.loan_people import loan_party_end
from carloan.loans.services.loans import loan_party_add
from tests.cast import Lender, key_store_is
from tests.compliance.backed_up import archived, begun, shelf_at, work
from tests.compliance.held import another
from tests.compliance.retained import borrower
from tests.loans.book import person, vin_number

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    return shelf_at(tmp_path / "shelf", settings, monkeypatch)


def look(backup: ArchiveBackup, loan: Loan) -> Found:
    return unit_look(backup=backup, unit="loan", unit_id=loan.id)


def numbers(found: Found) -> dict[str, tuple[int, int, int, int]]:
    """(back, unchanged, changed since, ended since) of each part that has any, by its name."""
    return {str(part.label): (part.back, part.same, part.changed, part.ended) for part in (*found.rows, found.files)}


def restored(lender: Lender, backup: ArchiveBackup, unit: str, unit_id: UUID) -> Job:
    """The job of a restore, at its end; a lease that a dead worker left has ended."""
    with lender.open():
        job = restore_begin(actor=lender.system, backup=backup, unit=unit, unit_id=unit_id, reason="存储故障")
    return worked(lender, job)


def worked(lender: Lender, job: Job) -> Job:
    with tenant_scope(lender.tenant.id):
        with lender.open():
            Job.objects.filter(id=job.id, state="running").update(lease_until=timezone.now() - LEASE)
        restore_work(job_id=job.id)
        with lender.open():
            return Job.objects.get(id=job.id)


def bytes_of(name: str) -> bytes:
    with papers_store().open(name, "rb") as file:
        found: bytes = file.read()
    return found


def test_what_was_lost_comes_back_byte_for_byte_and_what_lives_stays(bank: Lender) -> None:
    with bank.open():
        (loan,) = archived(bank, 1)
        backup = work(bank, begun(bank))
        paper = Paper.objects.get(loan=loan)
        rows, container = rows_told("loan", [loan.id])[loan.id], bytes_of(paper.stored)
        assert look(backup, loan).missing == 0
        Loan.objects.filter(id=loan.id).update(external_no="改过的编号")
        lived = rows_told("loan", [loan.id])[loan.id]
        Paper.objects.filter(id=paper.id).delete()
        vault.remove(paper.stored)
        Vehicle.objects.filter(loan=loan).delete()
        LookupTerm.objects.filter(loan_id=loan.id).delete()
        found = look(backup, loan)
        assert found.missing == 3
        told = numbers(found)
        assert (told["贷款"], told["车辆"], told["材料"]) == ((0, 0, 1, 0), (1, 0, 0, 0), (1, 0, 0, 0))
        assert told["材料文件"] == (1, 0, 0, 0)
        assert not Vehicle.objects.filter(loan=loan).exists(), "a dry run changes nothing"
        job = restored(bank, backup, "loan", loan.id)
        assert (job.state, job.result) == ("done", {"rows": 2, "files": 1})
        assert rows_told("loan", [loan.id])[loan.id] == lived != rows
        assert bytes_of(paper.stored) == container
        assert {match.object_id for match in lookup.find(vin_number(1))} == {Vehicle.objects.get(loan=loan).id}
        told_acts = AuditEvent.objects.filter(object_id=loan.id, action__startswith="compliance.archive_backup")
        assert list(told_acts.order_by("id").values_list("action", flat=True)) == [
            "compliance.archive_backup.restore_begun",
            "compliance.archive_backup.restored",
        ]
        assert restored(bank, backup, "loan", loan.id).result == {"rows": 0, "files": 0}


def test_a_file_alone_comes_back_and_one_that_lies_there_damaged_is_left(bank: Lender, shelf: Path) -> None:
    with bank.open():
        (loan,) = archived(bank, 1)
        backup = work(bank, begun(bank))
        paper = Paper.objects.get(loan=loan)
        container = bytes_of(paper.stored)
        path = Path(papers_store().path(paper.stored))
        path.chmod(0o600)
        path.write_bytes(container[:-1] + bytes([container[-1] ^ 1]))
        assert look(backup, loan).missing == 0
        assert numbers(look(backup, loan))["材料文件"] == (0, 0, 1, 0)
        vault.remove(paper.stored)
        restored(bank, backup, "loan", loan.id)
        assert bytes_of(paper.stored) == container


def test_what_was_destroyed_on_purpose_comes_back_for_nobody(bank: Lender) -> None:
    """Neither when its key is gone nor when an older key store has it again."""
    with bank.open():
        (loan,) = archived(bank, 1)
        backup = work(bank, begun(bank))
        with tenant_atomic(using="keystore"):
            wrapped = bytes(SubjectKey.objects.get(id=loan.id).wrapped)
        destroy_key(loan.key_subject())
        with pytest.raises(DestroyedForGood):
            look(backup, loan)
        with tenant_atomic(using="keystore"):
            SubjectKey.objects.filter(id=loan.id).update(wrapped=wrapped, destroyed_at=None)
        forget_keys()
        Vehicle.objects.filter(loan=loan).delete()
        with pytest.raises(DestroyedForGood):
            look(backup, loan)
        job = restored(bank, backup, "loan", loan.id)
        assert job.state == "failed"
        assert "destroyed" in job.error
        assert not Vehicle.objects.filter(loan=loan).exists()


def test_a_key_that_the_key_store_lost_is_told_apart(bank: Lender) -> None:
    with bank.open():
        (loan,) = archived(bank, 1)
        backup = work(bank, begun(bank))
        with tenant_atomic(using="keystore"):
            key_store_is("DELETE FROM keystore_subjectkey WHERE id = %s", str(loan.id))
        forget_keys()
        with pytest.raises(KeyLost):
            look(backup, loan)


def test_what_an_act_ended_since_is_not_lost(bank: Lender) -> None:
    """Nobody gets access back by a backup, and nobody who was taken out of a loan answers for it again."""
    with bank.open():
        (loan,) = archived(bank, 1)
        another(bank, "officer", "协查人")
        admin, colleague = bank.actor("admin"), bank.members["协查人"]
        owner = loan_party_add(actor=admin, loan=loan, person=person(7, "owner"))
        loan_grant(actor=admin, loan=loan, member=colleague, reason="协查", valid_until=None)
        backup = work(bank, begun(bank))
        loan_grant_end(actor=admin, loan=loan, member=colleague)
        loan_party_end(actor=admin, loan=loan, row=owner, revision=1, reason="登记有误")
        lost = LoanParty.objects.get(loan=loan, role="borrower")
        LoanParty.objects.filter(id=lost.id).delete()
        told = numbers(look(backup, loan))
        assert (told["贷款当事人"], told["特别授权"]) == ((1, 0, 0, 1), (0, 0, 0, 1))
        restored(bank, backup, "loan", loan.id)
        assert not LoanGrant.objects.filter(content_object=loan).exists()
        assert LoanParty.objects.get(loan=loan).id == lost.id


def test_what_it_belongs_to_comes_back_first(bank: Lender) -> None:
    with bank.open():
        (loan,) = archived(bank, 1)
        backup = work(bank, begun(bank))
        who = borrower(loan)
        LoanParty.objects.filter(loan=loan).delete()
        ContactPoint.objects.filter(party=who).delete()
        Party.objects.filter(id=who.id).delete()
        with pytest.raises(DoesNotFit):
            look(backup, loan)
        assert restored(bank, backup, "loan", loan.id).state == "failed"
        assert restored(bank, backup, "party", who.id).state == "done"
        assert restored(bank, backup, "loan", loan.id).result == {"rows": 1, "files": 0}
        assert borrower(loan).id == who.id


@pytest.mark.parametrize("damage", ["manifest", "item", "index", "segment"])
def test_a_backup_that_was_changed_gives_nothing(bank: Lender, shelf: Path, damage: str) -> None:
    with bank.open():
        (loan,) = archived(bank, 1)
        backup = work(bank, begun(bank))
        segment, manifest = shelf / segment_name(backup, 1), shelf / manifest_name(backup)
        for path in (segment, manifest):
            path.chmod(0o600)
        if damage == "manifest":
            manifest.write_bytes(manifest.read_bytes()[:-1])
        elif damage == "segment":
            segment.unlink()
        else:
            data = bytearray(segment.read_bytes())
            data[100 if damage == "item" else len(data) - 20] ^= 1
            segment.write_bytes(data)
        with pytest.raises(BackupBroken):
            look(backup, loan)


def test_what_the_backup_has_not_is_not_found(bank: Lender) -> None:
    with bank.open():
        loan, other = archived(bank, 1)[0], uuid7()
        backup = work(bank, begun(bank))
        with pytest.raises(NotFound):
            unit_look(backup=backup, unit="loan", unit_id=other)
        with pytest.raises(NotFound):
            unit_look(backup=backup, unit="party", unit_id=loan.id)


def test_two_people_bring_a_dossier_back_on_the_pages(client_of: Any, bank: Lender) -> None:
    with bank.open():
        (loan,) = archived(bank, 1)
        backup = work(bank, begun(bank))
        paper = Paper.objects.get(loan=loan)
        vault.remove(paper.stored)
        another(bank, "compliance", "第二人")
    address = f"/compliance/retention/backups/{backup.id}/restore/"
    client = client_of(bank, "compliance")
    assert address in client.get("/compliance/retention/backups/").content.decode()
    assert client_of(bank, "archivist").get(address).status_code == 403
    assert client.get(address).status_code == 200
    assert client.get(address, {"unit": "loan", "number": "没有这个"}).status_code == 422
    wanted = f"{address}?unit=loan&number={loan.contract_no}"
    page = client.get(wanted).content.decode()
    assert loan.contract_no in page
    assert "缺失" in page
    assert client.post(wanted, {"reason_code": "", "reason": ""}).status_code == 422
    asked = client.post(wanted, {"reason_code": "audit", "reason": "检查发现影像缺失"})
    assert asked.status_code == 302
    with bank.open():
        opening = Opening.objects.get(kind="compliance.unit_restore")
    path = f"/compliance/openings/{opening.id}/"
    assert loan.contract_no in client.get(path).content.decode()
    assert client.confirmed().post(f"{path}decide/", {"word": "approve"}).status_code == 422, "nobody alone"
    second = client_of(bank, "第二人").confirmed()
    assert second.post(f"{path}decide/", {"word": "approve"}).status_code == 302
    assert "恢复" in client.get(path).content.decode()
    opened = client.confirmed().post(f"{path}open/")
    assert opened.status_code == 302
    page = client.get(opened.url).content.decode()
    assert "hx-get" in page, "whoever began it sees how far it is"
    with bank.open():
        job = Job.objects.get(kind="compliance.unit_restore")
        assert job.started_by_id == bank.members["compliance"].id
        assert worked(bank, job).state == "done"
        assert vault.exists(paper.stored)
    page = client.get(opened.url).content.decode()
    assert "1 个文件" in page
    assert "没有缺失" in page
    assert "reason_code" not in page


def test_who_may_ask_and_only_for_what_is_missing(bank: Lender) -> None:
    with bank.open():
        (loan,) = archived(bank, 1)
        backup = work(bank, begun(bank))
        ask: dict[str, Any] = {"backup": backup, "unit": "loan", "unit_id": loan.id, "reason_code": "audit"}
        with pytest.raises(Invalid):
            restore_ask(actor=bank.actor("compliance"), **ask)
        Vehicle.objects.filter(loan=loan).delete()
        with pytest.raises(Forbidden):
            restore_ask(actor=bank.actor("archivist"), **ask)
        with pytest.raises(Invalid):
            restore_ask(actor=bank.actor("compliance"), **{**ask, "reason_code": ""})
        assert restore_ask(actor=bank.actor("compliance"), **ask).count == 1


def test_the_command_looks_first_and_then_brings_it_back(committed: Lender) -> None:
    with committed.open():
        (loan,) = archived(committed, 1)
    with tenant_scope(committed.tenant.id), committed.open():
        backup = begun(committed)
    backup = work(committed, backup)
    with committed.open():
        Vehicle.objects.filter(loan=loan).delete()
    slug, number = committed.tenant.slug, loan.contract_no
    out = StringIO()
    call_command("restore_unit", slug, "loan", number, "--dry-run", stdout=out)
    assert f"{backup.quarter}: 1 missing, nothing was changed." in out.getvalue()
    with pytest.raises(CommandError, match="--reason"):
        call_command("restore_unit", slug, "loan", number)
    call_command("restore_unit", slug, "loan", str(loan.id), "--reason", "存储故障", stdout=out)
    assert f"{backup.quarter}: 1 rows and 0 files came back." in out.getvalue()
    with committed.open():
        assert Vehicle.objects.filter(loan=loan).exists()
    for wrong in (["nobody", "loan", number], [slug, "loan", "没有"], [slug, "loan", str(uuid7())]):
        with pytest.raises(CommandError):
            call_command("restore_unit", *wrong, "--reason", "x")
    with pytest.raises(CommandError):
        call_command("restore_unit", slug, "loan", number, "--quarter", "1999Q1", "--reason", "x")
