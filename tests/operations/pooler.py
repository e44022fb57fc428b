"""A real PgBouncer in transaction mode before the suite's two databases."""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from carloan.supervisor.home import ROOT
from carloan.supervisor.process import end, service_account, spawn, wait_until
from tests.e2e.site import free_port

# Debian puts it where only root's PATH leads.
PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
# Fewer server connections than the site has threads and workers, so that transactions of many clients share them.
POOL = 2

SETTINGS = """
[databases]
{databases}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = transaction
default_pool_size = {pool}
max_client_conn = 200
server_reset_query =
logfile = {log}
stats_users = app
"""


@contextmanager
def pooled(folder: Path, urls: dict[str, str], passwords: dict[str, str]) -> Iterator[dict[str, str]]:
    """Run PgBouncer before the databases at `urls` (DATABASE_URL, … -> address); yields the pooled addresses.

    `passwords` are of the roles that log in. It never runs as root, and ends with this process.
    """
    account = service_account()
    port, users, settings, log = free_port(), folder / "users", folder / "pgbouncer.ini", folder / "log"
    databases = []
    for name, url in urls.items():
        parts = urlsplit(url)
        where = f"host={parts.hostname} port={parts.port} dbname={unquote(parts.path.lstrip('/'))}"
        databases.append(f"{_short(name)} = {where}")
    users.write_text("".join(f'"{role}" "{password}"\n' for role, password in passwords.items()))
    settings.write_text(SETTINGS.format(databases="\n".join(databases), port=port, users=users, log=log, pool=POOL))
    for path in (folder, users, settings):
        if account:
            os.chown(path, account.uid, account.gid)
    assert PROGRAM
    with open(folder / "output", "wb") as output:
        process = spawn(
            [PROGRAM, str(settings)], env={"PATH": os.defpath}, cwd=ROOT, log=output,
            on_parent_death=signal.SIGTERM, account=account,
        )  # fmt: skip
    try:
        assert wait_until(lambda: _listens(port) or process.poll() is not None, seconds=30)
        assert process.poll() is None, (folder / "output").read_text()
        yield {
            name: urlunsplit(urlsplit(url)._replace(netloc=f"127.0.0.1:{port}", path=f"/{_short(name)}"))
            for name, url in urls.items()
        }
    finally:
        end(process, signal.SIGTERM, patience=10)


def _short(name: str) -> str:
    return name.removesuffix("_URL").lower()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
