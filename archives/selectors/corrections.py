"""Values that a person corrected: a paper is found by them too, each by itself, in the form in which people read it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from carloan.archives.models import Paper, PaperField
from carloan.archives.policies.grams import normal
from carloan.archives.policies.query import parse, words
from carloan.archives.selectors.papers import reached_papers
from carloan.archives.values import written
from carloan.core.actors import Actor
from carloan.core.errors import SealedApart
from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import clear, warm
from carloan.core.sight import SIGHT


def corrections_of(papers: Mapping[UUID, Paper]) -> dict[UUID, list[PaperField]]:
    """The values of papers that say something else than the machine read, by paper: one query, and one for the keys.

    A value that was put back is none any more, nor is one whose key was destroyed.
    """
    typed = PaperField.objects.filter(paper_id__in=list(papers), source=PaperField.Source.PERSON)
    rows = list(typed.order_by("name"))
    for row in rows:
        row.paper = papers[row.paper_id]
    warm(rows)
    found: dict[UUID, list[PaperField]] = {}
    for row in rows:
        if _differs(row):
            found.setdefault(row.paper_id, []).append(row)
    return found


def corrected_text(row: PaperField) -> str:
    """A corrected value as people read it, in clear."""
    return written(row.name, clear(row, "value"))


def corrections_named(actor: Actor, papers: Iterable[Paper], query: str) -> dict[UUID, list[PaperField]]:
    """The corrected values with a wanted word of `query`, of those papers on which the actor sees clear values."""
    wanted = words(parsed) if (parsed := parse(query)) else []
    if not wanted or not actor.can(SIGHT):
        return {}
    known = {paper.id: paper for paper in papers}
    clear_ones = reached_papers(actor, SIGHT, list(known))
    told = corrections_of({paper_id: paper for paper_id, paper in known.items() if paper_id in clear_ones})
    named = {paper_id: [row for row in rows if has_word(row, wanted)] for paper_id, rows in told.items()}
    return {paper_id: rows for paper_id, rows in named.items() if rows}


def has_word(row: PaperField, wanted: Iterable[str]) -> bool:
    """Whether one of the words (in normal form) stands in the value."""
    text = normal(corrected_text(row))
    return any(word in text for word in wanted)


def _differs(row: PaperField) -> bool:
    try:
        value, machine = clear(row, "value"), clear(row, "original")
    except (KeyDestroyed, SealedApart):
        return False
    return bool(value) and value != machine
