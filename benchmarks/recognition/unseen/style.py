"""Typefaces of this split. Two families where an office sets its figures in a western face; as CSS reads them."""

from typing import Final

SONG: Final = 'Tinos", "FandolSong'
SONG_ALONE: Final = "FandolSong"
HEI: Final = 'Arimo", "FandolHei'
HEI_ALONE: Final = "FandolHei"
FANG: Final = 'Tinos", "FandolFang R'
FANG_ALONE: Final = "FandolFang R"
KAI: Final = "FandolKai"
KAI_OFFICE: Final = 'Cousine", "FandolKai'
SLIM: Final = 'Carlito", "Noto Sans CJK SC Light'
FAINT: Final = "Noto Serif CJK SC ExtraLight"
DOTS: Final = "Unifont"
TYPED: Final = 'Cousine", "FandolSong'
CARD: Final = "OCR B"
PEN: Final = "FandolKai"
