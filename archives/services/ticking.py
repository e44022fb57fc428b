"""Papers tick the items of their dossier's checklist: when they come, are read, changed, moved, or placed by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.archives.models import Dossier, PackItem, Paper, PaperTick
from carloan.archives.policies.checklist import Of
from carloan.archives.policies.packs import chosen
from carloan.archives.policies.ticking import Somebody, Tick, Wanted, ticks_of, valid_until
from carloan.archives.selectors.checklist import closed_stages, paper_sealed
from carloan.archives.selectors.loan_facts import facts_of_loans
from carloan.archives.selectors.packs import items_of, offers
from carloan.archives.selectors.papers import values_of
from carloan.archives.services.packs import packs_install
from carloan.archives.services.reckoning import dossier_reckon
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.sealed import clear, warm
from carloan.core.tenancy import current_tenant_id, tenant_atomic
from carloan.loans.models import LoanParty
from carloan.loans.selectors.loans import may

UPLOAD = "papers.upload"
KEEP = "dossiers.keep"
# People who bear no paper of the dossier.
_PAPERLESS = (LoanParty.Role.EMERGENCY_CONTACT,)


class Spot(NamedTuple):
    """An item of a checklist and whose paper it asks for (None: the loan's)."""

    item_key: str
    party_id: UUID | None = None


def require_unsealed(paper: Paper) -> None:
    """Raise Conflict for a paper in a closed stage: it is not moved, replaced, changed or taken out."""
    if paper_sealed(paper):
        raise Conflict(
            _("The paper lies in a stage of the dossier that is closed. Reopen the stage first."), code="stage_closed"
        )


def dossier_equip(dossier: Dossier, *, event_id: UUID) -> bool:
    """Give a dossier that has no checklist the one of its loan, and let its papers tick it. False while it is not known
    which pack that is: nothing is asked for on a guess."""
    if dossier.pack_version_id is not None:
        return False
    facts = facts_of_loans([dossier.loan_id]).get(dossier.loan_id, {})
    offered = offers()
    if not offered and (facts.get("product") or facts.get("borrower") == "organisation"):
        packs_install(actor=Actor.system(current_tenant_id(), "worker"))
        offered = offers()
    offer = chosen(offered, facts)
    if offer is None:
        return False
    Dossier.objects.filter(id=dossier.id, pack_version=None).update(
        pack_version_id=offer.version_id, audit_event_id=event_id
    )
    # Somebody else may have chosen at this moment.
    dossier.refresh_from_db(fields=["pack_version"])
    papers_tick_again(dossier, event_id=event_id)
    return True


def paper_tick_renew(paper: Paper, values: Mapping[str, str], *, event_id: UUID) -> None:
    """Let a paper stand for what it is now, and count anew the dossiers that it is in and was in.

    In the transaction of what changed it. What a person placed stays while the paper stays in the dossier. Ticks in a
    closed stage stay as they are.
    """
    today = timezone.localdate()
    stood = list(PaperTick.objects.filter(paper=paper))
    left = {tick.dossier_id for tick in stood if tick.dossier_id != paper.dossier_id}
    PaperTick.objects.filter(paper=paper, dossier_id__in=left).delete()
    if paper.dossier is not None:
        dossier = paper.dossier
        # A dossier that just got its checklist has looked at all its papers.
        equipped = dossier_equip(dossier, event_id=event_id)
        if dossier.pack_version_id is not None and not equipped:
            mine = [tick for tick in stood if tick.dossier_id == dossier.id]
            _Ticking.of(dossier, event_id).put(paper, values, mine)
            dossier_reckon(dossier.id, today=today)
    for dossier_id in sorted(left):
        dossier_reckon(dossier_id, today=today)


def papers_tick_again(dossier: Dossier, *, event_id: UUID) -> None:
    """Let all papers of a dossier stand for items anew, because its pack or its people changed, and count it."""
    papers = list(Paper.objects.filter(dossier=dossier).order_by("id"))
    if dossier.pack_version_id is not None:
        ticking = _Ticking.of(dossier, event_id)
        stood: dict[UUID, list[PaperTick]] = {}
        for tick in PaperTick.objects.filter(dossier=dossier):
            stood.setdefault(tick.paper_id, []).append(tick)
        warm(papers)
        for paper in papers:
            ticking.put(paper, values_of(paper), stood.get(paper.id, []))
    dossier_reckon(dossier.id, today=timezone.localdate())


def paper_place(*, actor: Actor, paper: Paper, spot: Spot) -> PaperTick:
    """Say by hand for which item of its dossier a paper stands, and for whom. Raises Invalid for an item that is not on
    the checklist or a person who is not asked for it, Conflict for a paper in a closed stage, Forbidden.

    A paper that is known to be of a kind that the item does not take is refused: its kind is corrected first.
    """
    with tenant_atomic():
        paper = (
            Paper.objects.select_for_update(no_key=True, of=("self",))
            .select_related("dossier", "loan")
            .get(id=paper.id)
        )
        if paper.loan is None:
            raise Invalid(_("The paper lies in no dossier. File it with a loan first."))
        if not (may(actor, UPLOAD, paper.loan) or may(actor, KEEP, paper.loan)):
            raise Forbidden(capability=KEEP)
        event_id = audit.record(
            actor=actor, action="archives.paper.placed", object_type="archives.paper", object_id=paper.id,
            loan_id=paper.loan_id, after={"item": spot.item_key, "party": spot.party_id},
        )  # fmt: skip
        require_unsealed(paper)
        return paper_put(actor=actor, paper=paper, spot=spot, event_id=event_id)


def paper_put(*, actor: Actor, paper: Paper, spot: Spot, event_id: UUID) -> PaperTick:
    """Let a paper stand for one item alone, inside the act of a person that says so. Raises Invalid and Conflict as
    paper_place() does."""
    dossier = paper.dossier
    if dossier is None:
        raise Invalid(_("The paper lies in no dossier. File it with a loan first."))
    dossier_equip(dossier, event_id=event_id)
    item = item_asked(dossier, spot)
    if item.stage in closed_stages(dossier.id):
        raise Conflict(_("This stage of the dossier is closed. Reopen it first."), code="stage_closed")
    if not may_stand(paper, item):
        raise Invalid(fields={"item": [_("The paper is of another kind. Correct its kind first.")]})
    PaperTick.objects.filter(paper=paper).delete()
    tick = PaperTick.objects.create(
        paper=paper, dossier=dossier, item_key=item.key, stage=item.stage, party_id=spot.party_id,
        valid_until=valid_until(_wanted(item), values_of(paper), filed_on=_filed_on(paper)),
        placed_by_id=actor.membership_id, audit_event_id=event_id,
    )  # fmt: skip
    dossier_reckon(dossier.id, today=timezone.localdate())
    return tick


def item_asked(dossier: Dossier, spot: Spot) -> PackItem:
    """The item of a dossier's checklist, if it can be asked of this person. Raises Invalid."""
    item_key, party_id = spot
    item = PackItem.objects.filter(version_id=dossier.pack_version_id, key=item_key).first()
    if item is None:
        raise Invalid(fields={"item": [_("The checklist of this loan has no such paper.")]})
    stands = item.of == Of.LOAN if party_id is None else _in_role(dossier.loan_id, party_id, item.of)
    if not stands:
        raise Invalid(fields={"party": [_("Nobody of this name is asked for this paper.")]})
    return item


def _in_role(loan_id: UUID, party_id: UUID, role: str) -> bool:
    return LoanParty.objects.filter(loan_id=loan_id, party_id=party_id, role=role).exists()


@dataclass(frozen=True, slots=True)
class _Ticking:
    """What papers of one dossier may stand for."""

    dossier: Dossier
    items: list[Wanted]
    people: list[Somebody]
    closed: frozenset[str]
    event_id: UUID

    @classmethod
    def of(cls, dossier: Dossier, event_id: UUID) -> "_Ticking":
        items = [_wanted(item) for item in items_of([dossier.pack_version_id])] if dossier.pack_version_id else []
        return cls(dossier, items, _people(dossier.loan_id), closed_stages(dossier.id), event_id)

    def put(self, paper: Paper, values: Mapping[str, str], stood: Sequence[PaperTick]) -> None:
        """Write what a paper stands for now in place of `stood`."""
        known = {item.key: item for item in self.items}
        by_hand = [
            tick
            for tick in stood
            if tick.placed_by_id and tick.item_key in known and _fits(paper, known[tick.item_key].kinds)
        ]
        filed_on = _filed_on(paper)
        if by_hand:
            wanted = [
                Tick(item.key, item.stage, tick.party_id, valid_until(item, values, filed_on=filed_on))
                for tick in by_hand
                if (item := known[tick.item_key])
            ]
        else:
            wanted = ticks_of(self.items, kind=paper.kind, values=values, people=self.people, filed_on=filed_on)
        kept = {(tick.item_key, tick.party_id): tick for tick in stood}
        new = {(tick.key, tick.party_id): tick for tick in wanted}
        gone = {
            tick.id
            for place, tick in kept.items()
            if tick.stage not in self.closed and (place not in new or tick.valid_until != new[place].valid_until)
        }
        PaperTick.objects.filter(id__in=gone).delete()
        made = [
            PaperTick(
                paper=paper, dossier=self.dossier, item_key=tick.key, stage=tick.stage, party_id=tick.party_id,
                valid_until=tick.valid_until, placed_by_id=by_hand[0].placed_by_id if by_hand else None,
                audit_event_id=self.event_id,
            )
            for place, tick in new.items()
            if place not in kept or kept[place].id in gone
        ]  # fmt: skip
        # Whoever gives the dossier its checklist at this moment may have made the same one.
        PaperTick.objects.bulk_create(made, ignore_conflicts=True)


def may_stand(paper: Paper, item: PackItem) -> bool:
    """Whether a person may let a paper stand for an item: not where it is known to be of another kind."""
    return _fits(paper, frozenset(item.kinds))


def _fits(paper: Paper, kinds: frozenset[str]) -> bool:
    return not kinds or paper.kind in ("", "other") or paper.kind in kinds


def _wanted(item: PackItem) -> Wanted:
    return Wanted(item.key, item.stage, frozenset(item.kinds), item.of, item.expires, item.months)


def _filed_on(paper: Paper) -> date | None:
    return timezone.localdate(paper.filed_at) if paper.filed_at else None


def _people(loan_id: UUID) -> list[Somebody]:
    rows = list(LoanParty.objects.filter(loan_id=loan_id).exclude(role__in=_PAPERLESS).select_related("party"))
    warm([row.party for row in rows])
    return [Somebody(row.party_id, row.role, clear(row.party, "name"), clear(row.party, "id_number")) for row in rows]
