"""Papers that a request names by their ids."""

from typing import Any
from uuid import UUID

from carloan.core.errors import NotFound


def id_of(text: Any) -> UUID | None:
    """The id that a text is; None when it is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def ids_of(texts: list[str], *, most: int | None) -> list[UUID]:
    """The first `most` of these ids. Raises `NotFound` when one of them is none."""
    found = [id_of(text) for text in texts[:most]]
    if None in found:
        raise NotFound
    return [paper_id for paper_id in found if paper_id]
