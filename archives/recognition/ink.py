"""The darkest ink of a line without what lies over or under it: seals, watermarks, shadows, blurred edges.

Toner and pens are dark in every colour. A red seal is light in the red of a picture, a blue one in the blue; a grey
copy of either, a watermark and a veil of light lie between paper and ink.
"""

from typing import Final

import cv2
import numpy as np

from carloan.archives.recognition.engine import Pixels

# Levels of ink and of paper among the pixels of a line.
_INK, _PAPER = 3, 88
# Of the way from ink to paper: what is darker is drawn as ink, what is lighter as paper, the rest stretched between.
_DARKEST, _LIGHTEST = 0.15, 0.7
# What is neither, in lines of this height: edges of clean print are thinner than a stroke of something else.
_MIDDLE: Final = (0.25, 0.85)
_HALF: Final = 0.5
_HEIGHT, _STROKE = 48, 3
# So much of a line is such strokes where something lies over it, or where it is blurred.
MURKY: Final = 0.004


def alone(line: Pixels) -> Pixels:
    """The line in shades of grey, with its ink alone."""
    grey = line.max(axis=2).astype(np.float32)
    ink, paper = np.percentile(grey, (_INK, _PAPER))
    share = (grey - ink) / max(float(paper - ink), 1.0)
    stretched = np.clip((share - _DARKEST) / (_LIGHTEST - _DARKEST), 0.0, 1.0) * 255
    return np.asarray(cv2.cvtColor(stretched.astype(np.uint8), cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def is_murky(line: Pixels) -> bool:
    """Whether there are strokes on a line that are neither paper nor ink."""
    wide = max(1, round(line.shape[1] * _HEIGHT / line.shape[0]))
    grey = cv2.cvtColor(cv2.resize(line, (wide, _HEIGHT), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    ink, paper = np.percentile(grey, (_INK, _PAPER))
    share = (grey.astype(np.float32) - ink) / max(float(paper - ink), 1.0)
    if np.median(share) < _HALF:
        # Light print on a dark ground has no darkest ink.
        return False
    between = ((share >= _MIDDLE[0]) & (share < _MIDDLE[1])).astype(np.uint8)
    strokes = cv2.morphologyEx(between, cv2.MORPH_OPEN, np.ones((_STROKE, _STROKE), np.uint8))
    return float(strokes.mean()) > MURKY
