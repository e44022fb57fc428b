"""A run of the whole suite keeps what each test said; a part of it does not pass for the whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SUITE = """
import pytest

@pytest.mark.parametrize("number", [1, 2])
def test_of_two(number):
    assert number == 1

def test_well():
    pass

@pytest.mark.skip
def test_left_out():
    pass
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = suite\n")
    (folder / "suite").mkdir(exist_ok=True)
    (folder / "suite" / "test_it.py").write_text(SUITE)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.results", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "carloan.settings"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_whole_run_is_kept(tmp_path: Path) -> None:
    place = tmp_path / "results.json"
    run(tmp_path, "--results", str(place))
    assert json.loads(place.read_text())["tests"] == {
        "suite/test_it.py::test_left_out": "skipped",
        "suite/test_it.py::test_of_two": "failed",
        "suite/test_it.py::test_well": "passed",
    }


@pytest.mark.parametrize("part", [["suite/test_it.py"], ["-k", "well"], ["-m", "x"]])
def test_a_part_is_refused(tmp_path: Path, part: list[str]) -> None:
    place = tmp_path / "results.json"
    ended = run(tmp_path, "--results", str(place), *part)
    assert "for the whole suite" in ended.stderr
    assert not place.exists()
