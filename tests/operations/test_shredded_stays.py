"""A loan that was shredded after a backup is not brought back by it, and a stolen backup opens nothing."""

import json
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.supervisor.copies import Copy, free_port
from tests.supervisor.places import open_folder


@dataclass
class Listing(Copy):
    """A copy whose list of destroyed keys lies on another medium than its home, as operate.md asks for."""

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "CARLOAN_DESTROYED": str(self.home.parent / "list")}

    def asked(self, code: str) -> Any:
        done = self.run("manage", "shell", "-v", "0", "-c", f"from tests.operations import book; book.{code}")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def test_a_backup_from_before_brings_no_shredded_loan_back(place: Path) -> None:
    copy = Listing(place / "home", free_port())
    folders = [str(place / "backup"), str(place / "keys")]
    copy.start()
    try:
        copy.wait_until_healthy()
        filled = copy.run("manage", "shell", "-v", "0", "-c", "from tests.operations.book import fill; fill()")
        assert filled.returncode == 0, filled.stderr
        before = copy.asked("opened()")
        done = copy.run("backup", *folders)
        assert done.returncode == 0, done.stderr
        gone = copy.asked("shred()")
    finally:
        copy.end(signal.SIGTERM)
    assert all(before[slug][what][loan] > 0 for slug, loan in gone.items() for what in ("fields", "papers", "terms"))
    root_key = (copy.home / "secrets" / "root_key").read_text()
    shutil.rmtree(copy.home)
    (copy.home / "secrets").mkdir(parents=True)
    (copy.home / "secrets" / "root_key").write_text(root_key)
    # Without the list the backup would bring the loans back, so nothing is restored.
    (place / "list").rename(place / "aside")
    for folder in folders:
        shutil.rmtree(Path(folder) / "destroyed")
    refused = copy.run("restore", *folders)
    assert refused.returncode == 1
    assert "no list of destroyed keys" in refused.stderr
    (place / "aside").rename(place / "list")
    done = copy.run("restore", *folders)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Destroyed again:" in done.stdout
    copy.start()
    try:
        copy.wait_until_healthy()
        after, stolen = copy.asked("opened()"), copy.asked("opened(stolen=True)")
    finally:
        copy.end(signal.SIGTERM)
    for slug, loan in gone.items():
        for what in ("fields", "papers", "terms"):
            assert after[slug][what].get(loan, 0) == 0, (slug, what)
        # The others are whole.
        assert {key: count for key, count in after[slug]["fields"].items() if key != loan} == {
            key: count for key, count in before[slug]["fields"].items() if key != loan
        }
        assert after[slug]["papers"][""] == 1
        assert sum(stolen[slug]["fields"].values()) == 0
        assert sum(stolen[slug]["papers"].values()) == 0
