"""Brings a clone to the point where it can start: system packages, Python packages, Node, built assets.

Run as a file by the system's Python (`python3 carloan/supervisor/setup.py server|test`), before anything is installed:
standard library only, and nothing of this package. What has not changed since the last time is skipped by its hash.
"""

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
NOTES = VENV / ".carloan"
PYTHON = VENV / "bin" / "python"
OLDEST_NODE = (20, 19)
# Debian package -> what does not work without it.
SYSTEM = {
    "libpango-1.0-0": "letters and certificates as PDF",
    "libpangoft2-1.0-0": "letters and certificates as PDF",
    "libharfbuzz-subset0": "letters and certificates as PDF",
    "fonts-wqy-zenhei": "Chinese characters in PDF files and specimens",
    "tesseract-ocr": "the second recognition engine",
    "tesseract-ocr-chi-sim": "the second recognition engine",
}
SYSTEM_FOR_TESTS = {
    "chromium": "the browser tests",
    "libatomic1": "the driver of the browser tests",
    "pgbouncer": "the test behind a connection pooler",
    "caddy": "the test of the proxy's configuration",
}
# Everything that decides what the built assets contain: their sources, and pages that name a class or an icon.
ASSET_SOURCES = ("frontend/src", "templates", "carloan", "archives", "collections", "compliance", "release")
APT = threading.Lock()
ASSET_ENDINGS = {".html", ".py", ".js", ".css", ".ts", ".svg", ".json", ".mjs"}


class SetupError(Exception):
    """A step failed; the text is for people."""


class Progress:
    """Numbered lines for people: what runs now, and how long it took."""

    def __init__(self, title: str, total: int) -> None:
        self.title, self.total, self.number = title, total, 0
        self._dots = sys.stdout.isatty()

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        self.number += 1
        label = f"{self.title} {self.number}/{self.total}  {text}"
        began = time.monotonic()
        if self._dots:
            print(f"{label} …", end="", flush=True)
        try:
            yield
        except BaseException:
            print(f"\r{label} … failed" if self._dots else f"{label} … failed", flush=True)
            raise
        seconds = time.monotonic() - began
        print(f"\r{label} … {seconds:.1f} s" if self._dots else f"{label} … {seconds:.1f} s", flush=True)


def digest(paths: Iterable[Path], *words: str) -> str:
    """One hash over the names and contents of files, and over `words`."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def files_below(folders: Iterable[str], endings: set[str]) -> Iterator[Path]:
    """Files in `folders` of the checkout; linked app folders are read once, at their real place."""
    for folder in folders:
        for base, names, files in os.walk(ROOT / folder):
            names[:] = [name for name in names if name not in {"__pycache__", "node_modules"}]
            yield from (Path(base, name) for name in files if Path(name).suffix in endings)


class Stamps:
    """What was done with which inputs, so that it is not done again; one small file a step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def holds(self, name: str, value: str) -> bool:
        try:
            return (self.folder / name).read_text() == value
        except FileNotFoundError:
            return False

    def set(self, name: str, value: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{name}.tmp"
        draft.write_text(value)
        draft.rename(self.folder / name)


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """Run a command and return its output; a failure carries the end of it."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **(env or {})},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise SetupError(f"{command[0]} is not installed") from error
    if done.returncode != 0:
        words = " ".join(str(part) for part in command)
        raise SetupError(f"{words}\nended with {done.returncode}:\n{done.stdout.strip()[-3000:]}")
    return done.stdout


# System packages ---------------------------------------------------------------------------------------------------


def missing_packages(wanted: Iterable[str]) -> list[str]:
    if not shutil.which("dpkg-query"):
        return list(wanted)
    return [name for name in wanted if not _is_installed(name)]


def _is_installed(package: str) -> bool:
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", package], capture_output=True, text=True, check=False
    )
    return done.stdout == "installed"


def install_packages(packages: Sequence[str]) -> None:
    """apt-get as root or through sudo; raises SetupError where neither is possible."""
    if not shutil.which("apt-get"):
        raise SetupError("this machine has no apt-get")
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            raise SetupError("neither root nor sudo")
        prefix = ["sudo", "-n"]  # it was asked before, in the foreground: see ask_for_sudo
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    with APT:
        run([*apt, "update"])
        run([*apt, "install", "-y", "--no-install-recommends", *packages])


def ask_for_sudo(packages: Sequence[str]) -> None:
    """Let sudo ask its question where a person can answer it, before the lines of other steps run over it."""
    if os.geteuid() != 0 and shutil.which("sudo") and shutil.which("apt-get") and sys.stdin.isatty():
        print(f"Installing {', '.join(packages)} with apt-get needs sudo:", flush=True)
        subprocess.run(["sudo", "-v"], check=False)


class SystemPackages(threading.Thread):
    """Installs what is missing beside the other steps, which need none of it. A failure is a notice, not an end."""

    def __init__(self, wanted: Mapping[str, str]) -> None:
        super().__init__(daemon=True)
        self.wanted = wanted
        self.missing = missing_packages(wanted)
        self.problem = ""

    def run(self) -> None:
        try:
            install_packages(self.missing)
        except SetupError as error:
            self.problem = str(error)

    def report(self) -> None:
        self.missing = missing_packages(self.wanted) if self.problem else []
        if not self.missing:
            return
        print(f"Some system packages are missing ({self.problem.splitlines()[0]}). Carloan starts without:")
        for name in self.missing:
            print(f"  {name}: {self.wanted[name]}")
        print(f"Install them with: apt-get install {' '.join(self.missing)}", flush=True)


# Python packages ---------------------------------------------------------------------------------------------------


def make_environment() -> None:
    """.venv for this Python; made again when it is broken or belongs to another version."""
    probe = "import sys, pip; print(*sys.version_info[:2])"
    if PYTHON.exists():
        done = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.split() == [str(part) for part in sys.version_info[:2]]:
            return
    command: list[str | Path] = [sys.executable, "-m", "venv", "--clear", VENV]
    try:
        run(command)
    except SetupError:
        # Debian ships the module without the wheels it needs until python3-venv is there.
        install_packages([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"])
        run(command)


def install_python_packages(lock: Path) -> None:
    """Exact versions with hashes; by uv (seven times as fast), or by pip where uv cannot run or find a package."""
    make_environment()
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        if not (VENV / "bin" / "uv").exists():
            run([*pip, "--require-hashes", "-r", ROOT / "requirements-uv.lock"])
        uv: list[str | Path] = [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON]
        run([*uv, "--require-hashes", "-r", lock], env=uv_environment())
    except SetupError:
        run([*pip, "--require-hashes", "-r", lock])


def uv_environment() -> dict[str, str]:
    """uv does not read pip's settings; a mirror or a certificate that a machine sets for pip must count for both."""
    shown = run([PYTHON, "-m", "pip", "config", "list", "--disable-pip-version-check"])
    # A variable of the environment beats a file, as it does for pip.
    found = re.findall(r"^(global|install|:env:)\.([\w-]+)='(.*)'$", shown, re.M)
    settings = {name: value for _, name, value in sorted(found, key=lambda each: each[0] == ":env:")}
    patience = settings.get("default-timeout") or settings.get("timeout") or "120"
    chosen = {"UV_LINK_MODE": "copy", "UV_HTTP_TIMEOUT": patience}
    for theirs, ours in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        if value := settings.get(theirs):
            chosen[ours] = value
    return {name: value for name, value in chosen.items() if name not in os.environ}


# The front end -----------------------------------------------------------------------------------------------------


def node_path() -> str:
    """PATH on which `node` is new enough: the system's, else the one installed into .venv."""
    inside = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if _node_is_new_enough(os.environ.get("PATH", os.defpath)):
        return os.environ.get("PATH", os.defpath)
    if not _node_is_new_enough(inside):
        install_python_packages(ROOT / "requirements-node.lock")
    if not _node_is_new_enough(inside):
        raise SetupError("no Node.js 20.19 or newer: install Node.js, then start again")
    return inside


def _node_is_new_enough(path: str) -> bool:
    node = shutil.which("node", path=path)
    if not node or not shutil.which("npm", path=path):
        return False
    done = subprocess.run([node, "--version"], capture_output=True, text=True, env={"PATH": path}, check=False)
    found = re.match(r"v(\d+)\.(\d+)", done.stdout)
    return bool(found) and tuple(map(int, found.groups())) >= OLDEST_NODE  # type: ignore[union-attr]


def install_frontend_packages(path: str) -> None:
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], env={"PATH": path}, cwd=ROOT / "frontend")


def build_assets(path: str) -> None:
    run(["node", "build.mjs"], env={"PATH": path}, cwd=ROOT / "frontend")


# Translations ------------------------------------------------------------------------------------------------------


def uncompiled_catalogues() -> bool:
    """Whether a .po is newer than its .mo; the pages would show English, and the suite reads Chinese."""
    return any(
        not path.with_suffix(".mo").exists() or path.stat().st_mtime_ns >= path.with_suffix(".mo").stat().st_mtime_ns
        for path in files_below(ASSET_SOURCES, {".po"})
    )


def compile_catalogues() -> None:
    code = "from carloan.core.catalogues import compile_catalogues as act; from pathlib import Path; act(Path.cwd())"
    run([PYTHON, "-c", code])


# All of it ---------------------------------------------------------------------------------------------------------


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two copies started from one checkout share .venv and the built assets: the second waits for the first."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def is_installed(frontend: Path) -> bool:
    """Whether packages were installed to their end: npm writes this list last, a killed run leaves a folder without."""
    return (frontend / "node_modules" / ".package-lock.json").exists()


def set_up(purpose: str) -> None:
    stamps = Stamps(NOTES)
    tests = purpose == "test"
    system = SystemPackages(SYSTEM | (SYSTEM_FOR_TESTS if tests else {}))
    lock = ROOT / ("requirements-dev.lock" if tests else "requirements.lock")
    version = ".".join(map(str, sys.version_info[:2]))
    packages = digest([lock], version)
    modules = digest([ROOT / "frontend" / name for name in ("package.json", "package-lock.json")])
    assets = digest(files_below(ASSET_SOURCES, ASSET_ENDINGS), digest([ROOT / "frontend" / "build.mjs"]), modules)
    packages_due = not (stamps.holds(lock.stem, packages) and PYTHON.exists())
    modules_due = not (stamps.holds("node_modules", modules) and is_installed(ROOT / "frontend"))
    assets_due = modules_due or not (stamps.holds("assets", assets) and (ROOT / "static_build" / "dist").exists())
    words_due = uncompiled_catalogues()
    total = sum([bool(system.missing), packages_due, assets_due, modules_due, assets_due, words_due])
    if total == 0:
        return
    progress = Progress("Set-up", total)
    if system.missing:
        ask_for_sudo(system.missing)
        system.start()
    if packages_due:
        with progress.step("Python packages"):
            install_python_packages(lock)
            stamps.set(lock.stem, packages)
            if tests:
                # The development lock contains the other one.
                stamps.set("requirements", digest([ROOT / "requirements.lock"], version))
    if assets_due:
        with progress.step("Node.js"):
            path = node_path()
        if modules_due:
            with progress.step("Front-end packages"):
                install_frontend_packages(path)
                stamps.set("node_modules", modules)
        with progress.step("Styles, scripts and icons"):
            build_assets(path)
            stamps.set("assets", assets)
    if words_due:
        with progress.step("Translations"):
            compile_catalogues()
    if system.missing:
        with progress.step(f"System packages ({', '.join(system.missing)})"):
            system.join()
        system.report()


def main() -> None:
    parser = argparse.ArgumentParser(description="Set up this clone: what changed since the last time is done again.")
    parser.add_argument("purpose", nargs="?", choices=("server", "test"), default="server")
    purpose = parser.parse_args().purpose
    try:
        with one_at_a_time():
            set_up(purpose)
    except SetupError as error:
        sys.exit(f"\nSet-up stopped: {error}")
    except KeyboardInterrupt:
        sys.exit("\nSet-up interrupted; the next start goes on from here.")


if __name__ == "__main__":
    main()
