"""The production shape stays true: every service is watched, secrets are files, the program reads what it is given."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if service["image"].startswith("carloan:"))
# Read by images that are not ours.
THEIRS = {"POSTGRES_PASSWORD_FILE", "POSTGRES_INITDB_ARGS", "CARLOAN_SITE"}
LANES = ("interactive", "recognise", "deliver", "sweep")

# Imports the settings with an environment that writes down which names were asked for.
RECORDER = """
import json, os, sys
class Recorder(dict):
    asked = set()
    def __getitem__(self, name): self.asked.add(name); return super().__getitem__(name)
    def get(self, name, default=None): self.asked.add(name); return super().get(name, default)
    def __contains__(self, name): self.asked.add(name); return super().__contains__(name)
os.environ = Recorder(os.environ)
import carloan.settings as settings
from carloan import env
from carloan.supervisor import roles
for role in roles.LOGINS:
    roles.role_password(role, settings.SECRETS)
if settings.DATABASES["default"]["USER"] == "sealer":
    env.secret("ledger_key", settings.SECRETS)
print(json.dumps({
    "asked": sorted(Recorder.asked),
    "databases": settings.DATABASES,
    "broker": settings.REDIS_URL,
    "base_url": settings.BASE_URL,
    "hosts": settings.ALLOWED_HOSTS,
}))
"""


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_has_a_health_check_or_says_why_not(name: str) -> None:
    service = SERVICES[name]
    check = service.get("healthcheck", {})
    assert check.get("test") or (check.get("disable") and service.get("x-no-healthcheck"))


def test_it_has_every_part_of_the_production_shape() -> None:
    expected = {"postgres", "keystore", "valkey", "store", "migrate", "web", "beat", "sealer", "witness", "proxy"}
    assert expected | {f"worker-{lane}" for lane in LANES} == set(SERVICES)


@pytest.mark.parametrize("lane", LANES)
def test_each_lane_has_a_worker_that_takes_only_its_work(lane: str) -> None:
    command = SERVICES[f"worker-{lane}"]["command"]
    assert command[command.index("-Q") + 1] == lane


def test_passwords_and_keys_come_from_mounted_files_only() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|_KEY|SECRET|TOKEN", variable):
                assert variable.endswith("_FILE"), f"{name}: {variable}"
                assert value.startswith("/run/secrets/"), f"{name}: {variable}"
            assert not re.search(r"://[^/@]*:[^/@]+@", str(value)), f"{name}: {variable} holds a password"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_gets_the_secrets_it_names_and_no_other(name: str) -> None:
    service = SERVICES[name]
    text = json.dumps({key: service.get(key) for key in ("environment", "command", "healthcheck")})
    assert set(re.findall(r"/run/secrets/(\w+)", text)) == set(service.get("secrets", []))
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])


def test_no_image_names_a_registry_host() -> None:
    for service in SERVICES.values():
        assert "." not in service["image"].partition("/")[0].partition(":")[0] or "/" not in service["image"]


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("postgres", "keystore", "valkey", "store"):
        assert SERVICES[name]["networks"] == ["inside"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_run_without_root_rights_on_a_read_only_disk(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert re.search(r"^USER carloan$", (ROOT / "Dockerfile").read_text(), re.M)


def test_the_witness_knows_no_database_and_no_secret() -> None:
    assert not {"environment", "secrets", "depends_on"} & set(SERVICES["witness"])
    assert SERVICES["witness"]["volumes"] == ["witness:/var/lib/witness"]
    assert [name for name, service in SERVICES.items() if "witness:" in str(service.get("volumes"))] == ["witness"]


@pytest.mark.parametrize("name", [name for name in OURS if name != "witness"])
def test_the_settings_read_every_variable_that_compose_sets(name: str, tmp_path: Path) -> None:
    secrets = {secret: tmp_path / secret for secret in COMPOSE["secrets"]}
    for secret, path in secrets.items():
        path.write_text(f"{len(secret):064x}")
    given = {
        variable: re.sub(r"\$\{(\w+):-([^}]*)\}", r"\2", str(value)).replace("/run/secrets", str(tmp_path))
        for variable, value in SERVICES[name]["environment"].items()
    }
    environment = {"PATH": os.environ["PATH"], "CARLOAN_HOME": str(tmp_path / "home"), **given}
    if name != "migrate":
        # The recorder also asks for the roles' passwords, which only the set-up job knows.
        environment |= {f"CARLOAN_DB_{role}": "x" for role in ("APP", "WORKER", "SEALER")}
    done = subprocess.run(
        [sys.executable, "-c", RECORDER], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(given) - set(found["asked"]) == set()
    password = f"{len(SERVICES[name]['environment']['DATABASE_PASSWORD_FILE'].removeprefix('/run/secrets/')):064x}"
    assert found["databases"]["default"]["PASSWORD"] == password
    assert found["databases"]["keystore"]["HOST"] == "keystore"
    assert found["base_url"].startswith("https://")
    assert not (tmp_path / "home" / "secrets").exists(), "a container made a secret of its own instead of reading ours"


def test_the_script_makes_every_secret_and_never_replaces_one(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    command = [ROOT / "script" / "secrets", folder]
    subprocess.run(command, check=True, capture_output=True)
    assert {path.name for path in folder.iterdir()} == set(COMPOSE["secrets"])
    before = {path.name: path.read_text() for path in folder.iterdir()}
    assert re.fullmatch(r"[0-9a-f]{64}", before["root_key"])
    assert (
        json.loads(before["s3_identities"])["identities"][0]["credentials"][0]["secretKey"] == before["s3_secret_key"]
    )
    assert folder.stat().st_mode & 0o077 == 0
    subprocess.run(command, check=True, capture_output=True)
    assert {path.name: path.read_text() for path in folder.iterdir()} == before


def _held_against_the_schema(path: Path) -> subprocess.CompletedProcess[str]:
    """By the schema of compose-spec.io as the package carries it: nothing is fetched, and no Docker is needed."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_file_is_what_the_compose_specification_allows(tmp_path: Path) -> None:
    done = _held_against_the_schema(ROOT / "docker-compose.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    wrong = tmp_path / "docker-compose.yml"
    services = SERVICES | {"web": SERVICES["web"] | {"restarts": "always"}}
    wrong.write_text(yaml.safe_dump(COMPOSE | {"services": services}))
    done = _held_against_the_schema(wrong)
    assert done.returncode == 1
    assert "restarts" in done.stdout


def test_what_it_names_is_there() -> None:
    """The references that no schema knows: services waited for, volumes, networks, configurations."""
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", ())) <= set(SERVICES), name
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        assert {volume.partition(":")[0] for volume in service.get("volumes", ())} <= set(COMPOSE["volumes"]), name
        assert {config["source"] for config in service.get("configs", ())} <= set(COMPOSE["configs"]), name


def test_docker_compose_accepts_the_file(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode != 0:
        pytest.skip("docker compose is not installed")
    copy = tmp_path / "docker-compose.yml"
    copy.write_text((ROOT / "docker-compose.yml").read_text())
    command = [docker, "compose", "-f", str(copy), "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
