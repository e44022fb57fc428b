"""Vectors that nobody on this project wrote; where they are absent a test says so and is skipped."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "data" / "vectors"


@cache
def load(name: str) -> Any:
    path = VECTORS / name
    if not path.exists():
        pytest.skip(f"no shared vectors at {path}")
    return json.loads(path.read_text(encoding="utf-8"))
