"""The check sees each way in which a ledger can be wrong, and finds nothing wrong with one that is whole."""

import json
from collections.abc import Callable
from io import StringIO

import psycopg2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command

from carloan.compliance.models import LedgerCheckpoint
from carloan.compliance.selectors import ledger_check as checking
from carloan.compliance.selectors.ledger_check import LedgerReport, ledger_check
from carloan.compliance.selectors.tree import WIDTH
from carloan.compliance.services import ledger_care as ledger_care_module
from carloan.compliance.services.ledger_care import ledger_care
from carloan.core import alarms
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent
from carloan.core.services.branches import branch_add
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.lib import signed_note
from tests.cast import Lender
from tests.compliance.test_sealing import SIGNER, seal, seal_all, write
from tests.plugin import owner_urls


@pytest.fixture
def ledger(committed: Lender, monkeypatch: pytest.MonkeyPatch) -> Lender:
    monkeypatch.setattr(checking, "BATCH", WIDTH)
    write(committed, WIDTH + 40)
    seal_all(committed, most=100)
    return committed


def look(lender: Lender) -> LedgerReport:
    with tenant_scope(lender.tenant.id):
        return ledger_check()


def as_administrator(statement: str, *values: object) -> None:
    """As somebody with the database's own login could, past every trigger."""
    with psycopg2.connect(owner_urls["DATABASE_URL"]) as link, link.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        assert cursor.rowcount >= 1
    link.close()


def change_event(lender: Lender) -> None:
    as_administrator(
        "UPDATE core_auditevent SET canon = canon || ' '::bytea WHERE id = (SELECT event_id FROM compliance_ledgerleaf"
        " WHERE tenant_id = %s AND index = 7)", str(lender.tenant.id),
    )  # fmt: skip


def change_event_with_its_leaf(lender: Lender) -> None:
    as_administrator(
        "UPDATE core_auditevent SET canon = canon || ' '::bytea, leaf = sha256('\\x00'::bytea || canon || ' '::bytea)"
        " WHERE id = (SELECT event_id FROM compliance_ledgerleaf WHERE tenant_id = %s AND index = 7)",
        str(lender.tenant.id),
    )


def drop_event(lender: Lender) -> None:
    as_administrator(
        "DELETE FROM core_auditevent WHERE id = (SELECT event_id FROM compliance_ledgerleaf"
        " WHERE tenant_id = %s AND index = 7)", str(lender.tenant.id),
    )  # fmt: skip


def drop_leaf(lender: Lender) -> None:
    as_administrator("DELETE FROM compliance_ledgerleaf WHERE tenant_id = %s AND index = 7", str(lender.tenant.id))


def swap_leaves(lender: Lender) -> None:
    for source, target in ((7, -1), (8, 7), (-1, 8)):
        as_administrator(
            "UPDATE compliance_ledgerleaf SET index = %s WHERE tenant_id = %s AND index = %s",
            target, str(lender.tenant.id), source,
        )  # fmt: skip


def change_tile(lender: Lender) -> None:
    as_administrator(
        "UPDATE compliance_ledgertile SET hashes = set_byte(hashes, 300, 1 - get_byte(hashes, 300) %% 2)"
        " WHERE tenant_id = %s", str(lender.tenant.id),
    )  # fmt: skip


def cut_off(lender: Lender) -> None:
    as_administrator("DELETE FROM compliance_ledgerleaf WHERE tenant_id = %s AND index >= 100", str(lender.tenant.id))


def sign_another_tree(lender: Lender, *, host: str = SIGNER.host, key: Ed25519PrivateKey = SIGNER.key) -> None:
    with tenant_atomic(lender.tenant.id):
        last = LedgerCheckpoint.objects.order_by("-size")[0]
    origin = f"{host}/t/{lender.tenant.id}"
    body = signed_note.Checkpoint(origin, last.size, bytes(32)).body()
    as_administrator(
        "UPDATE compliance_ledgercheckpoint SET note = %s WHERE tenant_id = %s AND size = %s",
        signed_note.note(body, [signed_note.sign(body, origin, key)]), str(lender.tenant.id), last.size,
    )  # fmt: skip


def sign_with_another_key(lender: Lender) -> None:
    sign_another_tree(lender, key=Ed25519PrivateKey.generate())


def sign_as_another_ledger(lender: Lender) -> None:
    other = f"{SIGNER.host}/t/{uuid7()}"
    with tenant_atomic(lender.tenant.id):
        last = LedgerCheckpoint.objects.order_by("-size")[0]
    body = signed_note.Checkpoint(other, last.size, bytes(last.root)).body()
    key = signed_note.Key(other, SIGNER.key.public_key().public_bytes_raw())
    as_administrator(
        "UPDATE compliance_ledgercheckpoint SET note = %s, signed_by = %s WHERE tenant_id = %s AND size = %s",
        signed_note.note(body, [signed_note.sign(body, other, SIGNER.key)]), key.text(), str(lender.tenant.id),
        last.size,
    )  # fmt: skip


def leave_unsealed(lender: Lender) -> None:
    write(lender, 1)
    as_administrator(
        "UPDATE core_auditevent SET created_at = created_at - interval '2 minutes' WHERE tenant_id = %s",
        str(lender.tenant.id),
    )


def write_past_the_trail(lender: Lender) -> None:
    """A row of the book that no act of ours wrote."""
    as_administrator(
        "UPDATE core_branch SET audit_event_id = gen_random_uuid() WHERE tenant_id = %s AND id = %s",
        str(lender.tenant.id), str(lender.branches["east"].id),
    )  # fmt: skip


def drop_before_it_is_sealed(lender: Lender) -> None:
    """No hash misses what was never hashed: what the act wrote does."""
    with tenant_atomic(lender.tenant.id):
        branch = branch_add(actor=lender.system, code="new", name="新支行", parent=lender.branches["head"])
    as_administrator("DELETE FROM core_auditevent WHERE id = %s", str(branch.audit_event_id))
    seal_all(lender)


HARMS: dict[Callable[[Lender], None], str] = {
    change_event: "leaf 7, was changed",
    change_event_with_its_leaf: "tile 0/0 holds other hashes",
    drop_event: "leaf 7, is gone",
    drop_leaf: "leaves between 0 and 256 are missing",
    swap_leaves: "tile 0/0 holds other hashes",
    change_tile: "tile 0/0 holds other hashes",
    cut_off: "are missing",
    sign_another_tree: "signs another tree",
    sign_with_another_key: "not signed by",
    sign_as_another_ledger: "is another ledger's",
    leave_unsealed: "1 events older than",
    drop_before_it_is_sealed: "1 rows of core_branch were written by acts that nobody recorded",
    write_past_the_trail: "1 rows of core_branch were written by acts that nobody recorded",
}


def test_a_whole_ledger_has_nothing_wrong(ledger: Lender) -> None:
    report = look(ledger)
    with tenant_atomic(ledger.tenant.id):
        assert report == LedgerReport(AuditEvent.objects.count(), LedgerCheckpoint.objects.count(), [])
    write(ledger, 1)
    assert look(ledger).findings == [], "what was recorded a moment ago is waited for"
    seal(ledger)
    assert look(ledger).events == report.events + 1


@pytest.mark.parametrize("harm", HARMS)
def test_each_way_of_bending_it_is_seen(ledger: Lender, harm: Callable[[Lender], None]) -> None:
    harm(ledger)
    found = look(ledger).findings
    assert any(HARMS[harm] in finding for finding in found), found
    with pytest.raises(CommandError, match="evidence"):
        call_command("verify_ledger", stdout=StringIO(), stderr=(told := StringIO()))
    assert f"{ledger.tenant.slug}: " in told.getvalue()


@pytest.mark.usefixtures("no_alarms")
def test_each_night_leaves_an_event_and_what_is_wrong_an_alarm(ledger: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_care_module, "BATCHES_A_TASK", 1)
    acts = ("compliance.ledger.checked", "compliance.ledger.broken")

    def night() -> int:
        """How many tasks it took."""
        with tenant_scope(ledger.tenant.id):
            rest, tasks = ledger_care(), 1
            while rest is not None:
                rest, tasks = ledger_care(laid_down=json.loads(json.dumps(rest))), tasks + 1
        return tasks

    def told() -> list[str]:
        with tenant_atomic(ledger.tenant.id):
            return list(AuditEvent.objects.filter(action__in=acts).order_by("id").values_list("action", flat=True))

    assert night() == 3, "a batch each, and one that sees the end"
    assert told() == ["compliance.ledger.checked"]
    seal_all(ledger)
    change_event(ledger)
    try:
        night()
        assert told() == list(acts)
        assert alarms.standing()[alarms.LEDGER_FINDINGS] == 1
        as_administrator(
            "UPDATE core_auditevent SET canon = left(convert_from(canon, 'UTF8'), -1)::bytea WHERE tenant_id = %s"
            " AND leaf <> sha256('\\x00'::bytea || canon)", str(ledger.tenant.id),
        )  # fmt: skip
        night()
        assert alarms.LEDGER_FINDINGS not in alarms.standing()
    finally:
        alarms.end_alarm(alarms.LEDGER_FINDINGS, ledger.tenant.id)
