"""OFD files (GB/T 33190): a zip of XML that says where each character stands. Runs only in the sandbox's child.

The XML is read without entities, document types or anything outside the file; every count has a limit.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from carloan.lib.nursery import Unreadable

MOST_ENTRIES: Final = 2_000
MOST_BYTES: Final = 128 << 20
LARGEST_XML: Final = 24 << 20
MOST_ELEMENTS: Final = 400_000
DEEPEST: Final = 60
MOST_PAGES: Final = 1_000
# What GM/T 0099 puts beside the parts it has enciphered.
_CIPHER: Final = ("encryptions.xml", "decryptseed.dat", "entriesmap.dat")
PROGRAMS: Final = (
    ".exe", ".dll", ".bat", ".cmd", ".com", ".js", ".jse", ".vbs", ".ps1", ".scr", ".msi", ".jar", ".lnk",
)  # fmt: skip
A4: Final = (0.0, 0.0, 210.0, 297.0)

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: its box in millimetres and its parts from the bottom up, each with the folder its names start from."""

    box: Rectangle
    parts: tuple[tuple[Element, str], ...]


@dataclass(slots=True)
class Resources:
    """What objects refer to by number: pictures by the name of their file, ready drawings, colours of lines."""

    images: dict[str, str] = field(default_factory=dict)
    units: dict[str, Element] = field(default_factory=dict)
    params: dict[str, Element] = field(default_factory=dict)


class Package:
    """The files of one OFD by name. Raises `Unreadable` for what is damaged, locked or beyond the limits."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
            raise Unreadable("damaged") from error
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise Unreadable("too_heavy")
        self._names = {posixpath.normpath(entry.filename).lstrip("/").lower(): entry for entry in entries}
        if any(entry.flag_bits & 1 for entry in entries) or any(name.endswith(_CIPHER) for name in self._names):
            raise Unreadable("encrypted")
        for name in self._names:
            if name.endswith(PROGRAMS):
                raise Unreadable("active_content", what=name[-80:])

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def read(self, name: str, *, most: int = MOST_BYTES) -> bytes | None:
        """The bytes of a part, None when it is missing or cannot be unpacked."""
        entry = self._names.get(name.lower())
        if entry is None:
            return None
        try:
            with self._zip.open(entry) as file:
                content = file.read(most + 1)
        except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
            return None
        if len(content) > most:
            raise Unreadable("too_heavy")
        return content

    def tree(self, name: str) -> Element | None:
        content = self.read(name, most=LARGEST_XML)
        return None if content is None else parse(content)


def parse(content: bytes) -> Element:
    """The elements of an XML text by their local names. No document type is accepted, so there are no entities."""
    builder, depth, count = TreeBuilder(), 0, 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise Unreadable("too_heavy")
        builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(name))

    def refuse(*_: object) -> None:
        raise Unreadable("damaged")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
        return builder.close()
    except (expat.ExpatError, AssertionError, ValueError, LookupError) as error:
        raise Unreadable("damaged") from error


class Document:
    """The pages of a package, in order, and what they refer to. Signed parts are read like all others."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.resources = Resources()
        self.stamps: list[tuple[str, Rectangle, str]] = []
        self._pages: list[tuple[Element, str, Element, str, dict[str, tuple[str, str]]]] = []
        root = package.tree("OFD.xml")
        if root is None:
            raise Unreadable("damaged")
        for body in root.iter("DocBody"):
            self._add(body)
        if not self._pages:
            raise Unreadable("damaged")

    def __len__(self) -> int:
        return len(self._pages)

    def page(self, number: int) -> Leaf:
        """The page of a number that begins with 1; one whose content is missing is empty."""
        entry, folder, document, _, templates = self._pages[number - 1]
        place = join(folder, entry.get("BaseLoc", ""))
        content = self.package.tree(place)
        if content is None:
            return Leaf(_box(document), ())
        under: list[tuple[Element, str]] = []
        over: list[tuple[Element, str]] = []
        for use in content.findall("Template"):
            name, order = templates.get(use.get("TemplateID", ""), ("", ""))
            template = self.package.tree(name) if name else None
            if template is not None:
                above = use.get("ZOrder", order or "Background") == "Foreground"
                (over if above else under).append((template, posixpath.dirname(name)))
        parts = (*under, (content, posixpath.dirname(place)), *over, *self._notes(number))
        return Leaf(_box(content) if content.find("Area") is not None else _box(document), parts)

    def stamps_on(self, number: int) -> Iterator[tuple[Rectangle, str]]:
        """The seals of a page: where they stand, and the part that carries their picture."""
        wanted = self._pages[number - 1][0].get("ID", "")
        return ((box, name) for page, box, name in self.stamps if page == wanted)

    def _add(self, body: Element) -> None:
        name = join("", (body.findtext("DocRoot") or "").strip())
        document = self.package.tree(name)
        if document is None:
            return
        folder = posixpath.dirname(name)
        common = document.find("CommonData")
        templates: dict[str, tuple[str, str]] = {}
        for child in () if common is None else common:
            if child.tag in ("PublicRes", "DocumentRes"):
                self._add_resources(join(folder, (child.text or "").strip()))
            elif child.tag == "TemplatePage":
                place = join(folder, child.get("BaseLoc", ""))
                templates[child.get("ID", "")] = (place, child.get("ZOrder", ""))
        annotations = join(folder, (document.findtext("Annotations") or "").strip())
        for entry in document.iterfind("Pages/Page"):
            if len(self._pages) >= MOST_PAGES:
                raise Unreadable("too_heavy")
            self._pages.append((entry, folder, document, annotations, templates))
        self._add_stamps((body.findtext("Signatures") or "").strip())

    def _add_resources(self, name: str) -> None:
        tree = self.package.tree(name)
        if tree is None:
            return
        folder = posixpath.dirname(name)
        base = join(folder, tree.get("BaseLoc", ""))
        for media in tree.iter("MultiMedia"):
            file = (media.findtext("MediaFile") or "").strip()
            # Some makers write the name from the folder of resources, some from the file that names it.
            places = [join(base, file), join(folder, file), join("", file)]
            self.resources.images[media.get("ID", "")] = next((p for p in places if p in self.package), places[0])
        for unit in tree.iter("CompositeGraphicUnit"):
            self.resources.units[unit.get("ID", "")] = unit
        for param in tree.iter("DrawParam"):
            self.resources.params[param.get("ID", "")] = param

    def _add_stamps(self, name: str) -> None:
        place = join("", name)
        listed = self.package.tree(place) if name else None
        for entry in () if listed is None else listed.iter("Signature"):
            here = join(posixpath.dirname(place), entry.get("BaseLoc", ""))
            signature = self.package.tree(here)
            if signature is None:
                continue
            seal = signature.findtext("SignedInfo/Seal/BaseLoc") or signature.findtext("SignedValue") or ""
            for stamp in signature.iter("StampAnnot"):
                box = numbers(stamp.get("Boundary", ""), 4)
                if box:
                    rectangle = (box[0], box[1], box[2], box[3])
                    self.stamps.append(
                        (stamp.get("PageRef", ""), rectangle, join(posixpath.dirname(here), seal.strip()))
                    )

    def _notes(self, number: int) -> Iterator[tuple[Element, str]]:
        """What was written on a page afterwards: watermarks and notes, with their own appearance."""
        entry, _, _, name, _ = self._pages[number - 1]
        listed = self.package.tree(name) if name and name in self.package else None
        for page in () if listed is None else listed.iter("Page"):
            if page.get("PageID") != entry.get("ID"):
                continue
            place = join(posixpath.dirname(name), (page.findtext("FileLoc") or "").strip())
            tree = self.package.tree(place)
            if tree is not None:
                yield tree, posixpath.dirname(place)


def join(folder: str, name: str) -> str:
    """The name of a part: from the root when it begins with a slash, else from the folder that names it."""
    joined = name if name.startswith("/") else posixpath.join(folder, name)
    return posixpath.normpath(joined.replace("\\", "/")).lstrip("/") if name else ""


def numbers(text: str, count: int = 0) -> list[float]:
    """The numbers of an attribute; none when they are not `count`, or not numbers."""
    try:
        found = [float(part) for part in text.split()]
    except ValueError:
        return []
    sound = all(abs(number) < 1e6 for number in found)
    return found if sound and (not count or len(found) == count) else []


def _box(tree: Element) -> Rectangle:
    for name in ("PhysicalBox", "CropBox", "ApplicationBox"):
        text = next((element.text for element in tree.iter(name) if element.text), "")
        found = numbers(text, 4)
        if found and 5 <= found[2] <= 3_000 and 5 <= found[3] <= 3_000:
            return found[0], found[1], found[2], found[3]
    return A4


def _local(name: str) -> str:
    return name.rpartition(":")[2]
