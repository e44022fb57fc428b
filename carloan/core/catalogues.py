"""Translation catalogues without gettext's programs: compile them, and find what lacks Chinese.

Strings are read from the syntax tree of Python files and from Django's own reading of templates. English msgids are
the English text, so only Chinese needs a catalogue.
"""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

LOCALE = "zh_Hans"
APP_FOLDERS = ("carloan", "archives", "collections", "compliance", "release")
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
CALL = re.compile(r"\b(?:npgettext|pgettext|ngettext|gettext|_)\(")


@dataclass(frozen=True)
class Used:
    """A string for people and where it stands."""

    context: str
    msgid: str
    plural: str
    place: str


class NotLiteral(ValueError):
    """A translated string that is put together before it is looked up can never be found in a catalogue."""


def compile_catalogues(root: Path) -> list[Path]:
    """Write the .mo beside each catalogue that changed since; returns the written files."""
    written = []
    for path in catalogue_paths(root):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > path.stat().st_mtime_ns:
            continue
        catalogue = read(path)
        # A process that starts meanwhile must never read half a file, and another may compile at the same time.
        beside = target.with_suffix(f".mo.{os.getpid()}")
        with beside.open("wb") as file:
            write_mo(file, catalogue)
        beside.replace(target)
        written.append(target)
    return written


def catalogue_paths(root: Path) -> list[Path]:
    found = {path for folder in APP_FOLDERS for path in _files(root / folder, ".po")}
    return sorted(found)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, abort_invalid=True)


def missing(root: Path) -> list[str]:
    """`place: msgid` of every string for people that has no Chinese."""
    known = {(message.context or "", _first(message.id)) for message in _translated(root)}
    lines = {f"{used.place}: {used.msgid!r}" for used in strings_of(root) if (used.context, used.msgid) not in known}
    return sorted(lines)


def broken(root: Path) -> list[str]:
    """Translations that lose or invent a placeholder, are fuzzy, or contradict another app's translation."""
    problems: list[str] = []
    seen: dict[tuple[str, str], tuple[str, Path]] = {}
    for path in catalogue_paths(root):
        place = path.relative_to(root)
        for message in read(path):
            if not message.id:
                continue
            key = (message.context or "", _first(message.id))
            texts = _texts(message)
            if message.fuzzy:
                problems.append(f"{place}: {key[1]!r} is fuzzy")
            problems += [
                f"{place}: {key[1]!r} -> {text!r}: placeholders differ" for text in texts if not _fits(message, text)
            ]
            said = seen.setdefault(key, (texts[0], place))
            if said[0] != texts[0]:
                problems.append(f"{place}: {key[1]!r} is {texts[0]!r} here and {said[0]!r} in {said[1]}")
    return problems


def unused(root: Path) -> list[str]:
    """Translations of strings that stand nowhere any more."""
    used = {(each.context, each.msgid) for each in strings_of(root)}
    return [
        f"{path.relative_to(root)}: {_first(message.id)!r}"
        for path in catalogue_paths(root)
        for message in read(path)
        if message.id and (message.context or "", _first(message.id)) not in used
    ]


def strings_of(root: Path) -> Iterator[Used]:
    for folder in APP_FOLDERS:
        for path in _files(root / folder, ".py"):
            yield from of_python(path.read_text(), str(path.relative_to(root)))
    for kind in (".html", ".txt"):  # allauth says what happened by texts
        for path in _files(root / "templates", kind):
            yield from of_template(path.read_text(), str(path.relative_to(root)))


def of_python(source: str, place: str) -> Iterator[Used]:
    """Literal strings that are handed to gettext under its usual names. Raises NotLiteral for a formatted string."""
    for node in ast.walk(ast.parse(source, filename=place)):
        if isinstance(node, ast.Call):
            yield from _of_call(node, f"{place}:{node.lineno}")


def of_template(source: str, place: str) -> Iterator[Used]:
    """Strings of a template, after Django has rewritten its tags as calls of gettext."""
    rewritten = templatize(source, origin=place)
    for start in CALL.finditer(rewritten):
        line = rewritten.count("\n", 0, start.start()) + 1
        yield from _of_call(_call_at(rewritten, start.start(), place), f"{place}:{line}")


def _call_at(text: str, start: int, place: str) -> ast.Call:
    end = start
    while (end := text.find(")", end + 1)) != -1:
        try:
            expression = ast.parse(text[start : end + 1], mode="eval").body
        except SyntaxError:
            continue  # a bracket inside the string
        if isinstance(expression, ast.Call):
            return expression
    raise NotLiteral(f"{place}: cannot read {text[start : start + 60]!r}")


def _of_call(call: ast.Call, place: str) -> Iterator[Used]:
    name = (
        call.func.id
        if isinstance(call.func, ast.Name)
        else call.func.attr
        if isinstance(call.func, ast.Attribute)
        else ""
    )
    if name not in PLAIN | PLURAL | CONTEXT | CONTEXT_PLURAL or not call.args:
        return
    words = [
        argument.value
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    if any(isinstance(argument, ast.JoinedStr) for argument in call.args[:1]):
        raise NotLiteral(f"{place}: an f-string cannot be translated; use %(name)s and format afterwards")
    if name in PLAIN and words:
        yield Used("", words[0], "", place)
    elif name in PLURAL and len(words) > 1:
        yield Used("", words[0], words[1], place)
    elif name in CONTEXT and len(words) > 1:
        yield Used(words[0], words[1], "", place)
    elif name in CONTEXT_PLURAL and len(words) > 2:
        yield Used(words[0], words[1], words[2], place)


def _files(folder: Path, ending: str) -> Iterator[Path]:
    """Files below a folder; the links of the app folders are not followed, so that each is read once."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name == "__pycache__":
            continue
        if path.is_dir():
            yield from _files(path, ending)
        elif path.suffix == ending:
            yield path


def _translated(root: Path) -> Iterator[Message]:
    for path in catalogue_paths(root):
        for message in read(path):
            if message.id and not message.fuzzy and all(_texts(message)):
                yield message


def _texts(message: Message) -> list[str]:
    string: Any = message.string
    return [str(text or "") for text in (string if isinstance(string, tuple | list) else [string])] or [""]


def _first(msgid: str | Iterable[str]) -> str:
    return msgid if isinstance(msgid, str) else next(iter(msgid))


def _fits(message: Message, text: str) -> bool:
    """Chinese has one plural form: it may name all of the placeholders of either English form, and no other."""
    if not text:
        return True
    forms = [message.id] if isinstance(message.id, str) else list(message.id)
    wanted = [_placeholders(form) for form in forms]
    return _placeholders(text) in wanted or (len(wanted) > 1 and set().union(*wanted) == _placeholders(text))


def _placeholders(text: str) -> set[str]:
    return {found.group(0) for found in PLACEHOLDER.finditer(text.replace("%%", ""))}
