"""The paper originals of a destruction: that there are some, how they were shredded, and who saw it.

The film of it stays with the lender. What is kept is the SHA-256 of each of its segments, so that a film that is shown
later is known to be the one; the batch's root stands in it as a code at the beginning and at the end.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import DestructionBatch, DestructionItem, DestructionShredding, ShreddingWitness
from carloan.compliance.policies.certificates import (
    Segment,
    count_problems,
    film_problems,
    film_told,
    shredding_facts,
    time_problems,
)
from carloan.compliance.policies.destruction import OPEN, SHREDS, WITNESSES
from carloan.compliance.selectors.certificates import films_elsewhere, shredding_of
from carloan.compliance.services.destruction import OBJECT
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

CARRY_OUT: Final = "destruction.carry_out"
WITNESS: Final = "destruction.witness"
MOST_WORDS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Shredding:
    """What is recorded of a shredding; `counts` are boxes and papers by the place on the list."""

    method: str
    company: str
    site: str
    began_at: datetime
    ended_at: datetime
    counts: Mapping[int, tuple[int, int]]
    film: Sequence[Segment] = ()
    no_film: str = ""


def originals_declare(*, actor: Actor, batch: DestructionBatch) -> DestructionBatch:
    """Say that papers of what is on the list lie in boxes. Nobody can take it back: then they must be seen to go.

    Raises Forbidden without the right, Conflict once the batch has its certificate or was refused.
    """
    actor.require_person(CARRY_OUT)
    with tenant_atomic():
        held = DestructionBatch.objects.select_for_update().get(id=batch.id)
        if held.state not in OPEN:
            raise Conflict(_("This destruction is at its end."))
        if held.originals:
            return held
        event_id = audit.record(
            actor=actor,
            action="compliance.destruction.originals_declared",
            object_type=OBJECT,
            object_id=held.id,
            after={"originals": True},
            digest=held.list_digest,
        )
        held.originals, held.audit_event_id = True, event_id
        held.save(update_fields=["originals", "audit_event_id"])
    return held


def shredding_record(*, actor: Actor, batch: DestructionBatch, record: Shredding) -> DestructionShredding:
    """Record how the paper originals went; what was recorded before counts no more, nor who witnessed it.

    Raises Forbidden without the right, Conflict before the execution, once the batch has its certificate and where it
    says that there are no originals, Invalid for what cannot be so.
    """
    member_id = actor.require_person(CARRY_OUT)
    with tenant_atomic():
        held = _shreds(batch)
        _check(held, record)
        before = shredding_of(held)
        version = before.version + 1 if before else 1
        counts = [
            {"place": place, "boxes": boxes, "papers": papers}
            for place, (boxes, papers) in sorted(record.counts.items())
            if boxes or papers
        ]
        film = film_told(record.film)
        company, site = said(record.company)[:MOST_WORDS], said(record.site)[:MOST_WORDS]
        no_film = said(record.no_film)[:MOST_WORDS]
        facts = shredding_facts(
            batch=str(held.id),
            version=version,
            method=record.method,
            company=company,
            site=site,
            began_at=record.began_at,
            ended_at=record.ended_at,
            counts=counts,
            film=film,
            no_film=no_film,
        )
        row = DestructionShredding(
            id=uuid7(),
            batch=held,
            version=version,
            method=record.method,
            began_at=record.began_at,
            ended_at=record.ended_at,
            counts=counts,
            digest=hashlib.sha256(audit.canonical(facts)).hexdigest(),
            recorded_by_id=member_id,
        )
        seal(row, company=company, site=site, no_film=no_film, film=json.dumps(film, ensure_ascii=False))
        row.audit_event_id = audit.record(
            actor=actor,
            action="compliance.destruction.shredded",
            object_type=OBJECT,
            object_id=held.id,
            after={
                "boxes": sum(each["boxes"] for each in counts),
                "papers": sum(each["papers"] for each in counts),
                "segments": len(film),
            },
            reason_code=record.method,
            digest=row.digest,
        )
        row.save(force_insert=True)
    return row


def shredding_witness(*, actor: Actor, batch: DestructionBatch, digest: str) -> ShreddingWitness:
    """Say that one saw the paper originals go as the record with this hash tells it.

    Raises Forbidden without a right of one's own, Conflict for another record by now, for whoever proposed the batch or
    recorded the shredding, and for a second word of one person.
    """
    with tenant_atomic():
        held = _shreds(batch)
        member_id = actor.require_own(WITNESS)
        shredding = shredding_of(held)
        if shredding is None or shredding.digest != digest:
            raise Conflict(_("What was recorded changed meanwhile. Look at it again before you speak about it."))
        if member_id in (held.proposed_by_id, shredding.recorded_by_id):
            raise Conflict(_("Whoever proposed the destruction or recorded the shredding does not witness it."))
        spoken = ShreddingWitness.objects.filter(batch=held, digest=digest)
        if spoken.filter(member_id=member_id).exists():
            raise Conflict(_("You have witnessed this already. Somebody else must."))
        if spoken.count() >= WITNESSES:
            raise Conflict(_("Two have witnessed this already."))
        event_id = audit.record(
            actor=actor,
            action="compliance.destruction.witnessed",
            object_type=OBJECT,
            object_id=held.id,
            digest=digest,
        )
        return ShreddingWitness.objects.create(batch=held, member_id=member_id, digest=digest, audit_event_id=event_id)


def _shreds(batch: DestructionBatch) -> DestructionBatch:
    """The batch under lock, if papers of it are to be shredded now."""
    held = DestructionBatch.objects.select_for_update().get(id=batch.id)
    if not held.originals:
        raise Conflict(_("This destruction says that it has no paper originals."))
    if held.state not in SHREDS:
        raise Conflict(_("Paper originals go when the destruction is executed, and before it is certified."))
    return held


def _check(batch: DestructionBatch, record: Shredding) -> None:
    gone = DestructionItem.objects.filter(batch=batch, state__in=["destroyed", "verified"])
    places = set(gone.values_list("place", flat=True))
    cooled = batch.cooling_until or batch.created_at
    problems = [
        *time_problems(record.began_at, record.ended_at, after=cooled, now=timezone.now()),
        *count_problems(record.counts, places),
        *film_problems(
            record.film,
            said(record.no_film),
            began_at=record.began_at,
            ended_at=record.ended_at,
            elsewhere=films_elsewhere(batch),
        ),
    ]
    faults = {problem.code: [problem.message] for problem in problems}
    for name in ("company", "site"):
        if not said(getattr(record, name)):
            faults[name] = [_("Say who destroyed the papers, and where.")]
    if faults:
        raise Invalid(fields=faults)
