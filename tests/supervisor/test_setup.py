"""Set-up: standard library only, does nothing twice, and says what it cannot do."""

import ast
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from carloan.supervisor import setup
from tests.supervisor.places import ROOT


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_it_runs_before_anything_is_installed() -> None:
    tree = ast.parse((ROOT / "carloan" / "supervisor" / "setup.py").read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_a_step_is_done_again_only_when_its_inputs_changed(tmp_path: Path) -> None:
    stamps = setup.Stamps(tmp_path / "stamps")
    before = setup.digest([ROOT / "pyproject.toml"], "3.11")
    assert not stamps.holds("step", before)
    stamps.set("step", before)
    assert stamps.holds("step", before)
    assert not stamps.holds("step", setup.digest([ROOT / "pyproject.toml"], "3.12"))


def test_packages_that_a_killed_run_left_half_are_installed_again(tmp_path: Path) -> None:
    modules = tmp_path / "node_modules"
    modules.mkdir()
    assert not setup.is_installed(tmp_path)
    (modules / ".package-lock.json").write_text("{}")
    assert setup.is_installed(tmp_path)


def test_linked_apps_are_read_once() -> None:
    paths = list(setup.files_below(("carloan", "compliance"), {".py"}))
    assert len({path.resolve() for path in paths}) == len(paths)


@pytest.mark.parametrize(
    ("version", "enough"), [("v18.20.4", False), ("v20.18.1", False), ("v20.19.0", True), ("v24.1.0", True)]
)
def test_it_takes_a_node_that_is_new_enough(version: str, enough: bool, tmp_path: Path) -> None:
    program(tmp_path, "node", f"echo {version}")
    program(tmp_path, "npm", "exit 0")
    assert setup._node_is_new_enough(str(tmp_path)) is enough


def test_a_failing_command_is_told_with_its_last_words() -> None:
    with pytest.raises(setup.SetupError, match=r"ended with 3:\nno room left"):
        setup.run(["sh", "-c", "echo no room left; exit 3"])


def test_a_mirror_that_is_set_for_pip_counts_for_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("PIP_CERT", "/etc/own.pem")
    monkeypatch.setattr(setup, "PYTHON", Path(sys.executable))
    chosen = setup.uv_environment()
    assert chosen["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert chosen["SSL_CERT_FILE"] == "/etc/own.pem"


def test_without_apt_it_goes_on_and_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path, "dpkg-query", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + "/nonexistent")
    system = setup.SystemPackages({"libpango-1.0-0": "letters as PDF"})
    system.run()
    system.report()
    told = capsys.readouterr().out
    assert "this machine has no apt-get" in told
    assert "libpango-1.0-0: letters as PDF" in told
    assert "apt-get install libpango-1.0-0" in told


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "script").iterdir() if path.name != "common.sh"))
def test_every_command_is_executable_and_valid_shell(name: str) -> None:
    path = ROOT / "script" / name
    assert os.access(path, os.X_OK)
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_lock_files_pin_hashes_and_name_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    for line in text.splitlines():
        if line and not line.startswith((" ", "#")):
            assert "==" in line, line
    assert text.count("--hash=sha256:") >= text.count("==")


def test_the_front_ends_lock_pins_hashes_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    packages = {path: package for path, package in lock["packages"].items() if path}
    assert len(packages) > 20
    for path, package in packages.items():
        assert "resolved" not in package, path
        assert package["integrity"].startswith("sha512-"), path


def test_locking_again_changes_no_lock_file(tmp_path: Path) -> None:
    """The npm step of script/lock, which needs no network when every version is named already."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / "frontend" / name, tmp_path)
    command = ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", "--offline"]
    assert shlex.join(command[:-1]) in (ROOT / "script" / "lock").read_text()
    environment = {**os.environ, "PATH": setup.node_path(), "npm_config_cache": str(tmp_path / "cache")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "package-lock.json").read_text() == (ROOT / "frontend" / "package-lock.json").read_text()
