"""The whole copy as one process: it starts, mends, refuses a second instance and leaves nothing behind."""

import os
import signal
import socket
from collections.abc import Iterator

import pytest

from carloan.supervisor.process import wait_until
from tests.supervisor.copies import Copy, free_port
from tests.supervisor.places import open_folder, processes_of

LANES = ("interactive", "recognise", "deliver", "sweep")
PARTS = {
    "database",
    "keystore",
    "broker",
    "beat",
    "sealer",
    "witness",
    "storage",
    "destroyed",
    *(f"worker-{lane}" for lane in LANES),
}


@pytest.fixture(scope="module")
def copies() -> Iterator[tuple[Copy, Copy]]:
    """Two copies, started at the same time and both healthy."""
    with open_folder() as place:
        first = Copy(place / "first", free_port())
        second = Copy(place / "second", free_port(first.port))
        try:
            first.start()
            second.start()
            first.wait_until_healthy()
            second.wait_until_healthy()
            yield first, second
        finally:
            for copy in (first, second):
                if copy.supervisor and copy.supervisor.poll() is None:
                    copy.end(signal.SIGTERM)


@pytest.fixture
def copy(copies: tuple[Copy, Copy]) -> Copy:
    return copies[0]


def test_two_copies_run_side_by_side_and_every_part_answers(copies: tuple[Copy, Copy]) -> None:
    for copy in copies:
        status, body = copy.health()
        assert status == 200
        assert set(body["components"]) == PARTS
        assert set(body["components"].values()) == {"ok"}


def test_a_second_instance_on_the_same_home_is_refused(copy: Copy) -> None:
    done = copy.run("server", "--once")
    assert done.returncode == 1
    assert f"Carloan in {copy.home} is already running" in done.stderr
    assert copy.health()[0] == 200


def test_a_taken_port_is_named_with_a_way_out(copies: tuple[Copy, Copy]) -> None:
    first, _ = copies
    done = Copy(first.home.parent / "third", first.port).run("server", "--once")
    assert done.returncode == 1
    assert f"port {first.port} is taken" in done.stderr
    assert f"PORT={first.port + 1}" in done.stderr


def test_commands_use_the_services_that_run(copy: Copy) -> None:
    done = copy.run("manage", "lint_catalog")
    assert (done.returncode, done.stdout.strip()) == (0, "Tenant fences: whole.")


def test_no_password_is_on_a_command_line(copy: Copy) -> None:
    secrets = [path.read_text() for path in (copy.home / "secrets").iterdir()]
    assert len(secrets) > 5
    for command in processes_of(copy.home).values():
        assert not any(secret in command for secret in secrets)


@pytest.mark.parametrize(
    "part", ["state/data -k", "valkey-server", "gunicorn", "-n recognise@", "beat", "carloan.sealer", "carloan_witness"]
)
def test_what_is_killed_hard_comes_back(copy: Copy, part: str) -> None:
    before = copy.pid_of(part)
    os.kill(before, signal.SIGKILL)
    assert wait_until(
        lambda: any(part in command for pid, command in processes_of(copy.home).items() if pid != before), seconds=20
    )
    copy.wait_until_healthy()


def test_a_part_that_does_not_answer_is_named_and_nothing_else_is_told(copy: Copy) -> None:
    server = copy.pid_of("keystore/state/data -k")
    family = [pid for pid, command in processes_of(copy.home).items() if pid == server or "keystore" in command]
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        # What was seen a moment ago still counts for a moment.
        assert wait_until(lambda: copy.health()[0] != 200, seconds=20)
        status, body = copy.health()
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)
    assert status == 503
    assert body["status"] == "failing"
    assert body["components"]["keystore"] == "no answer in time"
    assert body["components"]["database"] == "ok"
    copy.wait_until_healthy()


def test_terminating_the_supervisor_ends_every_child(copies: tuple[Copy, Copy]) -> None:
    _, second = copies
    assert second.end(signal.SIGTERM) == 0
    assert processes_of(second.home) == {}
    assert not port_is_open(second.port)


def test_killing_the_supervisor_hard_leaves_no_child_and_the_next_start_mends_the_rest(copy: Copy) -> None:
    assert copy.end(signal.SIGKILL) == -signal.SIGKILL
    assert copy.is_gone(), processes_of(copy.home)
    done = copy.run("server", "--once")
    assert done.returncode == 0, done.stderr
    assert "Healthy after" in done.stdout
    assert processes_of(copy.home) == {}


def port_is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
