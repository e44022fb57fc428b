"""Everything that stands of a lender's papers, as facts that can be counted: two lenders who did the same are equal.

A fact is a tuple: what sort of fact, which file it is about, and what is said of it. Ids, times and how often somebody
had to try are no facts.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import F

from benchmarks.faults.world import WORDS, World, store_of
from carloan.archives.models import Dossier, Paper, SearchBlock, SearchSegment, SearchSlot
from carloan.archives.selectors.papers import fields_of, pages_of, text_of
from carloan.archives.selectors.text_search import papers_containing
from carloan.core.actors import Actor
from carloan.core.key_owners import key_owners
from carloan.core.keystore.models import SubjectKey
from carloan.core.models import AuditEvent, LookupTerm
from carloan.core.sealed import clear
from carloan.core.tenancy import tenant_atomic

Fact = tuple[Any, ...]
# How often the sweeps act depends on what was left behind; that they told it does not.
_OF_SWEEPS: Final = ("archives.orphans.removed", "core.keys.orphans_destroyed")
# What one fact too many of a sort means.
_SORTS: Final = {"hit": "ghosts", "slot": "ghosts", "term": "ghosts"}


@dataclass
class Damage:
    """What is wrong with a lender, in words, under the heads that the claims count."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def __iadd__(self, other: "Damage") -> "Damage":
        for head, lines in vars(other).items():
            getattr(self, head).extend(lines)
        return self

    def __str__(self) -> str:
        return "; ".join(f"{head}: {line}" for head, lines in vars(self).items() for line in lines)


def picture(world: World) -> Counter[Fact]:
    """The facts of a lender, as they stand and as they are found."""
    with tenant_atomic(world.tenant_id):
        papers = {paper.id: paper for paper in Paper.objects.select_related("loan")}
        names = {paper.id: paper.sha256[:8] for paper in papers.values()}
        return Counter(
            [
                *(("paper", paper.sha256[:8], *_said(paper)) for paper in papers.values()),
                *_events(names),
                *_terms(names),
                *_slots(names),
                *(("hit", names[paper.id], word) for word in WORDS for paper in _hits(world, word)),
                *(("dossier", row.loan.contract_no) for row in Dossier.objects.select_related("loan")),
            ]
        )


def _said(paper: Paper) -> Fact:
    values = tuple((row.name, clear(row, "value"), row.confidence) for row in fields_of(paper))
    return (
        paper.loan.contract_no if paper.loan else "desk", paper.state, paper.kind, paper.certainty, paper.pages,
        tuple(sorted(problem["code"] for problem in paper.problems)), values, len(pages_of(paper)), text_of(paper),
        clear(paper, "name"), clear(paper, "note"), paper.lease_until is None,
    )  # fmt: skip


def _events(names: dict[UUID, str]) -> Iterator[Fact]:
    swept = AuditEvent.objects.filter(action__in=_OF_SWEEPS).values_list("action", flat=True).distinct()
    yield from (("swept", action) for action in swept)
    events = AuditEvent.objects.filter(action__startswith="archives.").exclude(action__in=_OF_SWEEPS)
    for action, outcome, about in events.values_list("action", "outcome", "object_id"):
        yield "event", names.get(about, str(about)) if about else "", action, outcome


def _terms(names: dict[UUID, str]) -> Iterator[Fact]:
    rows = LookupTerm.objects.filter(object_kind="paper").values_list("object_id", "field", "loan_id")
    for about, name, loan_id in rows:
        yield "term", names.get(about, str(about)), name, loan_id is not None


def _slots(names: dict[UUID, str]) -> Iterator[Fact]:
    """Where the text index names a paper: once in a living segment, whichever."""
    for about in SearchSlot.objects.filter(segment__retired_at=None).values_list("paper_id", flat=True):
        yield "slot", names.get(about, str(about))


def _hits(world: World, word: str) -> list[Paper]:
    return papers_containing(Actor.system(world.tenant_id, "bench"), word)


def differences(expected: Counter[Fact], found: Counter[Fact]) -> Damage:
    """What `found` lacks is lost, what it has too often is doubled or a ghost, what it tells otherwise is wrong."""
    damage = Damage()
    missing, extra = expected - found, found - expected
    changed = {fact[:2] for fact in missing} & {fact[:2] for fact in extra}
    for fact in missing.elements():
        (damage.wrong if fact[:2] in changed else damage.lost).append(f"missing {_short(fact)}")
    for fact in extra.elements():
        if fact[:2] in changed:
            damage.wrong.append(f"instead {_short(fact)}")
        else:
            getattr(damage, _SORTS.get(fact[0], "doubled")).append(_short(fact))
    return damage


def _short(fact: Fact) -> str:
    return " ".join(str(part) for part in fact)[:300]


def leftovers(tenant_id: UUID) -> Damage:
    """Files and keys that no row names, rows without them, and parts of the index that nothing holds."""
    damage = Damage()
    with tenant_atomic(tenant_id):
        stored = set(Paper.objects.values_list("stored", flat=True))
        there = {path.relative_to(settings.PAPERS).as_posix() for path in store_of(tenant_id)}
        damage.orphans += [f"file {name}" for name in sorted(there - stored)]
        damage.lost += [f"file {name}" for name in sorted(stored - there)]
        damage += _keys()
        living = set(SearchSegment.objects.values_list("id", flat=True))
        for part in (SearchBlock, SearchSlot):
            loose = set(part.objects.values_list("segment_id", flat=True)) - living
            damage.ghosts += [f"{part.__name__} of segment {segment}" for segment in loose]
        unread = SearchSlot.objects.filter(segment__retired_at=None, paper__page_set=None).exclude(
            paper__state__in=[Paper.State.REVIEW, Paper.State.FILED]
        )
        damage.ghosts += [f"slot of unread paper {slot.paper_id}" for slot in unread]
        twice = Paper.objects.values("sha256", at=F("loan_id")).distinct().count() - Paper.objects.count()
        damage.doubled += ["papers with the same bytes in the same place"] * -twice
    return damage


def _keys() -> Damage:
    damage = Damage()
    with tenant_atomic(using="keystore"):
        keys = list(SubjectKey.objects.filter(destroyed_at=None).values_list("kind", "id"))
    for kind, owner in key_owners().items():
        ids = {key_id for key_kind, key_id in keys if key_kind == kind}
        rows = set(owner.model.objects.values_list("id", flat=True))
        needing = set(owner.model.objects.filter(owner.needing).values_list("id", flat=True))
        damage.orphans += [f"key of {kind} {key_id}" for key_id in ids - rows]
        damage.lost += [f"key of {kind} {key_id}" for key_id in needing - ids]
    return damage
