"""What a person typed into the text search: words, all of which must stand on a paper, and words that must not.

Spaces mean AND, `-word` or NOT excludes, OR and parentheses group, quotation marks keep a phrase together. The
operators are written in capitals and also count between Han characters (抵押登记NOT张三), where nobody types spaces.
A number with dashes inside (粤B-12345, 6222-0000) is also found where the paper writes it without them, or with dots.
Anything that makes no sense as an expression is searched for as plain words: a search box knows no syntax errors.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from carloan.archives.policies.grams import normal
from carloan.core.listing import MOST_SEARCHED

# Parentheses and exclusions of one query: what nests deeper is no expression that anybody meant.
MOST_NESTED: Final = 60
_OPERATOR: Final = re.compile(r"(?<![A-Za-z0-9])(AND|OR|NOT)(?![A-Za-z0-9])")
_DASH: Final = re.compile("[-·\u2010-\u2015\u2212]")
_QUOTES: Final = {'"': '"', "“": "”", "「": "」"}


@dataclass(frozen=True, slots=True)
class Word:
    """A substring to look for, in the form in which text is compared."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    part: "Query"


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Query", ...]


Query = Word | Not | All | AnyOf


def parse(text: str) -> Query | None:
    """The query a text means, or None when it names nothing to find (empty, or only what to leave out)."""
    tokens = _tokens(unicodedata.normalize("NFKC", text[:MOST_SEARCHED])[:MOST_SEARCHED])
    try:
        query = _Parser(tokens).whole()
    except _Senseless:
        query = _plain(tokens)
    return query if query is not None and not holds(query, lambda word: False) else None


def words(query: Query, *, wanted: bool = True) -> list[str]:
    """The words that a hit has (`wanted`) or must not have, each once, in the order they were typed."""
    found = dict.fromkeys(_words(query, positive=True) if wanted else _words(query, positive=False))
    return list(found)


def holds(query: Query, contains: Callable[[str], bool]) -> bool:
    """Whether a text satisfies the query; `contains` says of one word whether the text has it."""
    match query:
        case Word(text):
            return contains(text)
        case Not(part):
            return not holds(part, contains)
        case All(parts):
            return all(holds(part, contains) for part in parts)
        case AnyOf(parts):
            return any(holds(part, contains) for part in parts)


def _words(query: Query, *, positive: bool) -> list[str]:
    match query:
        case Word(text):
            return [text] if positive else []
        case Not(part):
            return _words(part, positive=not positive)
        case All(parts) | AnyOf(parts):
            return [word for part in parts for word in _words(part, positive=positive)]


@dataclass(frozen=True, slots=True)
class _Token:
    """`kind`: word, not, and, or, ( or )."""

    kind: str
    text: str = ""


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in "()":
            found.append(_Token(char))
            at += 1
        elif char == "-" and at + 1 < len(text) and not text[at + 1].isspace():
            found.append(_Token("not"))
            at += 1
        elif (close := _QUOTES.get(char)) and (end := text.find(close, at + 1)) > 0:
            found.append(_Token("word", text[at + 1 : end]))
            at = end + 1
        elif operator := _OPERATOR.match(text, at):
            found.append(_Token(operator.group().lower()))
            at = operator.end()
        else:
            end = _end_of_word(text, at)
            found.append(_Token("word", text[at:end]))
            at = end
    return [token for token in found if token.kind != "word" or normal(token.text)]


def _end_of_word(text: str, start: int) -> int:
    """A parenthesis inside a word belongs to it: 电子发票(普通发票) is one word."""
    opened = 0
    for at in range(start, len(text)):
        char = text[at]
        if char.isspace() or (at > start and _OPERATOR.match(text, at)):
            return at
        if char == "(":
            opened += 1
        elif char == ")":
            if not opened:
                return max(at, start + 1)
            opened -= 1
    return len(text)


def _plain(tokens: list[_Token]) -> Query | None:
    named = [token.text or token.kind for token in tokens if token.kind not in ("(", ")")]
    parts = tuple(_word(text) for text in named)
    return All(parts) if parts else None


def _word(text: str) -> Query:
    """What a token stands for. With another dash, a dot or nothing in its place it is the same number to people."""
    whole = normal(text)
    parts = _DASH.split(whole)
    if len(parts) == 1 or not all(parts) or not any(character.isdigit() for character in whole):
        return Word(whole)
    return AnyOf(tuple(Word(one) for one in dict.fromkeys((whole, *(sign.join(parts) for sign in ("-", "·", ""))))))


class _Senseless(Exception):
    """The operators do not fit together."""


class _Parser:
    """or := and (OR and)*; and := not (AND? not)*; not := (NOT | -) not | ( or ) | word."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def whole(self) -> Query | None:
        if not self._tokens:
            return None
        if sum(token.kind in ("(", "not") for token in self._tokens) > MOST_NESTED:
            raise _Senseless
        query = self._or()
        if self._at < len(self._tokens):
            raise _Senseless
        return query

    def _next(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else ""

    def _or(self) -> Query:
        parts = [self._and()]
        while self._next() == "or":
            self._at += 1
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _and(self) -> Query:
        parts = [self._not()]
        while self._next() not in ("", "or", ")"):
            if self._next() == "and":
                self._at += 1
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _not(self) -> Query:
        kind = self._next()
        self._at += 1
        if kind == "not":
            return Not(self._not())
        if kind == "(":
            query = self._or()
            # A parenthesis that was never closed ends with the text.
            if self._next() == ")":
                self._at += 1
            return query
        if kind == "word":
            return _word(self._tokens[self._at - 1].text)
        raise _Senseless
