"""What a legal hold on a paper reaches, and which holds reach a paper."""

from collections.abc import Iterable
from uuid import UUID

from carloan.archives.models import Paper
from carloan.archives.selectors.papers import visible_papers
from carloan.compliance.holds import Thing
from carloan.core.actors import Actor
from carloan.core.keys import Subject
from carloan.loans.selectors.holding import around_loan


def sees_paper(actor: Actor, paper_id: UUID) -> bool:
    return visible_papers(actor).filter(id=paper_id).exists()


def subjects_of_papers(ids: Iterable[UUID]) -> dict[UUID, list[Subject]]:
    """By paper that is there: the key that holds it now, its loan's or its own of the desk."""
    return {paper.id: [paper.key_subject()] for paper in Paper.objects.filter(id__in=ids)}


def around_paper(paper_id: UUID) -> list[Thing]:
    loan_id = Paper.objects.filter(id=paper_id).values_list("loan_id", flat=True).first()
    return [("paper", paper_id), *(around_loan(loan_id) if loan_id else [])]
