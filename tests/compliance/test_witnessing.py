"""Checkpoints are shown to a real witness: growth is co-signed and kept, a replaced history is refused and told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from carloan.compliance.adapters.witness import Witness
from carloan.compliance.models import LedgerCheckpoint, LedgerCosignature
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.compliance.services import witnessing
from carloan.compliance.services.witnessing import LedgerForked, ledger_witness, witnessed_late
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.lib import signed_note
from carloan.lib.http import Away
from tests.cast import Lender, as_role
from tests.compliance.test_ledger_check import as_administrator
from tests.compliance.test_sealing import SIGNER, seal_all, write
from tests.compliance.witnesses import Running, witness_at


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Running]:
    with witness_at(tmp_path) as running:
        yield running


def show(lender: Lender, to: Running, *, anew: bool = False) -> int | None:
    with as_role("sealer"), tenant_scope(lender.tenant.id):
        return ledger_witness(to.witness, to.key, SIGNER, anew=anew)


def size_of(lender: Lender) -> int:
    with tenant_atomic(lender.tenant.id):
        last = last_checkpoint()
        assert last is not None
        return last.size


def grow(lender: Lender, count: int = 3) -> int:
    write(lender, count)
    seal_all(lender)
    return size_of(lender)


def roll_back(lender: Lender, size: int) -> None:
    """The database of an earlier day, as a restore or somebody with its login would bring it back."""
    tenant = str(lender.tenant.id)
    as_administrator(
        "DELETE FROM core_auditevent WHERE id IN"
        " (SELECT event_id FROM compliance_ledgerleaf WHERE tenant_id = %s AND index >= %s)", tenant, size,
    )  # fmt: skip
    as_administrator("DELETE FROM compliance_ledgerleaf WHERE tenant_id = %s AND index >= %s", tenant, size)
    as_administrator("DELETE FROM compliance_ledgercheckpoint WHERE tenant_id = %s AND size > %s", tenant, size)
    as_administrator("DELETE FROM compliance_ledgercosignature WHERE tenant_id = %s AND size > %s", tenant, size)


def test_each_state_is_co_signed_once_and_the_cosignature_is_kept(committed: Lender, seen: Running) -> None:
    assert show(committed, seen) is None, "nothing is sealed yet"
    first = grow(committed)
    assert show(committed, seen) == first
    assert show(committed, seen) is None
    second = grow(committed, 300)
    assert show(committed, seen) == second
    with tenant_atomic(committed.tenant.id):
        rows = list(LedgerCosignature.objects.order_by("size"))
        assert [(row.size, row.witness) for row in rows] == [(first, seen.key.text()), (second, seen.key.text())]
        for row in rows:
            note = LedgerCheckpoint.objects.get(size=row.size).note
            assert signed_note.seen_at(f"{note}{row.line}\n", seen.key) == row.seen_at.timestamp()


def test_what_the_witness_knows_and_we_forgot_is_caught_up(committed: Lender, seen: Running) -> None:
    grow(committed)
    show(committed, seen)
    as_administrator("DELETE FROM compliance_ledgercosignature WHERE tenant_id = %s", str(committed.tenant.id))
    assert show(committed, seen) == size_of(committed), "the same size again"
    as_administrator("DELETE FROM compliance_ledgercosignature WHERE tenant_id = %s", str(committed.tenant.id))
    assert show(committed, seen) is None or grow(committed) > 0
    assert show(committed, seen) == size_of(committed), "a larger one"


def test_a_witness_that_was_away_sees_the_newest_when_it_is_back(
    committed: Lender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(committed)
    with witness_at(tmp_path) as before:
        show(committed, before)
    for _ in range(3):
        newest = grow(committed)
    with pytest.raises(Away):
        show(committed, before)
    with tenant_scope(committed.tenant.id):
        assert not witnessed_late(before.key)
        monkeypatch.setattr(witnessing, "BEHIND", timedelta(0))
        assert witnessed_late(before.key)
        assert witnessed_late(None)
    with witness_at(tmp_path) as after:
        assert show(committed, after) == newest
    with tenant_scope(committed.tenant.id):
        assert not witnessed_late(after.key)


def test_a_database_that_was_rolled_back_is_refused_before_and_after_it_grew_again(
    committed: Lender, seen: Running
) -> None:
    old = grow(committed)
    show(committed, seen)
    witnessed = grow(committed, 10)
    show(committed, seen)
    roll_back(committed, old)
    with pytest.raises(LedgerForked, match=f"saw {witnessed} events, and there are {old}"):
        show(committed, seen, anew=True)
    grow(committed, 4)
    with pytest.raises(LedgerForked):
        show(committed, seen)
    while size_of(committed) < witnessed:
        grow(committed, 1)
    with pytest.raises(LedgerForked, match=f"another tree at {witnessed}"):
        show(committed, seen)
    grow(committed, 20)
    with pytest.raises(LedgerForked, match=f"another tree at {witnessed}"):
        show(committed, seen)
    with tenant_atomic(committed.tenant.id):
        assert LedgerCosignature.objects.order_by("-size")[0].size == old


def test_what_is_not_signed_by_the_witness_is_not_kept(committed: Lender, seen: Running) -> None:
    grow(committed)
    other = signed_note.Key(seen.key.name, bytes(32), signed_note.COSIGNATURE)
    with as_role("sealer"), tenant_scope(committed.tenant.id), pytest.raises(Away, match="not signed by"):
        ledger_witness(Witness(seen.witness.url), other, SIGNER)
    with tenant_atomic(committed.tenant.id):
        assert not LedgerCosignature.objects.exists()
