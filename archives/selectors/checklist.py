"""How a dossier stands: what it is asked for, by which papers each item is ticked, which stages are closed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils import timezone

from carloan.archives.models import Dossier, PackItem, PackVersion, Paper, PaperTick, StageClosing, Waiver
from carloan.archives.policies.checklist import (
    STAGES,
    Asked,
    Completeness,
    Of,
    Person,
    Standing,
    Ticked,
    Waived,
    asked_of,
    completeness,
    standing,
)
from carloan.archives.policies.packs import chosen
from carloan.archives.selectors.loan_facts import facts_of_loans, stage_of
from carloan.archives.selectors.packs import items_of, offers, rule_of
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.loans.models import Loan, LoanParty, Party
from carloan.loans.selectors.loans import visible_loans

Place = tuple[str, UUID | None]


@dataclass(frozen=True, slots=True)
class Line:
    """An item that a loan is asked for, how it stands, and by what. `party` is whose paper it is, None: the loan's."""

    item: PackItem
    standing: Standing
    party: Party | None
    papers: list[PaperTick]
    waivers: list[Waiver]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The checklist of a loan on a day. Without a version nobody knows yet which papers it is asked for.

    `loose` are papers of the dossier that stand for no item. `closings` are the closed stages.
    """

    version: PackVersion | None
    stage: str
    lines: list[Line] = field(default_factory=list)
    loose: list[Paper] = field(default_factory=list)
    closings: dict[str, StageClosing] = field(default_factory=dict)

    def of_stage(self, stage: str) -> list[Line]:
        """What a stage asks for, in the order of the pack."""
        return [line for line in self.lines if line.item.stage == stage]

    @property
    def standings(self) -> list[Standing]:
        return [line.standing for line in self.lines]

    @property
    def completeness(self) -> Completeness:
        """Of what is required up to the loan's stage."""
        return completeness(self.standings, self.stage)


def checklist_of(loan: Loan, *, today: date | None = None) -> Checklist:
    """How a loan's dossier stands on a day; before its first paper by the pack that it would take."""
    today = today or timezone.localdate()
    dossier = Dossier.objects.filter(loan=loan).select_related("pack_version__pack").first()
    stage = stage_of(loan.state)
    facts = facts_of_loans([loan.id]).get(loan.id, {})
    version = dossier.pack_version if dossier else None
    if version is None:
        offer = chosen(offers(), facts)
        version = PackVersion.objects.select_related("pack").get(id=offer.version_id) if offer else None
    if version is None:
        return Checklist(None, stage, loose=_loose(dossier, frozenset()))
    items = items_of([version.id])
    parties = {row.party_id: row for row in LoanParty.objects.filter(loan=loan).select_related("party").order_by("id")}
    people: dict[Of, list[Person]] = {}
    for row in LoanParty.objects.filter(loan=loan).order_by("id"):
        if row.role in set(Of):
            people.setdefault(Of(row.role), []).append(Person(row.party_id, parties[row.party_id].party.kind))
    ticks, waivers = _ticks(dossier), _waivers(dossier)
    by_key = {item.key: item for item in items}
    lines = []
    for asked in asked_of(map(rule_of, items), facts, people):
        place: Place = (asked.rule.key, asked.party_id)
        held, said = ticks.get(place, []), waivers.get(place, [])
        party = parties[asked.party_id].party if asked.party_id else None
        lines.append(Line(by_key[asked.rule.key], _standing(asked, held, said, today), party, held, said))
    ticked = frozenset(tick.paper_id for held in ticks.values() for tick in held)
    return Checklist(version, stage, lines, _loose(dossier, ticked), closings_of(dossier.id) if dossier else {})


def _standing(asked: Asked, held: Sequence[PaperTick], said: Sequence[Waiver], today: date) -> Standing:
    approved = [one for one in said if one.state == Waiver.State.APPROVED]
    # The one that holds longest; without an end before all others.
    longest = max(approved, key=lambda one: one.until or date.max, default=None)
    papers = [Ticked(tick.paper.state, tick.valid_until) for tick in held]
    return standing(asked, papers, Waived(longest.until) if longest else None, today=today)


def _ticks(dossier: Dossier | None) -> dict[Place, list[PaperTick]]:
    found: dict[Place, list[PaperTick]] = {}
    if dossier:
        for tick in PaperTick.objects.filter(dossier=dossier).select_related("paper").order_by("-paper_id"):
            found.setdefault((tick.item_key, tick.party_id), []).append(tick)
    return found


def _waivers(dossier: Dossier | None) -> dict[Place, list[Waiver]]:
    found: dict[Place, list[Waiver]] = {}
    if dossier:
        rows = Waiver.objects.filter(dossier=dossier).select_related("asked_by", "decided_by").order_by("-id")
        for waiver in rows:
            waiver.dossier = dossier
            found.setdefault((waiver.item_key, waiver.party_id), []).append(waiver)
    return found


def _loose(dossier: Dossier | None, ticked: frozenset[UUID]) -> list[Paper]:
    if dossier is None:
        return []
    papers = Paper.objects.filter(dossier=dossier).exclude(state=Paper.State.REFUSED).order_by("-id")
    return [paper for paper in papers if paper.id not in ticked]


def closings_of(dossier_id: UUID) -> dict[str, StageClosing]:
    """The closed stages of a dossier."""
    rows = StageClosing.objects.filter(dossier_id=dossier_id).exclude(state=StageClosing.State.REOPENED)
    return {row.stage: row for row in rows.select_related("dossier", "closed_by", "asked_by")}


def dossier_id_of(loan: Loan) -> UUID | None:
    """The dossier of a loan, None before it is opened: what acts about it name."""
    return Dossier.objects.filter(loan=loan).values_list("id", flat=True).first()


def closed_stages(dossier_id: UUID) -> frozenset[str]:
    """The names of the closed stages of a dossier."""
    return frozenset(
        StageClosing.objects.filter(dossier_id=dossier_id)
        .exclude(state=StageClosing.State.REOPENED)
        .values_list("stage", flat=True)
    )


def paper_sealed(paper: Paper) -> bool:
    """Whether a filed paper stands for an item of a closed stage."""
    if paper.dossier_id is None or paper.state != Paper.State.FILED:
        return False
    closed = closed_stages(paper.dossier_id)
    return bool(closed) and PaperTick.objects.filter(paper=paper, stage__in=closed).exists()


def next_stage(checklist: Checklist) -> str | None:
    """The stage that closes next: the first that is open."""
    return next((stage for stage in STAGES if stage not in checklist.closings), None)


def get_waiver_for(actor: Actor, waiver_id: UUID) -> Waiver:
    """A waiver of a loan that the actor reaches. Raises NotFound."""
    found = (
        Waiver.objects.select_related("dossier__loan")
        .filter(id=waiver_id, dossier__loan__in=visible_loans(actor, "papers.view"))
        .first()
    )
    if found is None:
        raise NotFound
    return found


def get_closing_for(actor: Actor, closing_id: UUID) -> StageClosing:
    """A closing of a loan that the actor reaches. Raises NotFound."""
    found = (
        StageClosing.objects.select_related("dossier__loan")
        .filter(id=closing_id, dossier__loan__in=visible_loans(actor, "papers.view"))
        .first()
    )
    if found is None:
        raise NotFound
    return found


def reached_waivers(actor: Actor, capability: str, ids: list[UUID]) -> set[UUID]:
    """Which of these waivers a right over people's data covers."""
    rows = Waiver.objects.filter(id__in=ids, dossier__loan__in=visible_loans(actor, capability))
    return set(rows.values_list("id", flat=True))


def reached_closings(actor: Actor, capability: str, ids: list[UUID]) -> set[UUID]:
    """Which of these closed stages a right over people's data covers."""
    rows = StageClosing.objects.filter(id__in=ids, dossier__loan__in=visible_loans(actor, capability))
    return set(rows.values_list("id", flat=True))
