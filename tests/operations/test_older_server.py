"""A backup comes back on an outside server that is older than the programs which wrote it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from carloan.supervisor import backup
from carloan.supervisor.process import SupervisorError, end, service_account, spawn, wait_until
from tests.e2e.site import free_port
from tests.supervisor.places import open_folder

OLDER = [path for number in (15, 16) if (path := Path(f"/usr/lib/postgresql/{number}/bin")).exists()]
pytestmark = pytest.mark.skipif(not OLDER, reason="no PostgreSQL 15 or 16 is installed here")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a new server, without its database."""
    account, port = service_account(), free_port()
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    with open_folder() as folder:
        data = folder / "data"
        data.mkdir()
        if account:
            os.chown(data, account.uid, account.gid)
        log = subprocess.DEVNULL
        options = {"env": environment, "cwd": data, "log": log, "on_parent_death": signal.SIGQUIT, "account": account}
        made = spawn([OLDER[0] / "initdb", "-D", data, "-A", "trust", "-U", "postgres"], **options)  # type: ignore[arg-type]
        assert made.wait(60) == 0
        command = [OLDER[0] / "postgres", "-D", data, "-p", str(port), "-k", data, "-h", "127.0.0.1"]
        address = f"postgresql://postgres:none@127.0.0.1:{port}"
        process = spawn(command, **options)  # type: ignore[arg-type]
        try:
            assert wait_until(lambda: _answers(address), seconds=30)
            yield address
        finally:
            end(process, signal.SIGINT, signal.SIGQUIT, patience=20)


def _answers(address: str) -> bool:
    try:
        psycopg2.connect(f"{address}/postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def make(server: str, name: str, *statements: str) -> str:
    for place, lines in (("postgres", (f"CREATE DATABASE {name}",)), (name, statements)):
        link = psycopg2.connect(f"{server}/{place}")
        link.autocommit = True
        with link.cursor() as cursor:
            for line in lines:
                cursor.execute(line)
        link.close()
    return f"{server}/{name}"


def test_a_dump_comes_back_row_by_row(server: str, tmp_path: Path) -> None:
    row = "SET transaction_timeout = 0;"
    full = make(server, "a", "CREATE TABLE words (word text)", f"INSERT INTO words VALUES ('{row}')")
    backup._dump(full, tmp_path / "main-1.dump")
    empty = make(server, "b")
    backup._load(empty, tmp_path / "main-1.dump")
    link = psycopg2.connect(empty)
    with link.cursor() as cursor:
        cursor.execute("SELECT word FROM words")
        assert cursor.fetchall() == [(row,)]
    link.close()


def test_the_first_error_ends_it_and_is_told(server: str, tmp_path: Path) -> None:
    full = make(server, "c", "CREATE TABLE there (x int)")
    backup._dump(full, tmp_path / "main-1.dump")
    with pytest.raises(SupervisorError, match="already exists"):
        backup._load(full, tmp_path / "main-1.dump")
