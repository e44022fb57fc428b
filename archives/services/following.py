"""What becomes of a dossier when its loan changes: it is counted anew, and papers stand for the people there are."""

from django.utils import timezone

from carloan.archives.models import Dossier
from carloan.archives.services.reckoning import dossier_reckon
from carloan.archives.services.ticking import dossier_equip, papers_tick_again
from carloan.loans.models import Loan


def loan_follow(loan: Loan, *, people: bool) -> None:
    """Inside the transaction of the loan's change; does nothing where there is no dossier yet."""
    dossier = Dossier.objects.filter(loan=loan).first()
    if dossier is None:
        return
    if dossier_equip(dossier, event_id=loan.audit_event_id):
        return
    if people:
        papers_tick_again(dossier, event_id=loan.audit_event_id)
    else:
        dossier_reckon(dossier.id, today=timezone.localdate())
