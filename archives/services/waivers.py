"""Somebody asks that a paper need not be there, somebody else decides (豁免)."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.archives.models import Dossier, Waiver
from carloan.archives.policies.packs import WAIVER_MOVES
from carloan.archives.selectors.checklist import closed_stages, dossier_id_of
from carloan.archives.services.receiving import dossier_of
from carloan.archives.services.reckoning import dossier_reckon
from carloan.archives.services.ticking import KEEP, Spot, dossier_equip, item_asked
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import voice_of
from carloan.lib.text import said
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import may

APPROVE = "dossiers.approve"
LONGEST_REASON = 500


def voice_on(actor: Actor, loan: Loan, asked_by_id: UUID | None) -> UUID:
    """The second person's word about a loan's dossier. Raises Forbidden, PasskeyNeeded, Conflict for who asked."""
    if not may(actor, APPROVE, loan):
        raise Forbidden(capability=APPROVE)
    return voice_of(actor, APPROVE, proposer=asked_by_id)


def waiver_ask(*, actor: Actor, loan: Loan, spot: Spot, reason: str, until: date | None = None) -> Waiver:
    """Ask that an item of a loan's checklist need not be there: for good, or until a day.

    Raises Forbidden without the right to keep dossiers or for a machine, Invalid without a reason, for a day that has
    passed or an item that is not asked for, Conflict while it is asked already or the stage is closed.
    """
    if not may(actor, KEEP, loan) or actor.membership_id is None:
        raise Forbidden(capability=KEEP)
    if not said(reason):
        raise Invalid(fields={"reason": [_("Say why the paper can be done without.")]})
    if until is not None and until < timezone.localdate():
        raise Invalid(fields={"until": [_("This day has passed.")]})
    with tenant_atomic():
        event_id = audit.record(
            actor=actor, action="archives.waiver.asked", object_type="archives.dossier",
            object_id=dossier_id_of(loan), loan_id=loan.id,
            reason=said(reason)[:LONGEST_REASON], after={"item": spot.item_key, "party": spot.party_id, "until": until},
        )  # fmt: skip
        dossier = dossier_of(loan, event_id=event_id)
        dossier_equip(dossier, event_id=event_id)
        item = item_asked(dossier, spot)
        if item.stage in closed_stages(dossier.id):
            raise Conflict(_("This stage of the dossier is closed. Reopen it first."), code="stage_closed")
        waiver = Waiver(
            id=uuid7(), dossier=dossier, item_key=item.key, party_id=spot.party_id, until=until,
            asked_by_id=actor.membership_id, audit_event_id=event_id,
        )  # fmt: skip
        seal(waiver, reason=said(reason)[:LONGEST_REASON])
        try:
            with tenant_atomic():
                waiver.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_("A waiver of this paper is asked for already."), code="asked_already") from error
    return waiver


def waiver_decide(*, actor: Actor, waiver: Waiver, revision: int, agrees: bool, answer: str = "") -> Waiver:
    """Approve or refuse a waiver, as somebody else than who asked. A refusal says why.

    Raises Forbidden without a right of one's own, Invalid for a refusal without words, Conflict for who asked and for
    one that is decided or was changed meanwhile, PasskeyNeeded.
    """
    loan = waiver.dossier.loan
    member_id = voice_on(actor, loan, waiver.asked_by_id)
    if not agrees and not said(answer):
        raise Invalid(fields={"answer": [_("Say why the paper is needed.")]})
    with tenant_atomic():
        Dossier.objects.select_for_update(no_key=True).get(id=waiver.dossier_id)
        held = Waiver.objects.select_for_update(of=("self",)).select_related("dossier").get(id=waiver.id)
        if held.revision != revision:
            raise Conflict
        event = "approve" if agrees else "refuse"
        WAIVER_MOVES.need(held.state, event)
        event_id = audit.record(
            actor=actor, action="archives.waiver.approved" if agrees else "archives.waiver.refused",
            object_type="archives.dossier", object_id=dossier_id_of(loan), loan_id=loan.id,
            reason=said(answer)[:LONGEST_REASON],
            after={"item": held.item_key, "party": held.party_id, "until": held.until},
        )  # fmt: skip
        seal(held, answer=said(answer)[:LONGEST_REASON])
        step(
            held, WAIVER_MOVES, event, audit_event_id=event_id, decided_by_id=member_id,
            decided_at=timezone.now(), answer=held.answer,
        )  # fmt: skip
        dossier_reckon(held.dossier_id, today=timezone.localdate())
    return held
