"""The sealer's process: seals what comes, survives the database, is killed and goes on, ends when it is asked."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from carloan.compliance.adapters.witness import Witness
from carloan.compliance.models import LedgerCosignature, LedgerLeaf
from carloan.compliance.selectors.tree import last_checkpoint, leaves
from carloan.core import alarms
from carloan.core.broker_link import open_broker
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_atomic
from carloan.heartbeat import alive
from carloan.lib import merkle, signed_note
from carloan.supervisor.process import wait_until
from tests.cast import Lender, new_lender
from tests.compliance.test_sealing import write
from tests.compliance.test_witnessing import roll_back
from tests.compliance.witnesses import witness_at
from tests.plugin import owner_urls, services
from tests.supervisor.copies import free_port

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


@contextmanager
def sealing(log: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = services().environment("sealer") | {"CARLOAN_LEDGER": "ledger.example", **settings}
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "carloan.sealer"], cwd=ROOT, env=environment, stdout=file, stderr=file
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def all_sealed(lender: Lender) -> bool:
    with tenant_atomic(lender.tenant.id):
        return LedgerLeaf.objects.count() == AuditEvent.objects.count()


def seen_alive(part: str = "sealer") -> bool:
    with open_broker() as broker:
        return alive(broker, [part]) == {part}


def test_it_seals_what_comes_and_ends_when_it_is_asked(committed: Lender, tmp_path: Path) -> None:
    with sealing(log := tmp_path / "log") as process:
        write(committed, 4)
        assert wait_until(lambda: all_sealed(committed), seconds=SECONDS), log.read_text()
        assert seen_alive()
        with tenant_atomic(committed.tenant.id):
            last = last_checkpoint()
            assert last is not None
            body = signed_note.opened(last.note, signed_note.Key.parse(last.signed_by))
            assert body.startswith(f"ledger.example/t/{committed.tenant.id}\n")
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0


def test_it_goes_on_after_it_was_killed_and_after_the_database_dropped_it(committed: Lender, tmp_path: Path) -> None:
    log = tmp_path / "log"
    for _ in range(3):
        with sealing(log):
            write(committed, 3)
            assert wait_until(lambda: all_sealed(committed), seconds=SECONDS), log.read_text()
    with sealing(log):
        write(committed, 1)
        assert wait_until(lambda: all_sealed(committed), seconds=SECONDS), log.read_text()
        with psycopg2.connect(owner_urls["DATABASE_URL"]) as link, link.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sealer'")
            assert cursor.rowcount >= 1
        link.close()
        write(committed, 2)
        assert wait_until(lambda: all_sealed(committed), seconds=SECONDS), log.read_text()
    with tenant_atomic(committed.tenant.id):
        last = last_checkpoint()
        assert last is not None
        assert bytes(last.root) == merkle.root(leaves(0, last.size))


def test_a_broken_ledger_raises_an_alarm_and_keeps_no_other_lender_waiting(committed: Lender, tmp_path: Path) -> None:
    with sealing(log := tmp_path / "log"):
        write(committed, 2)
        assert wait_until(lambda: all_sealed(committed), seconds=SECONDS), log.read_text()
    _bend(committed)
    write(committed, 1)
    lender = new_lender()
    try:
        with sealing(log):
            write(lender, 2)
            assert wait_until(lambda: all_sealed(lender), seconds=SECONDS), log.read_text()
            assert wait_until(lambda: alarms.LEDGER_BROKEN in alarms.standing(), seconds=SECONDS)
        assert not all_sealed(committed)
        assert "is broken, nothing more is sealed" in log.read_text()
    finally:
        alarms.end_alarm(alarms.LEDGER_BROKEN, committed.tenant.id)


def test_a_transaction_that_stays_open_is_told_with_its_process(committed: Lender, tmp_path: Path) -> None:
    with sealing(log := tmp_path / "log"), psycopg2.connect(owner_urls["DATABASE_URL"]) as link:
        with link.cursor() as cursor:
            cursor.execute(
                "SET application_name = 'a forgotten session'; SELECT pg_current_xact_id(), pg_backend_pid()"
            )
            ((_transaction, pid),) = cursor.fetchall()
            write(committed, 2)
            assert wait_until(lambda: alarms.LEDGER_WAITS in alarms.standing(), seconds=SECONDS), log.read_text()
            assert f"database process {pid}, login postgres, application a forgotten session" in log.read_text()
            assert not all_sealed(committed)
        link.rollback()
        assert wait_until(lambda: all_sealed(committed), seconds=SECONDS), log.read_text()
        assert wait_until(lambda: alarms.LEDGER_WAITS not in alarms.standing(), seconds=SECONDS)
    link.close()


def _bend(lender: Lender) -> None:
    """As somebody with the administrator's login could."""
    with psycopg2.connect(owner_urls["DATABASE_URL"]) as link, link.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE core_auditevent SET canon = canon || ' '::bytea,"
            " leaf = sha256('\\x00'::bytea || canon || ' '::bytea) WHERE id = ("
            "SELECT event_id FROM compliance_ledgerleaf WHERE tenant_id = %s ORDER BY index DESC LIMIT 1)",
            [str(lender.tenant.id)],
        )
        assert cursor.rowcount == 1
    link.close()


def test_witnesses_see_what_is_sealed_and_tell_a_replaced_history(committed: Lender, tmp_path: Path) -> None:
    log, folder = tmp_path / "log", tmp_path / "witness"
    with witness_at(folder, "ledger.example", port=(port := free_port())) as seen:
        with sealing(log, CARLOAN_WITNESSES=f"http://127.0.0.1:{port},http://127.0.0.1:1"):
            write(committed, 4)
            assert wait_until(lambda: witnessed(committed), seconds=SECONDS), log.read_text()
            assert wait_until(lambda: "http://127.0.0.1:1: away" in log.read_text(), seconds=SECONDS)
            write(committed, 5)
            assert wait_until(lambda: witnessed(committed), seconds=SECONDS), "and delays nothing"
        old = sealed(committed)
        write(committed, 6)
        with sealing(log, CARLOAN_WITNESSES=f"http://127.0.0.1:{port} {seen.key.text()}"):
            assert wait_until(lambda: sealed(committed) > old and witnessed(committed), seconds=SECONDS), (
                log.read_text()
            )
            assert wait_until(lambda: seen_alive("witness"), seconds=SECONDS)
        roll_back(committed, old)
        try:
            with sealing(log, CARLOAN_WITNESSES=f"http://127.0.0.1:{port}"):
                assert wait_until(lambda: alarms.LEDGER_FORKED in alarms.standing(), seconds=SECONDS), log.read_text()
            assert "the witness saw" in log.read_text()
        finally:
            alarms.end_alarm(alarms.LEDGER_FORKED, committed.tenant.id, Witness(f"http://127.0.0.1:{port}").id)


def sealed(lender: Lender) -> int:
    with tenant_atomic(lender.tenant.id):
        last = last_checkpoint()
        return last.size if last else 0


def witnessed(lender: Lender) -> bool:
    """Every event of the lender."""
    with tenant_atomic(lender.tenant.id):
        return LedgerCosignature.objects.filter(size=AuditEvent.objects.count()).exists()
