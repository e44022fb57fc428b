"""Access that ended after a backup of the main database is not given back by it: the key store is the newer one."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.test_shredded_stays import Listing
from tests.supervisor.copies import free_port
from tests.supervisor.places import open_folder


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def test_a_main_database_from_before_gives_nobody_back_what_ended(place: Path) -> None:
    copy = Listing(place / "home", free_port())
    before, later, keys = (str(place / name) for name in ("before", "later", "keys"))
    copy.start()
    try:
        copy.wait_until_healthy()
        filled = copy.run("manage", "shell", "-v", "0", "-c", "from tests.operations.book import fill; fill()")
        assert filled.returncode == 0, filled.stderr
        assert copy.run("backup", before, keys).returncode == 0
        assert copy.asked("access()") == {"huaxin": [True] * 3, "dongfang": [True] * 3}
        assert copy.asked("end_access()") == {"huaxin": [False] * 3, "dongfang": [False] * 3}
        assert copy.run("backup", later, keys).returncode == 0
    finally:
        copy.end(signal.SIGTERM)
    root_key = (copy.home / "secrets" / "root_key").read_text()
    shutil.rmtree(copy.home)
    (copy.home / "secrets").mkdir(parents=True)
    (copy.home / "secrets" / "root_key").write_text(root_key)
    done = copy.run("restore", before, keys)
    assert done.returncode == 0, done.stdout + done.stderr
    copy.start()
    try:
        copy.wait_until_healthy()
        assert copy.asked("access()") == {"huaxin": [False] * 3, "dongfang": [False] * 3}
    finally:
        copy.end(signal.SIGTERM)
