"""Every file of the shared data goes the whole way and ends as `outcomes.json` says: accepted and as what, or why not.

How the outcomes of the hostile PDFs were judged stands in `outcomes.md`.

Each file has its own time and memory. Many of qpdf's files are the same thirty pages packed differently; a picture that
was read is not read again.
"""

import json
import os
import re
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import django
import pytest

from tests.archives import reader

pytestmark = pytest.mark.ocr

FOLDERS = ("documents", "formats", "hostile", "barcodes")
EXPECTED: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "outcomes.json").read_text())
JUDGED = Path(__file__).parent / "outcomes.md"
PDFS = "hostile/pdf/"
# Of the processor: for the file, and for each of its pages (a dense page takes two to three).
FILE_SECONDS, PAGE_SECONDS = 10, 8
MEMORY_MEGABYTES = 900


@pytest.fixture(scope="module")
def endings(
    request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[reader.Ending]]]:
    """What will have become of each file that is asked for; a process for each processor of this lane reads them."""
    pictures = tmp_path_factory.mktemp("pictures")
    tests = [item for item in request.session.items if isinstance(item, pytest.Function)]
    asked = [str(test.callspec.params["name"]) for test in tests if "endings" in test.fixturenames]
    lanes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    readers = max(1, (os.cpu_count() or 1) // lanes)
    with ProcessPoolExecutor(readers, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        yield {name: pool.submit(reader.read, shared_data / name, pictures) for name in asked}
        pool.shutdown(cancel_futures=True)


def test_every_file_of_the_shared_data_has_its_outcome_written_down(shared_data: Path) -> None:
    there = {
        path.relative_to(shared_data).as_posix()
        for folder in FOLDERS
        for path in (shared_data / folder).rglob("*")
        if path.is_file()
    }
    assert there == set(EXPECTED)


def test_every_hostile_pdf_stands_in_one_group_of_those_that_were_judged() -> None:
    lists = [line for line in JUDGED.read_text().splitlines() if line.startswith("`")]
    judged = [name for line in lists for name in re.findall("`([^`]+)`", line)]
    assert sorted(judged) == sorted(name.removeprefix(PDFS) for name in EXPECTED if name.startswith(PDFS))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_ends_as_it_is_expected_to(endings: dict[str, Future[reader.Ending]], name: str) -> None:
    ending = endings[name].result()
    assert ending.outcome == EXPECTED[name]
    pages = EXPECTED[name].get("pages") or 0
    assert ending.seconds < FILE_SECONDS + pages * PAGE_SECONDS
    assert ending.megabytes < MEMORY_MEGABYTES
