"""The bundle of the ledger is taken from the page of the seal, and a stranger knows from it alone what to do."""

from pathlib import Path

import pytest

from carloan.compliance.proofs import bundle_note
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.compliance.services import bundle as bundles
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_atomic
from tests.cast import Lender
from tests.compliance.strangers import as_a_stranger, files_of
from tests.compliance.test_sealing import seal_all, write
from tests.conftest import TenantClient

PAGE, FILE = "/compliance/seal/", "/compliance/seal/bundle.zip"


def reader(lender: Lender, role: str) -> TenantClient:
    client = TenantClient(lender.tenant.slug)
    client.force_login(lender.users[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_bundle_is_taken_from_the_page_and_convinces(
    committed: Lender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "BATCH", 7)
    officer = reader(committed, "compliance").confirmed()
    assert FILE not in officer.get(PAGE).content.decode(), "nothing is sealed yet"
    assert officer.get(FILE).status_code == 409
    write(committed, 20)
    seal_all(committed)
    page = officer.get(PAGE).content.decode()
    answer = officer.get(FILE)
    bundle = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    (tmp_path / "bundle.zip").write_bytes(bundle)
    with tenant_atomic(committed.tenant.id):
        told = AuditEvent.objects.get(action="compliance.ledger.exported")
        checkpoint = last_checkpoint()
        assert checkpoint is not None
        assert told.actor_id == committed.members["compliance"].id
    assert checkpoint.signed_by in page, "the key that is handed over by another way"
    assert checkpoint.note.splitlines()[-1] in page, "the checkpoint that is kept for next time"
    files = files_of(bundle)
    note = files[bundle_note.NAME].decode()
    (tmp_path / "carloan_verify.py").write_bytes(files["carloan_verify.py"])
    assert f"记录 Events          {checkpoint.size}" in note
    command = ("carloan_verify.py", "verify-all", "bundle.zip", "--key", checkpoint.signed_by)
    assert " ".join(command[:2]) in note, "the note names the command that works"
    done = as_a_stranger(tmp_path, *command)
    assert (done.returncode, f"PROVEN 通过: {checkpoint.size} events" in done.stdout) == (0, True)


def test_a_bundle_asks_for_the_right_and_for_the_password_again(committed: Lender) -> None:
    write(committed, 1)
    seal_all(committed)
    assert reader(committed, "officer").confirmed().get(FILE).status_code == 403
    answer = reader(committed, "compliance").get(FILE)
    assert (answer.status_code, "reauthenticate" in answer["Location"]) == (302, True)
    with tenant_atomic(committed.tenant.id):
        assert not AuditEvent.objects.filter(action="compliance.ledger.exported").exists()
