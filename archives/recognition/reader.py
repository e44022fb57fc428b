"""Which reader decided (law 7): a short stamp of the rules, the measured table and the engines of this installation.

What the machine read and filed carries it, so that a decision can be told from one of other rules, and made again with
the same ones. It is a digest instead of a number that somebody has to remember to raise; a changed comment changes it
too.
"""

import functools
import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Final

import pytesseract

# From the root of the copy: how a page is read and judged, the measured table with it, and what proves its values;
# how a loan is found, and when a paper is filed.
RULES: Final = ("archives/recognition", "archives/policies", "archives/services/placing.py", "carloan/lib")
# What turns files into pixels and pixels into signs.
LIBRARIES: Final = (
    "rapidocr", "onnxruntime", "opencv-python-headless", "numpy", "pypdfium2", "pillow", "pillow-heif",
)  # fmt: skip
LENGTH: Final = 12
_ROOT: Final = Path(__file__).resolve().parents[2]


@functools.cache
def stamp() -> str:
    """The stamp of this process, reckoned with its first paper."""
    return stamp_of(_ROOT)


def stamp_of(root: Path) -> str:
    """The stamp of the copy whose root this is, wherever it lies, with the engines that are installed here."""
    lines = [f"{file.relative_to(root).as_posix()} {_sha256(file)}" for file in _rules(root)]
    return hashlib.sha256("\n".join([*lines, *_engines()]).encode()).hexdigest()[:LENGTH]


def _rules(root: Path) -> list[Path]:
    places = [root / name for name in RULES]
    return sorted(file for place in places for file in ([place] if place.is_file() else place.rglob("*.py")))


def _engines() -> Iterator[str]:
    for name in LIBRARIES:
        yield f"{name} {version(name)}"
    # Found without importing it: that loads the engine.
    spec = find_spec("rapidocr")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for model in sorted((Path(folder) / "models").glob("*.onnx")):
            yield f"{model.name} {_sha256(model)}"
    # The second engine is asked where it is installed.
    yield f"tesseract {pytesseract.get_tesseract_version()}" if which("tesseract") else "no tesseract"


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
