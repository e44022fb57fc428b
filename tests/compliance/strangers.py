"""What a stranger does with what was handed over: reads the zip, runs the program that lies in it."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path


def files_of(data: bytes) -> dict[str, bytes]:
    """The files of a zip, in its order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files; given as pairs, two may have one name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, data in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(name, data)
    return made.getvalue()


def as_a_stranger(
    folder: Path, *command: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A program in the folder with its arguments, with Python alone: no package, no setting, nothing of this house."""
    return subprocess.run(
        [sys.executable, "-I", "-S", *command], cwd=folder, env={"PATH": os.environ["PATH"], **(environment or {})},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
