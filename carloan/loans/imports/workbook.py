"""Opening an XLSX package that nobody can trust: what openpyxl reads whole is measured before it reads it.

Its sheets come row by row and are bounded by whoever reads them; the rest of the package is taken into memory before
the first row. Names, formats and shared texts of a few hundred kilobytes zipped can be millions.
"""

import zipfile
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from openpyxl.packaging.manifest import Manifest
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import (
    ARC_CONTENT_TYPES,
    ARC_CORE,
    ARC_CUSTOM,
    ARC_STYLE,
    ARC_THEME,
    ARC_WORKBOOK,
    SHARED_STRINGS,
    SHEET_MAIN_NS,
    XLSM,
    XLSX,
    XLTM,
    XLTX,
)
from openpyxl.xml.functions import fromstring

from carloan.lib.nursery import Unreadable

# A worksheet of a million rows unpacks to about a gigabyte; what promises more is a bomb.
MOST_UNPACKED = 1_500_000_000
MOST_RATIO = 250
MOST_PARTS = 10_000
# 300,000 loans with ten columns of texts of their own (contract, name, ID, telephone, address, VIN ...) are three
# million shared texts of about forty bytes of XML each. `MARKS` are beginnings and ends of elements: a text has four.
MOST_STRING_BYTES = 150_000_000
MOST_STRING_MARKS = 13_000_000
# Names, formats and the list of parts: workbooks grown over many years have up to 65,000 of a kind.
MOST_BYTES = 16_000_000
MOST_MARKS = 150_000
BLOCK = 1 << 20
STRINGS_BLOCK = 1 << 16
# The format forbids document types; only whoever wants one word to unfold to a million writes one.
DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
XML_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]

_WORKBOOKS = (XLSX, XLSM, XLTX, XLTM)
_READ_WHOLE = (ARC_WORKBOOK, ARC_STYLE, ARC_THEME, ARC_CORE, ARC_CUSTOM)
_STRING, _TEXT, _PHONETIC = (f"{SHEET_MAIN_NS} {name}" for name in ("si", "t", "rPh"))
_DAMAGE = (
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    SyntaxError,
    OSError,
    AttributeError,
    NotImplementedError,
    EOFError,
    expat.ExpatError,
)


def check_package(file: IO[bytes]) -> None:
    """Raise Unreadable for what is no workbook, or holds more than an honest one. Costs a pass over the bytes of the
    parts that are read whole."""
    try:
        with zipfile.ZipFile(file) as archive:
            _check(archive)
    except (*_DAMAGE, zipfile.LargeZipFile) as error:
        raise _damaged(error) from error


def _check(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    names = {member.filename for member in members}
    if ARC_WORKBOOK not in names:
        raise Unreadable("no_table")
    too_dense = unpacked > 10_000_000 and unpacked // packed > MOST_RATIO
    if unpacked > MOST_UNPACKED or too_dense or len(members) > MOST_PARTS:
        raise Unreadable("bomb")
    _measure(archive, ARC_CONTENT_TYPES, MOST_BYTES, MOST_MARKS)
    kinds = _kinds(archive)
    # A package calls its parts what it likes: what a part is stands in the list of contents.
    whole = {name for name in names if name in _READ_WHOLE or name.endswith(".rels")}
    whole |= {name for kind, name in kinds if kind in _WORKBOOKS and name in names}
    for name in whole:
        _measure(archive, name, MOST_BYTES, MOST_MARKS)
    for name in {name for kind, name in kinds if kind == SHARED_STRINGS and name in names}:
        _measure(archive, name, MOST_STRING_BYTES, MOST_STRING_MARKS)


def _kinds(archive: zipfile.ZipFile) -> set[tuple[str, str]]:
    """Of each part that the list of contents names: its kind, and its name in the archive."""
    contents: Any = fromstring(archive.read(ARC_CONTENT_TYPES))
    manifest: Any = Manifest.from_tree(contents)
    return {(one.ContentType, one.PartName[1:]) for one in manifest.Override}


def _measure(archive: zipfile.ZipFile, name: str, most_bytes: int, most_marks: int) -> None:
    if archive.getinfo(name).file_size > most_bytes:
        raise Unreadable("overfull")
    marks, before = 0, b""
    with archive.open(name) as part:
        while block := part.read(BLOCK):
            # An element that is empty has one "<" and costs as much as one with two. In UTF-16 signs are two bytes.
            marks += block.count(b"<") + block.count(b"/>") + block.count(b"/\0>")
            if marks > most_marks:
                raise Unreadable("overfull")
            # It may stand across the edge of two blocks.
            if any(doctype in before + block for doctype in DOCTYPES):
                raise Unreadable("damaged")
            before = block[-20:]


class _Sheet(ReadOnlyWorksheet):
    def _get_size(self) -> None:
        """Nobody believes what a sheet says of its size; where it says nothing, openpyxl reads all of it to know."""


class _Reader(ExcelReader):
    """openpyxl's reader without what rows of loans have no use for."""

    def read_strings(self) -> None:
        """The texts are read when a cell refers to them."""
        package: Any = self.package
        if (part := package.find(SHARED_STRINGS)) is not None:
            self.shared_strings: Any = SharedStrings(self.archive.open(part.PartName[1:]))

    def read_worksheets(self) -> None:
        """Without charts, which hold no rows and would be read whole."""
        parser: Any = self.parser
        book: Any = self.wb
        for sheet, relation in parser.find_sheets():
            if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                found: Any = _Sheet(book, sheet.name, relation.target, self.shared_strings)
                found.sheet_state = sheet.state
                book._sheets.append(found)


class SharedStrings:
    """The texts that cells refer to by their place, without the phonetic hints; read as far as somebody has asked.

    Writers number texts as they come, so that the first rows need only the first texts. openpyxl would read all of them
    beforehand, and takes five times as long for each. Raises IndexError where there is none.
    """

    def __init__(self, source: IO[bytes]) -> None:
        self._source: IO[bytes] | None = source
        self._strings: list[str] = []
        self._pieces: list[str] = []
        self._hints = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def __getitem__(self, place: int) -> str:
        while place >= len(self._strings) and self._source is not None:
            block = self._source.read(STRINGS_BLOCK)
            self._parser.Parse(block, not block)
            if not block:
                self._source.close()
                self._source = None
        return self._strings[place]

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == _TEXT:
            self._parser.CharacterDataHandler = None if self._hints else self._pieces.append
        elif name == _PHONETIC:
            self._hints += 1

    def _end(self, name: str) -> None:
        if name == _TEXT:
            self._parser.CharacterDataHandler = None
        elif name == _STRING:
            self._strings.append("".join(self._pieces).replace("x005F_", ""))
            self._pieces.clear()
        elif name == _PHONETIC:
            self._hints -= 1


class Workbook:
    """A workbook read row by row. Whatever a damaged one makes the reader raise is a refusal."""

    def __init__(self, file: IO[bytes]) -> None:
        file.seek(0)
        try:
            reader = _Reader(file, read_only=True, data_only=False, keep_links=False)
            reader.read()
            self.book = reader.wb
        except _DAMAGE as error:
            raise _damaged(error) from error

    def __enter__(self) -> Any:
        return self.book

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self.book.close()
        if isinstance(error, zipfile.BadZipFile | SyntaxError | ValueError | LookupError | EOFError | expat.ExpatError):
            raise _damaged(error) from error


def _damaged(error: BaseException) -> Exception:
    """What to raise for an error of a reader: expat tells a lack of memory as a fault of the XML."""
    no_memory = isinstance(error, ParseError | expat.ExpatError) and error.code == XML_NO_MEMORY
    return MemoryError() if no_memory else Unreadable("damaged")
