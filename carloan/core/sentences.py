"""Sentences with figures in them, kept in English and told in the language of whoever reads them."""

import json
from typing import Any

from django.utils.translation import gettext, override

# No sentence of ours holds it.
BETWEEN = "\x1f"


class Sentence:
    """A sentence whose `%(name)s` are filled in when it is told; `text` is marked for translation in its module."""

    def __init__(self, text: Any, **figures: int | str) -> None:
        self.text, self.figures = text, figures

    def __str__(self) -> str:
        return str(self.text) % self.figures

    def __repr__(self) -> str:
        return f"Sentence({self})"


def kept(sentence: Any) -> str:
    """One line that `told` reads back in any language."""
    with override(None):
        if isinstance(sentence, Sentence):
            return f"{sentence.text}{BETWEEN}{json.dumps(sentence.figures)}"
        return str(sentence)


def told(line: str) -> str:
    """A line that `kept` wrote, in the reader's language."""
    text, between, figures = line.partition(BETWEEN)
    return gettext(text) % json.loads(figures) if between else gettext(text)
