"""The nursery of papers: what a decoder does at its first file is done before any child is born."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from carloan.archives.recognition import guard, sandbox

# A module of its own process: what the tests loaded does not count.
LOOK = """
import json, sys
from carloan.archives.recognition import nursery, pages
nursery.make_ready()
before = set(sys.modules)
for name, data in json.loads(sys.stdin.read()).items():
    for task in pages.TASKS.values():
        list(task(bytes.fromhex(data), media=name))
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def drawn(form: str) -> bytes:
    picture, buffer = Image.new("RGB", (400, 500), "white"), io.BytesIO()
    picture.paste((40, 40, 40), (100, 100, 300, 400))
    picture.save(buffer, form)
    return buffer.getvalue()


@pytest.mark.parametrize(("form", "name"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("PDF", "application/pdf")])
def test_a_child_loads_nothing(form: str, name: str) -> None:
    root = Path(__file__).resolve().parents[2]
    given = json.dumps({name: drawn(form).hex()})
    done = subprocess.run(
        [sys.executable, "-c", LOOK], input=given, capture_output=True, text=True, cwd=root, check=True, timeout=120
    )
    assert json.loads(done.stdout) == []


def test_the_nursery_has_no_thread_that_a_child_would_wait_for() -> None:
    guard.examine(drawn("JPEG"))
    nursery = sandbox.PAPERS.nursery
    assert nursery is not None
    assert len(list(Path(f"/proc/{nursery.process.pid}/task").iterdir())) == 1
