"""RapidOCR's three models, asked directly.

Its own loop spends a fifth of a page's time on nothing: it cuts out every line when only their places are asked for,
widens each line to the widest beside it and to at least 320 pixels, and reckons pixels in double precision.
"""

import functools
import itertools
import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from rapidocr import RapidOCR
from rapidocr.utils.process_img import apply_vertical_padding, map_boxes_to_original

from carloan.archives.recognition import script

Pixels = npt.NDArray[np.uint8]
Quad = npt.NDArray[np.float32]

# Measured on the specimens: 960 loses small print, 1536 costs a third more and finds nothing new.
DETECTION_SIDE: Final = 1280
RECOGNITION_BATCH: Final = 2
# What the models see of a pixel lies between -1 and 1.
_MIDDLE: Final = 127.5
_HEIGHT: Final = 48
# Reading time grows with a line's width alone, many at once or one by one. Narrower than this, short words are read
# worse than with empty room behind them.
_LEAST_WIDTH: Final = 160
# The reader looks at columns this wide.
_COLUMN: Final = 8
_BLANK: Final = 0


class Reading(NamedTuple):
    """What stands in one line, how sure the model is of it on the whole and of each of its signs.

    `places` is where each of them begins, in heights of the line. `simple`: the simplified form that may stand in the
    place of a traditional sign, with how sure the model is of that one (script.py); empty when there is none.

    A space is no sign: whether one is seen between two words says nothing of how well they were read.
    """

    text: str
    confidence: float
    signs: tuple[float, ...]
    places: tuple[float, ...] = ()
    simple: tuple[tuple[str, float] | None, ...] = ()

    def simplified(self) -> "Reading":
        """As it reads on a page in simplified script. Nobody is sure of a sign that was read as another."""
        if not self.simple:
            return self
        kept = [other or one for one, other in zip(zip(self.text, self.signs, strict=True), self.simple, strict=True)]
        return self._replace(text="".join(sign for sign, _ in kept), signs=tuple(share for _, share in kept), simple=())

    def places_along(self, line: Pixels) -> tuple[float, ...]:
        """Where the room of each sign begins, as a fraction of the length of the line that was read: in the middle
        between it and the one before, and the first one's with the line."""
        long = line.shape[1] / line.shape[0]
        middles = [min((a + b) / 2 / long, 1.0) for a, b in itertools.pairwise(self.places)]
        return (0.0, *(round(at, 4) for at in middles)) if self.places else ()

    def stripped(self) -> "Reading":
        """Without the spaces at its ends."""
        start = len(self.text) - len(self.text.lstrip())
        text = self.text.strip()
        kept = slice(start, start + len(text))
        return Reading(text, self.confidence, self.signs[kept], self.places[kept], self.simple[kept])


NOTHING: Final = Reading("", 0.0, ())


def parameters(threads: int) -> dict[str, Any]:
    """RapidOCR's settings; the benchmark's bare engine uses the same."""
    return {
        "Global.log_level": "error",
        "Global.text_score": 0.0,
        # Pages arrive bounded; shrinking them again would blur the crops that are read.
        "Global.max_side_len": 4096,
        "Det.limit_type": "max",
        "Det.limit_side_len": DETECTION_SIDE,
        "Rec.rec_batch_num": RECOGNITION_BATCH,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }


def detect(engine: RapidOCR, image: Pixels) -> list[Quad]:
    """Where the lines of a BGR picture stand, from the top down."""
    prepared, record = engine.preprocess_img(image)
    prepared, record = apply_vertical_padding(prepared, record, engine.width_height_ratio, engine.min_height)
    detector = engine._load_det_model()
    small = detector.get_preprocess().resize(prepared)
    if small is None:
        return []
    boxes, _ = detector.postprocess_op(detector.session(_tensor(small)), prepared.shape[:2])
    if len(boxes) < 1:
        return []
    boxes = map_boxes_to_original(detector.sorted_boxes(boxes), record, *image.shape[:2])
    return [np.asarray(box, dtype=np.float32) for box in boxes]


def recognise(engine: RapidOCR, line: Pixels, *, pressed: float = 1.0) -> Reading:
    """What stands on the level picture (BGR) of one line, `pressed` to this share of its width: time grows with it.

    How sure the model is of a sign is how sure it is where it sees it best; of the line, where each begins.
    """
    reader = engine._load_rec_model()
    width = max(1, math.ceil(_HEIGHT * line.shape[1] / line.shape[0] * pressed))
    room = _COLUMN * math.ceil(max(width, _LEAST_WIDTH * pressed) / _COLUMN)
    padded = np.zeros((1, 3, _HEIGHT, room), dtype=np.float32)
    padded[..., :width] = _tensor(cv2.resize(line, (width, _HEIGHT)))
    odds = reader.session(padded)[0]
    best = odds.argmax(axis=1)
    shares = odds[np.arange(len(best)), best]
    is_new = best != _BLANK
    is_new[1:] &= best[1:] != best[:-1]
    begins = np.flatnonzero(is_new)
    if not begins.size:
        return NOTHING
    signs = [reader.postprocess_op.character[place] for place in best[begins]]
    peaks = np.maximum.reduceat(np.where(best == _BLANK, 0, shares), begins)
    sure = [share for sign, share in zip(signs, shares[begins], strict=True) if not sign.isspace()]
    each = tuple(round(float(peak), 4) for sign, peak in zip(signs, peaks, strict=True) for _ in sign)
    unit = _COLUMN / (_HEIGHT * pressed)
    places = tuple(round(float(at) * unit, 2) for sign, at in zip(signs, begins, strict=True) for _ in sign)
    simple = _simple(engine, odds[begins], best[begins], signs)
    return Reading("".join(signs), float(np.mean(sure)) if sure else 0.0, each, places, simple)


def _simple(
    engine: RapidOCR, odds: npt.NDArray[np.float32], best: npt.NDArray[np.int64], signs: Sequence[str]
) -> tuple[tuple[str, float] | None, ...]:
    others = _counterparts(engine)[best]
    shares = odds[np.arange(len(best)), others]
    is_near = (others != script.NONE) & (shares >= script.SEEN_TOO * odds[np.arange(len(best)), best])
    if not is_near.any():
        return ()
    character = engine._load_rec_model().postprocess_op.character
    return tuple(
        (character[other], round(float(share), 4)) if near else None
        for sign, other, share, near in zip(signs, others, shares, is_near, strict=True)
        for _ in sign
    )


@functools.cache
def _counterparts(engine: RapidOCR) -> npt.NDArray[np.int64]:
    return script.counterparts(engine._load_rec_model().postprocess_op.character)


def _tensor(image: Pixels) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.dnn.blobFromImage(image, 1 / _MIDDLE, mean=(_MIDDLE,) * 3), dtype=np.float32)
