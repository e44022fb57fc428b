"""The register's pages of a 机动车登记证书: 抵押登记 and what ended it, in the order in which they were entered."""

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Final

from carloan.archives.recognition.extract import phrases
from carloan.archives.recognition.extract.field import ALONE, Fields
from carloan.archives.recognition.extract.phrases import DAY, IDENTITY, ORGANISATION, SEP
from carloan.archives.recognition.extract.prose import Hit, Prose

_RELEASED: Final = (
    r"(?:解除|注销|取消)抵押(?:权)?(?:登记)?(?:日期|时间)?|抵押登记(?:已)?(?:解除|注销)(?:日期|时间)?"
    r"|解押(?:登记)?(?:日期|时间)"
)
_BEGUN: Final = r"(?<![解除注销取消])(?<!除)抵押(?:权)?(?:设立)?(?:登记)?(?:日期|时间)"
_NAMED: Final = r"抵押权人(?:/债权人)?(?:姓名)?(?:/?名称)?"

# Heads of entries, alone in their line; one below the other are a page's title and its first entry's.
_HEAD: Final = r"(?:^|\t)抵押登记(?=\t|$)(?!\n抵押登记$)"
_HEAD_OF_END: Final = r"(?:^|\t)(?:解除|注销)抵押(?:登记)?(?=\t|$)"

NAMES: Final = ("mortgagee_name", "mortgagee_id", "mortgage_date", "release_date", "lien_pages")


@dataclass
class Lien:
    """One registration: whose, from when, until when."""

    name: Hit[str] | None = None
    number: Hit[str] | None = None
    begun: Hit[str] | None = None
    released: Hit[str] | None = None


def put(fields: Fields, prose: Prose) -> None:
    """The last lien of the page, and `lien_pages` when it holds any."""
    found = liens(prose)
    fields.is_torn = _is_torn(prose.rows.text, found)
    if not found:
        return
    last = found[-1]
    for name, hit in (
        ("mortgagee_name", last.name), ("mortgagee_id", last.number), ("mortgage_date", last.begun),
        ("release_date", last.released),
    ):  # fmt: skip
        if hit is not None:
            fields.put(name, hit)
    where = last.begun or last.name
    if where is not None:
        fields.put("lien_pages", where, value=str(prose.form.sheet.number))


def liens(prose: Prose) -> list[Lien]:
    """Every registration on the page in its order: a new one begins with each mortgagee or beginning."""
    events: list[tuple[int, str, Hit[str]]] = []
    names = prose.find(
        (rf"{_NAMED}{SEP}{ORGANISATION}", rf"{_NAMED}{SEP}([\u3400-\u9fff]{{2,4}})$"), phrases.party
    )  # fmt: skip
    for what, hits in (
        ("name", names),
        ("number", _numbers(prose, names)),
        ("released", prose.find((rf"(?:{_RELEASED}){SEP}{DAY}",), phrases.day)),
        ("begun", prose.find((rf"{_BEGUN}{SEP}{DAY}",), phrases.day)),
    ):  # fmt: skip
        events += [(hit.start, what, hit) for hit in hits]
    found: list[Lien] = []
    for _, what, hit in sorted(events, key=lambda event: event[0]):
        current = found[-1] if found else None
        another = current is not None and (getattr(current, what) is not None or current.released is not None)
        if (current is None and what != "number") or (another and what in ("name", "begun")):
            current = Lien()
            found.append(current)
        if current is not None and getattr(current, what) is None:
            setattr(current, what, hit)
    return found


def _is_torn(rows: str, found: list[Lien]) -> bool:
    """Whether a page tells of a registration, or of a part of one, that was not read: which is the last one, and
    whether it was ended, nobody knows then."""
    begun, ended = (len(re.findall(pattern, rows, re.MULTILINE)) for pattern in (_HEAD, _HEAD_OF_END))
    released = sum(lien.released is not None for lien in found)
    if begun > len(found) or ended > released:
        return True
    for pattern, read in (
        (_NAMED, [lien.name for lien in found]), (rf"{_BEGUN}", [lien.begun for lien in found]),
        (rf"(?:{_RELEASED})(?<=日期|时间)", [lien.released for lien in found]),
    ):  # fmt: skip
        if len(re.findall(pattern, rows)) > sum(hit is not None for hit in read):
            return True
    # A registration names what the others on its page name.
    return any(
        any(parts) and not all(parts)
        for parts in ([lien.name for lien in found], [lien.number for lien in found], [lien.begun for lien in found])
    )


def _numbers(prose: Prose, names: list[Hit[str]]) -> list[Hit[str]]:
    """The numbers behind their labels; where none is, any. What ends before the names begin is of another page, that
    was photographed beside this one."""
    edge = min((hit.pieces[0].left for hit in names), default=0.0)
    found = prose.find((rf"(?:号码|代码|营业执照)[/\t :为是_]*{IDENTITY}", IDENTITY), phrases.identity)
    found = [hit for hit in found if hit.pieces[-1].right > edge]
    labelled = [hit for hit in found if not hit.pattern]
    return labelled or found


def follow(before: Fields, page: Fields) -> None:
    """Take the liens of a later page after those of earlier ones: the last one counts, every page is named.

    A page that only ends a lien ends the last one. Changes `before` and `page` so that they can be joined.
    """
    before.is_torn = before.is_torn or page.is_torn
    if "mortgage_date" in page or "mortgagee_name" in page:
        pages = [str(fields["lien_pages"].value) for fields in (before, page) if "lien_pages" in fields]
        for name in NAMES:
            before.pop(name, None)
        if "lien_pages" in page:
            page["lien_pages"] = replace(page["lien_pages"], value=",".join(dict.fromkeys(pages)))
    elif "release_date" in page:
        before.pop("release_date", None)


def doubt_torn(fields: Fields) -> None:
    """Of liens that were not all read whole nobody knows which is the last."""
    if fields.is_torn:
        fields.proven(*NAMES, by=ALONE)


def stands(names: Container[str]) -> bool | None:
    """Whether the last lien still burdens the car; None where the paper shows no lien."""
    if "mortgage_date" not in names and "mortgagee_name" not in names:
        return None
    return "release_date" not in names
