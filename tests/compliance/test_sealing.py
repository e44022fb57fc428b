"""The ledger over the trail: whole, in order, signed, written by the sealer alone; what was changed does not pass."""

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, connections, transaction

from carloan.compliance.models import LedgerCheckpoint, LedgerLeaf, LedgerTile
from carloan.compliance.selectors.tree import WIDTH, Tree, last_checkpoint, leaves
from carloan.compliance.services import sealing
from carloan.compliance.services.sealing import LedgerBroken, Signer, ledger_seal
from carloan.core import audit
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.lib import merkle, signed_note
from tests.cast import Lender, as_role

SIGNER = Signer("ledger.example", Ed25519PrivateKey.from_private_bytes(b"s" * 32))


def write(lender: Lender, count: int) -> list[UUID]:
    with tenant_atomic(lender.tenant.id):
        return [
            audit.record(
                actor=lender.system, action="core.test.done", object_type="core.test", object_id=uuid7(), count=number
            )
            for number in range(count)
        ]


def seal(lender: Lender, *, most: int = sealing.MOST, signer: Signer = SIGNER) -> int:
    with as_role("sealer"), tenant_scope(lender.tenant.id):
        return ledger_seal(signer, most=most)


def seal_all(lender: Lender, *, most: int = sealing.MOST) -> None:
    while seal(lender, most=most):
        pass


@pytest.fixture
def ledger(committed: Lender) -> Lender:
    """Its events are committed as they are written: none is sealed before its transaction has ended."""
    return committed


def test_every_event_is_sealed_once_and_in_the_order_of_transactions(ledger: Lender) -> None:
    write(ledger, 3)
    seal_all(ledger)
    written = write(ledger, 5)
    assert seal(ledger) == 5
    assert seal(ledger) == 0
    with tenant_atomic(ledger.tenant.id):
        count = AuditEvent.objects.count()
        order = list(LedgerLeaf.objects.order_by("index").values_list("index", "event_id"))
        assert [index for index, _event in order] == list(range(count))
        assert {event for _index, event in order} == set(AuditEvent.objects.values_list("id", flat=True))
        assert [event for _index, event in order][-5:] == written
        last = last_checkpoint()
        assert last is not None
        body = signed_note.opened(last.note, signed_note.Key.parse(last.signed_by))
        said = signed_note.Checkpoint.parse(body)
        assert last.signed_by == SIGNER.public(ledger.tenant.id).text()
        assert (said.origin, said.size, said.root) == (SIGNER.origin(ledger.tenant.id), count, bytes(last.root))
        assert said.root == merkle.root(leaves(0, count))
        assert not AuditEvent.objects.exclude(id__in=[event for _index, event in order]).exists()


def test_whatever_the_steps_the_tree_is_the_same_and_proves_every_leaf(ledger: Lender) -> None:
    write(ledger, 2 * WIDTH + 70)
    steps = iter([1, 3, WIDTH - 1, 7, WIDTH, 90, sealing.MOST])
    while seal(ledger, most=next(steps, sealing.MOST)):
        pass
    with tenant_atomic(ledger.tenant.id):
        tree = Tree(LedgerLeaf.objects.count())
        every = leaves(0, tree.size)
        assert tree.root() == merkle.root(every)
        assert LedgerTile.objects.filter(level=0).count() == tree.size // WIDTH == 2
        for index in (0, 1, WIDTH - 1, WIDTH, 2 * WIDTH, tree.size - 1):
            assert merkle.includes(every[index], index, tree.size, tree.inclusion(index), tree.root())
        sizes = list(LedgerCheckpoint.objects.values_list("size", flat=True))
        assert len(sizes) > 5
        for old in LedgerCheckpoint.objects.all():
            proof = tree.consistency(old.size)
            assert merkle.only_grew(old.size, tree.size, proof=proof, old_root=bytes(old.root), tree_root=tree.root())


def test_what_commits_later_comes_later_and_is_never_passed_over(ledger: Lender) -> None:
    seal_all(ledger)
    begun, go_on = Barrier(2), Barrier(2)

    def slow() -> None:
        try:
            with tenant_atomic(ledger.tenant.id):
                audit.record(actor=ledger.system, action="core.test.slow", object_type="core.test")
                begun.wait(30)
                go_on.wait(30)
        finally:
            connections.close_all()

    thread = Thread(target=slow)
    thread.start()
    begun.wait(30)
    write(ledger, 2)
    assert seal(ledger) == 0, "an older transaction is still at work"
    go_on.wait(30)
    thread.join()
    assert seal(ledger) == 3
    with tenant_atomic(ledger.tenant.id):
        first = LedgerLeaf.objects.order_by("-index").values_list("event_id", flat=True)[2]
        assert AuditEvent.objects.get(id=first).action == "core.test.slow"


def test_two_sealers_at_once_seal_each_event_once(ledger: Lender) -> None:
    write(ledger, 30)
    start = Barrier(4)

    def one() -> None:
        try:
            start.wait(30)
            seal_all(ledger, most=4)
        finally:
            connections.close_all()

    threads = [Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_all(ledger)
    with tenant_atomic(ledger.tenant.id):
        assert LedgerLeaf.objects.count() == AuditEvent.objects.count()
        last = last_checkpoint()
        assert last is not None
        assert bytes(last.root) == merkle.root(leaves(0, last.size))


def test_in_a_database_whose_transactions_are_counted_anew_nothing_is_sealed_twice(
    ledger: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_all(ledger)
    write(ledger, 3)
    monkeypatch.setattr(sealing, "_epoch", lambda: 7)
    assert seal(ledger, most=2) == 2
    assert seal(ledger) == 1
    with tenant_atomic(ledger.tenant.id):
        assert LedgerLeaf.objects.count() == AuditEvent.objects.count()


STATEMENTS = {
    "app": ["INSERT INTO compliance_ledgerleaf (tenant_id, index, event_id) VALUES (%(t)s, 999999, %(t)s)",
            "DELETE FROM compliance_ledgercheckpoint", "UPDATE compliance_ledgertile SET number = 1",
            "INSERT INTO compliance_ledgercosignature (tenant_id, witness, size, line, seen_at)"
            " VALUES (%(t)s, 'w', 1, '', now())", "DELETE FROM compliance_ledgertimetoken"],
    "sealer": ["UPDATE compliance_ledgerleaf SET index = 5", "DELETE FROM compliance_ledgerleaf",
               "TRUNCATE compliance_ledgerleaf", "SELECT detail FROM core_auditevent", "SELECT * FROM loans_loan",
               "DELETE FROM core_auditevent", "UPDATE compliance_ledgercosignature SET line = ''",
               "UPDATE compliance_ledgerday SET body = ''", "DELETE FROM compliance_ledgertimetoken"],
    "worker": ["INSERT INTO compliance_ledgercheckpoint SELECT * FROM compliance_ledgercheckpoint",
               "INSERT INTO compliance_ledgerday (day, made_at, body, leaves) VALUES (now(), now(), '', '')"],
}  # fmt: skip


@pytest.mark.django_db(databases=["default", "keystore"])
@pytest.mark.parametrize(("role", "statement"), [(role, text) for role, texts in STATEMENTS.items() for text in texts])
def test_nobody_else_writes_the_ledger_and_its_writer_writes_nothing_else(
    bank: Lender, role: str, statement: str
) -> None:
    refused = pytest.raises(DatabaseError, match=r"permission denied|append-only")
    with bank.open(), as_role(role), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"t": bank.tenant.id})


def _changed_event(lender: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_NEW", sealing._NEW.replace("e.canon", "e.canon || '\\x20'::bytea"))


def _changed_leaf(lender: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Tree._read
    monkeypatch.setattr(Tree, "_read", lambda tree, level, number: [bytes(32), *plain(tree, level, number)[1:]])


@pytest.mark.parametrize("harm", [_changed_event, _changed_leaf])
def test_nothing_is_sealed_over_what_was_changed(
    ledger: Lender, monkeypatch: pytest.MonkeyPatch, harm: Callable[..., None]
) -> None:
    seal_all(ledger)
    write(ledger, 1)
    harm(ledger, monkeypatch)
    with pytest.raises(LedgerBroken):
        seal(ledger)
    monkeypatch.undo()
    assert seal(ledger) == 1


def test_a_lender_sees_its_own_ledger_only(ledger: Lender, other: Lender) -> None:
    written = write(ledger, 2)
    seal_all(ledger)
    with tenant_atomic(ledger.tenant.id):
        assert LedgerLeaf.objects.filter(event_id__in=written).count() == 2
    with tenant_atomic(other.tenant.id):
        assert not LedgerLeaf.objects.filter(event_id__in=written).exists()
