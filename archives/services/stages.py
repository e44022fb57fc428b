"""Stages of a dossier are closed when they are complete, sealed from then on, and reopened by two people; a dossier
goes to another version of its checklist on purpose."""

import hashlib
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.archives.models import Dossier, PackVersion, Paper, PaperTick, StageClosing
from carloan.archives.policies.checklist import STAGES, blocking
from carloan.archives.policies.packs import CLOSING_MOVES
from carloan.archives.selectors.checklist import checklist_of, closed_stages, dossier_id_of
from carloan.archives.services.receiving import dossier_of
from carloan.archives.services.ticking import KEEP, dossier_equip, papers_tick_again
from carloan.archives.services.waivers import LONGEST_REASON, voice_on
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.moves import step
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import may


def stage_close(*, actor: Actor, loan: Loan, stage: str) -> StageClosing:
    """Close a stage of a loan's dossier: all that it requires is verified or waived. From then on its papers are not
    moved, replaced or taken out.

    Raises Forbidden, Invalid where something is open, an earlier stage is, or the loan has not come so far, Conflict
    where it is closed already.
    """
    if not may(actor, KEEP, loan):
        raise Forbidden(capability=KEEP)
    if stage not in STAGES:
        raise Invalid(fields={"stage": [_("Choose a stage.")]})
    with tenant_atomic():
        event_id = audit.record(
            actor=actor, action="archives.stage.closed", object_type="archives.dossier",
            object_id=dossier_id_of(loan), loan_id=loan.id,
            after={"stage": stage},
        )  # fmt: skip
        dossier = dossier_of(loan, event_id=event_id)
        dossier_equip(dossier, event_id=event_id)
        # Its papers first, as who changes one of them takes the dossier behind it.
        papers = {
            paper.id: paper.sha256
            for paper in Paper.objects.select_for_update(no_key=True, of=("self",))
            .filter(dossier=dossier)
            .order_by("id")
            if paper.state == Paper.State.FILED
        }
        Dossier.objects.select_for_update(no_key=True).get(id=dossier.id)
        checklist = checklist_of(loan)
        if checklist.version is None:
            raise Invalid(_("The loan has no checklist yet. Choose a template pack first."))
        if stage in checklist.closings:
            raise Conflict(_("This stage is closed already."), code="closed_already")
        if STAGES.index(stage) > STAGES.index(checklist.stage):
            raise Invalid(_("The loan has not come to this stage yet."))
        if any(earlier not in checklist.closings for earlier in STAGES[: STAGES.index(stage)]):
            raise Invalid(_("Close the stages before it first."))
        open_items = blocking(checklist.standings, stage)
        if open_items:
            raise Invalid(
                _("%(count)s required papers are neither verified nor waived.") % {"count": len(open_items)},
                code="incomplete",
            )
        ticked = PaperTick.objects.filter(dossier=dossier, stage=stage).values_list("paper_id", flat=True)
        sums = sorted(papers[paper_id] for paper_id in set(ticked) & papers.keys())
        return StageClosing.objects.create(
            dossier=dossier, stage=stage, papers=len(sums), digest=hashlib.sha256("".join(sums).encode()).hexdigest(),
            closed_by_id=actor.membership_id, audit_event_id=event_id,
        )  # fmt: skip


def stage_reopen_ask(*, actor: Actor, closing: StageClosing, revision: int, reason: str) -> StageClosing:
    """Ask a second person to reopen a closed stage. Raises Forbidden, Invalid without a reason, Conflict where it is
    asked already or a later stage is closed."""
    loan = closing.dossier.loan
    if not may(actor, KEEP, loan) or actor.membership_id is None:
        raise Forbidden(capability=KEEP)
    if not said(reason):
        raise Invalid(fields={"reason": [_("Say why the stage is reopened.")]})
    with tenant_atomic():
        held = _held(closing, revision)
        if any(STAGES.index(stage) > STAGES.index(held.stage) for stage in closed_stages(held.dossier_id)):
            raise Conflict(_("A later stage is closed. Reopen that one first."), code="later_closed")
        event_id = audit.record(
            actor=actor, action="archives.stage.reopening_asked", object_type="archives.dossier",
            object_id=dossier_id_of(loan),
            loan_id=loan.id, reason=said(reason)[:LONGEST_REASON], after={"stage": held.stage},
        )  # fmt: skip
        seal(held, reason=said(reason)[:LONGEST_REASON])
        step(
            held, CLOSING_MOVES, "ask", audit_event_id=event_id, reason=held.reason, asked_by_id=actor.membership_id,
            asked_at=timezone.now(),
        )  # fmt: skip
    return held


def stage_reopen_decide(
    *, actor: Actor, closing: StageClosing, revision: int, agrees: bool, answer: str = ""
) -> StageClosing:
    """Reopen a stage as a second person, or leave it closed. Raises Forbidden without a right of one's own, Invalid for
    a refusal without words, Conflict for who asked and where nobody asks, PasskeyNeeded."""
    loan = closing.dossier.loan
    member_id = voice_on(actor, loan, closing.asked_by_id)
    if not agrees and not said(answer):
        raise Invalid(fields={"answer": [_("Say why the stage stays closed.")]})
    with tenant_atomic():
        held = _held(closing, revision)
        event = "reopen" if agrees else "refuse"
        CLOSING_MOVES.need(held.state, event)
        event_id = audit.record(
            actor=actor, action="archives.stage.reopened" if agrees else "archives.stage.reopening_refused",
            object_type="archives.dossier", object_id=dossier_id_of(loan), loan_id=loan.id,
            reason=said(answer)[:LONGEST_REASON],
            after={"stage": held.stage},
        )  # fmt: skip
        decided: dict[str, Any] = {"reopened_by_id": member_id, "reopened_at": timezone.now()} if agrees else {}
        step(held, CLOSING_MOVES, event, audit_event_id=event_id, **decided)
    return held


def dossier_move(*, actor: Actor, loan: Loan, version: PackVersion, reason: str) -> Dossier:
    """Put a loan on another published version of a checklist, on purpose. Its papers stand for the items of that one by
    their kinds, and by hand where its items have the same keys.

    Raises Forbidden, Invalid without a reason or for a version that is not published, Conflict while a stage is closed.
    """
    if not may(actor, KEEP, loan):
        raise Forbidden(capability=KEEP)
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give a reason.")]})
    if version.state != PackVersion.State.PUBLISHED:
        raise Invalid(fields={"version": [_("Choose a published version.")]})
    with tenant_atomic():
        event_id = audit.record(
            actor=actor, action="archives.dossier.moved", object_type="archives.dossier",
            object_id=dossier_id_of(loan), loan_id=loan.id,
            reason=said(reason)[:LONGEST_REASON],
            before={"pack_version": _of(loan)}, after={"pack_version": version.id},
        )  # fmt: skip
        dossier = dossier_of(loan, event_id=event_id)
        if closed_stages(dossier.id):
            raise Conflict(_("A stage of this dossier is closed. Reopen it first."), code="stage_closed")
        Dossier.objects.filter(id=dossier.id).update(pack_version=version, audit_event_id=event_id)
        dossier.pack_version_id = version.id
        papers_tick_again(dossier, event_id=event_id)
    return dossier


def _of(loan: Loan) -> UUID | None:
    return Dossier.objects.filter(loan=loan).values_list("pack_version_id", flat=True).first()


def _held(closing: StageClosing, revision: int) -> StageClosing:
    Dossier.objects.select_for_update(no_key=True).get(id=closing.dossier_id)
    held = StageClosing.objects.select_for_update(of=("self",)).select_related("dossier").get(id=closing.id)
    if held.revision != revision:
        raise Conflict
    return held
