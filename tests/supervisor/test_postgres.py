"""The embedded PostgreSQL: private, durable, mended after a crash."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from carloan.supervisor.embedded import FolderInUseError
from carloan.supervisor.postgres import EmbeddedPostgres
from carloan.supervisor.process import wait_until
from tests.supervisor.places import ROOT, open_folder, processes_of

HOLDER = """
import sys, time
from pathlib import Path
from carloan.supervisor.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), fast=True) as server:
    print(server.process.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as place:
        yield place / "database"


def ask(server: EmbeddedPostgres, statement: str) -> object:
    link = psycopg2.connect(server.admin_url)
    try:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None  # type: ignore[index]
    finally:
        link.close()


def test_it_serves_utf8_with_checksums_to_this_machine_only(folder: Path) -> None:
    with EmbeddedPostgres(folder, fast=True) as server:
        assert ask(server, "SHOW server_encoding") == "UTF8"
        assert ask(server, "SHOW data_checksums") == "on"
        assert ask(server, "SHOW listen_addresses") == "127.0.0.1"
        assert server.port < 32_768


def test_it_refuses_a_login_without_the_right_password(folder: Path) -> None:
    with (
        EmbeddedPostgres(folder, fast=True) as server,
        pytest.raises(psycopg2.OperationalError, match="password authentication failed"),
    ):
        psycopg2.connect(server.url("postgres", "wrong", "postgres"))


def test_it_never_runs_as_root(folder: Path) -> None:
    with EmbeddedPostgres(folder, fast=True) as server:
        assert server.process is not None
        assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0


def test_it_keeps_its_rows_and_its_port_from_start_to_start(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        port = server.port
        ask(server, "CREATE TABLE kept AS SELECT 7 AS number")
    with EmbeddedPostgres(folder) as server:
        assert server.port == port
        assert ask(server, "SELECT number FROM kept") == 7


def test_a_hard_kill_loses_no_committed_row(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        ask(server, "CREATE TABLE kept AS SELECT 7 AS number")
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        server.restart()
        assert ask(server, "SELECT number FROM kept") == 7


def test_a_second_start_on_the_same_folder_is_refused(folder: Path) -> None:
    with EmbeddedPostgres(folder, fast=True), pytest.raises(FolderInUseError, match="already running"):
        EmbeddedPostgres(folder, fast=True).start()


def test_it_replaces_what_an_interrupted_first_start_left(folder: Path) -> None:
    half_made = folder / "state" / "data.tmp"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(folder, fast=True) as server:
        assert ask(server, "SELECT 1") == 1
    assert not half_made.exists()


def test_a_pid_file_that_names_a_stranger_does_not_stop_it(folder: Path) -> None:
    with EmbeddedPostgres(folder, fast=True) as server:
        data = server.data
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n0\n1\n\n127.0.0.1\n0 0\nready   \n")
    with EmbeddedPostgres(folder, fast=True) as server:
        assert ask(server, "SELECT 1") == 1


def test_it_ends_with_the_process_that_started_it_however_that_ends(folder: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    pid = int(holder.stdout.readline())
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert wait_until(lambda: not Path(f"/proc/{pid}").exists(), seconds=10)
    assert processes_of(folder) == {}
    with EmbeddedPostgres(folder, fast=True) as server:
        assert ask(server, "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_it_finds_a_shelter_when_the_home_is_closed_to_its_user(folder: Path) -> None:
    folder.mkdir()
    folder.parent.chmod(0o700)
    server = EmbeddedPostgres(folder, fast=True)
    try:
        with server:
            shelter = server.state.resolve()
            assert ask(server, "SELECT 1") == 1
        assert not shelter.is_relative_to(folder)
    finally:
        subprocess.run(["rm", "-rf", server.state.resolve()], check=True)
