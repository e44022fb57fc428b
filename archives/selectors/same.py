"""Papers that say they are one and the same: the same kind with the same number, filed with one loan."""

from collections.abc import Mapping
from uuid import UUID

from carloan.archives.models import Paper, PaperField
from carloan.archives.policies.matching import NUMBERS
from carloan.archives.selectors.papers import reached_papers, visible_papers
from carloan.core.actors import Actor
from carloan.core.errors import SealedApart
from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import clear, warm
from carloan.core.sight import SIGHT
from carloan.lib.text import fold_key


def same_papers(
    actor: Actor, paper: Paper, *, kind: str, values: Mapping[str, str], loan_id: UUID | None
) -> list[Paper]:
    """What is filed with a loan already of this kind and with this number, newest first; never `paper` itself.

    `values` are those of the paper, perhaps not stored yet. Only papers on which the actor sees clear values count:
    a hit tells what stands on them.
    """
    name = NUMBERS.get(kind, "")
    number = fold_key(values.get(name, ""))
    if not number or loan_id is None:
        return []
    filed = PaperField.objects.filter(
        name=name, paper__loan_id=loan_id, paper__kind=kind, paper__state=Paper.State.FILED
    )
    rows = list(filed.exclude(paper_id=paper.id).select_related("paper"))
    warm(rows)
    same = [row.paper_id for row in rows if _number(row) == number]
    reached = reached_papers(actor, SIGHT, same) if same else set()
    return list(visible_papers(actor).filter(id__in=reached).order_by("-id")) if reached else []


def _number(row: PaperField) -> str:
    try:
        return fold_key(clear(row, "value"))
    except (KeyDestroyed, SealedApart):
        return ""
