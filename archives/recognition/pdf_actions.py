"""What a PDF does by itself when somebody opens it. Runs only inside the sandbox's child.

Every object of the file is walked, also those packed into object streams or behind an empty password, wherever in the
file an action hangs: catalog, pages, annotations, fields, chains of actions. Names are compared as they are read:
`/J#61vaScript` is `/JavaScript`.
"""

import io
from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from carloan.lib.nursery import Unreadable

# Actions that run a program, send something away, or open another file. A link to an address (URI) stays a link.
REFUSED: Final = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"})
# A paper has some thousand parts, a book a hundred thousand; walking so many takes some seconds.
MOST_PARTS: Final = 1_000_000
_Branch = (pikepdf.Dictionary, pikepdf.Array, pikepdf.Stream)


def refuse_actions(data: bytes, *, most: int = MOST_PARTS) -> None:
    """Raises Unreadable for a file with one of the actions REFUSED, or with a rendition that carries a script.

    A file whose objects cannot be listed is damaged, one with more than `most` parts too heavy: what nobody looked
    through does not come in.
    """
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True, inherit_page_attributes=False) as pdf:
            for node in _dictionaries(pdf, most):
                if what := _action(node):
                    raise Unreadable("active_content", what=what)
    except pikepdf.PasswordError as error:
        raise Unreadable("encrypted") from error
    except pikepdf.PdfError as error:
        raise Unreadable("damaged") from error


def _action(node: Any) -> str:
    kind = node.get("/S")
    if not isinstance(kind, pikepdf.Name):
        return ""
    if str(kind) in REFUSED:
        return str(kind)[1:]
    return "JavaScript" if kind == "/Rendition" and "/JS" in node else ""


def _dictionaries(pdf: pikepdf.Pdf, most: int) -> Iterator[Any]:
    """Each dictionary of the file once: an indirect one where it stands, not where it is named."""
    parts = 0
    for root in (pdf.trailer, *pdf.objects):
        left = [root]
        while left:
            node = left.pop()
            if not isinstance(node, _Branch):
                continue
            if not isinstance(node, pikepdf.Array):
                yield node
            inner = list(node) if isinstance(node, pikepdf.Array) else [each for _name, each in node.items()]
            parts += 1 + len(inner)
            if parts > most:
                raise Unreadable("too_heavy")
            left += [each for each in inner if not getattr(each, "is_indirect", False)]
