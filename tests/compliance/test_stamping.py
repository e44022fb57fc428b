"""A day's checkpoints of all lenders are stamped once, whatever the authority does, and each lender finds its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import StringIO
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from carloan.compliance.adapters.tsa import Authority, sandbox
from carloan.compliance.models import LedgerDay
from carloan.compliance.selectors.days import days_broken, last_stamped_day, note_body
from carloan.compliance.services.stamping import day_make, day_stamp, days_unstamped, stamped_late
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.lib import merkle, signed_note, timestamp
from carloan.lib.http import Away, ask
from carloan.lib.timestamp import NotStamped
from carloan.sealer.stamps import stamping
from carloan.supervisor.process import wait_until
from tests.cast import Lender, as_role, new_lender
from tests.compliance.test_ledger_check import as_administrator
from tests.compliance.test_sealing import seal_all, write
from tests.supervisor.copies import free_port

# Days are the installation's: each test takes one of its own.
DAYS = count()


@pytest.fixture
def day() -> date:
    return date(2031, 1, 1) + timedelta(days=next(DAYS))


@contextmanager
def authority_at(folder: Path) -> Iterator[Authority]:
    port = free_port()
    command = [sys.executable, "-m", sandbox.__name__, "--state", str(folder), "--listen", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=Path(__file__).resolve().parents[2])
    url = f"http://127.0.0.1:{port}/"
    try:
        assert wait_until(lambda: _answers(url), seconds=60)
        yield Authority.parse(url, (folder / "root.pem").read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        return ask("POST", url, b"junk").status == 400
    except Away:
        return False


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority_at(tmp_path_factory.mktemp("tsa")) as found:
        yield found


def make(day: date, *lenders: Lender) -> LedgerDay | None:
    with as_role("sealer"):
        return day_make("ledger.example", day, lenders=[each.tenant.id for each in lenders], now=timezone.now())


def test_nothing_is_stamped_while_nobody_has_sealed_anything(committed: Lender, day: date) -> None:
    assert make(day, committed) is None


def test_one_token_stands_for_every_lender_and_each_finds_its_own(
    committed: Lender, authority: Authority, day: date
) -> None:
    other = new_lender()
    for lender in (committed, other):
        seal_all(lender)
    made = make(day, committed, other)
    assert made is not None
    assert day not in days_broken()
    with as_role("sealer"):
        assert made in days_unstamped()
        token = day_stamp(made, authority)
        assert day_stamp(made, authority) == token, "the first one is kept"
        assert made not in days_unstamped()
    assert timestamp.opened(bytes(token.token), made.body.encode(), authority.roots).at == token.taken_at
    write(committed, 5)
    seal_all(committed)
    assert make(day, committed, other) == made, "a day is made once"
    said = signed_note.Checkpoint.parse(made.body)
    assert (said.origin, said.size) == (f"ledger.example/days/{day}", 2)
    for lender in (committed, other):
        with tenant_scope(lender.tenant.id):
            found = last_stamped_day(10**9)
            assert found is not None
            leaf = merkle.leaf_hash(note_body(found.note).encode())
            assert merkle.includes(leaf, found.index, found.count, found.proof, said.root)
            assert str(lender.tenant.id) in found.note
            assert last_stamped_day(found.size - 1) is None or found.size == 1


@pytest.mark.parametrize("fault", [*sandbox.FAULTS, "500", "garbage", "slow"])
def test_an_answer_that_is_lost_or_wrong_is_asked_for_again(
    committed: Lender, authority: Authority, day: date, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_all(committed)
    made = make(day, committed)
    assert made is not None
    if fault == "slow":
        monkeypatch.setattr("carloan.lib.http.ask.__kwdefaults__", {**(ask.__kwdefaults__ or {}), "seconds": 0.5})
    bad = Authority(f"{authority.url}?{fault}", authority.roots)
    with as_role("sealer"), pytest.raises((Away, NotStamped)):
        day_stamp(made, bad)
    with as_role("sealer"):
        assert made in days_unstamped()
        monkeypatch.undo()
        assert day_stamp(made, authority).day == made


def test_a_day_that_was_changed_behind_its_stamp_is_seen(committed: Lender, day: date) -> None:
    seal_all(committed)
    made = make(day, committed)
    assert made is not None
    change = "UPDATE compliance_ledgerday SET leaves = %s WHERE day = %s"
    as_administrator(change, bytes(32), day)
    try:
        assert days_broken() == [day]
        with pytest.raises(CommandError, match="not whole"):
            call_command("verify_ledger", stdout=StringIO(), stderr=(told := StringIO()))
        assert f"{day}: what was stamped" in told.getvalue()
    finally:
        as_administrator(change, bytes(made.leaves), day)
    assert days_broken() == []


def test_a_day_that_waits_too_long_is_told(committed: Lender, day: date) -> None:
    seal_all(committed)
    with as_role("sealer"), tenant_atomic(committed.tenant.id):
        late = timezone.now() - timedelta(hours=3)
        day_make("ledger.example", day, lenders=[committed.tenant.id], now=late)
        assert stamped_late()


def test_the_rounds_stamp_today_once(committed: Lender, authority: Authority) -> None:
    seal_all(committed)
    (rounds,) = stamping(authority.url, "".join(_pem(authority)), "ledger.example", Event())
    with as_role("sealer"):
        assert rounds.round()
        assert rounds.round()
    today = LedgerDay.objects.get(day=timezone.now().date())
    assert today.token.authority.startswith("CN=Carloan Sandbox")


def _pem(authority: Authority) -> Iterator[str]:
    from cryptography.hazmat.primitives.serialization import Encoding

    for root in authority.roots:
        yield root.public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize(("url", "pem"), [("nowhere", ""), ("http://x", ""), ("http://x", "junk")])
def test_an_authority_that_cannot_be_asked_or_believed_is_told(url: str, pem: str) -> None:
    with pytest.raises(ValueError, match=r"no address|no certificate"):
        stamping(url, pem, "ledger.example", Event())
    assert stamping("", "", "ledger.example", Event()) == []
