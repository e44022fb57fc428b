"""Typefaces of this split."""

from typing import Final

# Two families where an office sets its figures in a western face; as CSS reads them.
SUNG: Final = "HanaMinA"
OFFICE: Final = 'FreeSerif", "HanaMinA'
STOUT: Final = "Noto Serif CJK SC SemiBold"
KAI: Final = "LXGW WenKai Mono Light"
BOOK: Final = "Noto Serif CJK SC Medium"
FINE: Final = "Noto Serif CJK SC Light"
GOTHIC: Final = "Noto Sans CJK SC Medium"
THIN: Final = "Noto Sans CJK SC DemiLight"
MONO: Final = "Noto Sans Mono CJK SC"
DOTS: Final = 'FreeMono", "HanaMinA'
SLANT: Final = "Smiley Sans"
PEN: Final = "LXGW WenKai Light"
