"""Specimens with known truth, drawn by the demonstration's renderer, for tests of the whole way."""

import io
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from carloan.demonstration import papers, samples
from carloan.demonstration.specimens import Specimen, photo, render

TODAY = date(2026, 11, 22)


def deal(seed: int = 1) -> papers.Deal:
    return samples.deal(Random(seed), as_of=TODAY)


def drawn(
    facts: Any, *, layout: int = 0, photographed: bool = False, seed: int = 1, **changed: Any
) -> tuple[Specimen, bytes]:
    """The specimen and its file; `changed` plants a fault."""
    specimen = render(replace(facts, **changed), layout=layout)
    if photographed:
        specimen = photo(specimen, Random(seed))
    buffer = io.BytesIO()
    specimen.image.save(buffer, "JPEG" if photographed else "PNG", quality=88)
    return specimen, buffer.getvalue()
