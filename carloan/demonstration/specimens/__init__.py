"""Lifelike papers of invented people and vehicles, every one marked SPECIMEN / 样本.

`render(facts, layout=…)` draws a page and knows the truth on it: each field's value and where it stands.
`photo(specimen, random)` is the same paper as a phone would see it.
"""

from carloan.demonstration.specimens.drawing import LAYOUTS, render
from carloan.demonstration.specimens.photo import photo
from carloan.demonstration.specimens.sheet import Box, PrintedLine, Specimen, Truth
from carloan.lib.fonts import FontMissing

__all__ = ["LAYOUTS", "Box", "FontMissing", "PrintedLine", "Specimen", "Truth", "photo", "render"]
