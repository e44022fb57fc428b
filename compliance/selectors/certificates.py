"""Reads of the end of a destruction: how its paper originals went, what its certificate waits for, certificate, notary,
and the register of all destructions."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from carloan.compliance.models import (
    DestructionBatch,
    DestructionCertificate,
    DestructionItem,
    DestructionNotary,
    DestructionShredding,
    LedgerLeaf,
    ShreddingWitness,
)
from carloan.compliance.policies.certificates import shredding_facts, tally
from carloan.compliance.policies.destruction import Evidence, missing_evidence
from carloan.compliance.selectors.days import StampedDay, last_stamped_day
from carloan.compliance.selectors.destruction import VIEW
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.core import sealed
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.core.models import AuditEvent
from carloan.lib import merkle
from carloan.lib.problems import Problem

ACTS: Final = "compliance.destruction."
# How a batch came to its end; what is done with its certificate afterwards is no part of that.
LATER: Final = tuple(f"{ACTS}{act}" for act in ("certified", "certificate_filed", "certificate_taken", "notarised"))
PAGE: Final = 50


def shredding_of(batch: DestructionBatch) -> DestructionShredding | None:
    """The record that counts."""
    rows = DestructionShredding.objects.select_related("recorded_by").filter(batch=batch)
    return rows.order_by("-version").first()


def witnesses_of(shredding: DestructionShredding) -> list[ShreddingWitness]:
    """Who spoke about this record."""
    rows = ShreddingWitness.objects.select_related("member").filter(batch_id=shredding.batch_id)
    return list(rows.filter(digest=shredding.digest).order_by("id"))


def shredding_told(shredding: DestructionShredding) -> dict[str, Any]:
    """What the hash of a record is made of."""
    return shredding_facts(
        batch=str(shredding.batch_id),
        version=shredding.version,
        method=shredding.method,
        company=sealed.clear(shredding, "company"),
        site=sealed.clear(shredding, "site"),
        began_at=shredding.began_at,
        ended_at=shredding.ended_at,
        counts=shredding.counts,
        film=json.loads(sealed.clear(shredding, "film") or "[]"),
        no_film=sealed.clear(shredding, "no_film"),
    )


def films_elsewhere(batch: DestructionBatch) -> dict[str, int]:
    """The numbers of other destructions by the SHA-256 of the segments of film on record for them."""
    rows = list(DestructionShredding.objects.select_related("batch").exclude(batch=batch))
    sealed.warm(rows)
    films = ((row, json.loads(sealed.clear(row, "film") or "[]")) for row in rows)
    return {each["sha256"]: row.batch.number for row, film in films for each in film}


def certificate_of(batch: DestructionBatch) -> DestructionCertificate | None:
    """Without the PDF, which is large."""
    return DestructionCertificate.objects.defer("pdf").filter(batch=batch).first()


def get_certificate_for(actor: Actor, batch: DestructionBatch) -> DestructionCertificate:
    """With the PDF. Raises NotFound while there is none."""
    actor.require(VIEW)
    found = DestructionCertificate.objects.filter(batch=batch).first()
    if found is None:
        raise NotFound
    return found


def notary_of(batch: DestructionBatch) -> DestructionNotary | None:
    """The deed, or the reason for none while there is no deed."""
    rows = DestructionNotary.objects.select_related("said_by").filter(batch=batch)
    return rows.order_by("notarised_on").first()


def notary_facts(
    batch: DestructionBatch, certificate: str, *, number: str, office: str, notarised_on: date
) -> dict[str, Any]:
    """What the hash of a deed's entry is made of; `certificate` is the hash of what it is about."""
    return {
        "v": 1,
        "batch": str(batch.id),
        "certificate": certificate,
        "number": number,
        "office": office,
        "notarised_on": notarised_on.isoformat(),
    }


def list_root(items: Sequence[DestructionItem]) -> bytes:
    """The root (RFC 6962) over the hashes of what stood on the list when it was approved, in their order."""
    kept = [item for item in items if item.state != DestructionItem.State.DROPPED]
    return merkle.root([bytes.fromhex(item.digest) for item in kept])


def qr_text(batch: DestructionBatch, root: bytes) -> str:
    """What the code on film and certificate says: which batch, and the root of its list."""
    return f"carloan:destruction:{batch.id}:{root.hex()}"


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a batch, and where it stands in the ledger; no place while it is not sealed."""

    event: AuditEvent
    index: int | None


def events_of(batch: DestructionBatch, items: Sequence[DestructionItem]) -> list[Told]:
    """Everything that was done to a batch and the things on its list up to its certificate, in the order of acts."""
    ids = [batch.id, *(item.id for item in items)]
    # No event of a batch is older than it: the trail's older months are not looked at.
    rows = AuditEvent.objects.filter(object_id__in=ids, id__gte=batch.id, action__startswith=ACTS)
    done = rows.exclude(action__in=LATER).exclude(outcome=AuditEvent.Outcome.REFUSED)
    events = list(done.only("id", "canon", "action", "created_at").order_by("id"))
    places = dict(
        LedgerLeaf.objects.filter(event_id__in=[event.id for event in events]).values_list("event_id", "index")
    )
    return [Told(event, places.get(event.id)) for event in events]


@dataclass(frozen=True, slots=True)
class Proofs:
    """What the ledger says of a batch at this moment."""

    told: Sequence[Told]
    size: int
    day: StampedDay | None

    @property
    def sealed(self) -> bool:
        return all(each.index is not None and each.index < self.size for each in self.told)

    @property
    def stamped(self) -> bool:
        last = max((each.index or 0 for each in self.told), default=0)
        return self.sealed and self.day is not None and self.day.size > last


def proofs_of(batch: DestructionBatch, items: Sequence[DestructionItem]) -> Proofs:
    checkpoint = last_checkpoint()
    size = checkpoint.size if checkpoint else 0
    return Proofs(events_of(batch, items), size, last_stamped_day(size) if size else None)


def evidence_of(batch: DestructionBatch, items: Sequence[DestructionItem], proofs: Proofs) -> Evidence:
    """What stands of what a certificate rests on. Where everything was kept back no papers go either."""
    originals = batch.originals and any(item.state == DestructionItem.State.VERIFIED for item in items)
    shredding = shredding_of(batch) if originals else None
    return Evidence(
        originals=originals,
        recorded=shredding is not None,
        witnesses=len(witnesses_of(shredding)) if shredding else 0,
        sealed=proofs.sealed,
        stamped=proofs.stamped,
        waited=timezone.now() - max(each.event.created_at for each in proofs.told),
    )


def certificate_waits_for(batch: DestructionBatch, items: Sequence[DestructionItem]) -> list[Problem]:
    """What is missing for the certificate of a verified batch; nothing: the next sweep makes it."""
    return missing_evidence(evidence_of(batch, items, proofs_of(batch, items)))


def to_certify() -> list[UUID]:
    """Batches of the open tenant that are verified and have no certificate."""
    rows = DestructionBatch.objects.filter(state=DestructionBatch.State.VERIFIED).order_by("number")
    return list(rows.values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class Entry:
    """A batch as the register tells it."""

    batch: DestructionBatch
    counts: dict[str, int]
    certificate: DestructionCertificate | None
    notary: DestructionNotary | None


def register_for(actor: Actor, *, below: int | None = None) -> tuple[list[Entry], int | None]:
    """A page of the register, the newest first, and below which number the next one begins."""
    actor.require(VIEW)
    rows = DestructionBatch.objects.select_related("proposed_by").order_by("-number")
    if below is not None:
        rows = rows.filter(number__lt=below)
    batches = list(rows[: PAGE + 1])
    found = _entries(batches[:PAGE])
    return found, batches[PAGE - 1].number if len(batches) > PAGE else None


def register_lines(actor: Actor) -> Iterator[tuple[Entry, list[DestructionItem]]]:
    """Every batch with its list, the oldest first: some at a time, in the open tenant."""
    actor.require(VIEW)
    last = 0
    while batches := list(
        DestructionBatch.objects.select_related("proposed_by").filter(number__gt=last).order_by("number")[:PAGE]
    ):
        last = batches[-1].number
        items: dict[UUID, list[DestructionItem]] = {}
        for item in DestructionItem.objects.filter(batch__in=batches).order_by("place"):
            items.setdefault(item.batch_id, []).append(item)
        for entry in _entries(batches):
            yield entry, items.get(entry.batch.id, [])


def register_count(actor: Actor) -> int:
    """Lines of the register: one a thing on a list."""
    actor.require(VIEW)
    return DestructionItem.objects.count()


def _entries(batches: Sequence[DestructionBatch]) -> list[Entry]:
    states: dict[UUID, list[str]] = {}
    for batch_id, state in DestructionItem.objects.filter(batch__in=batches).values_list("batch_id", "state"):
        states.setdefault(batch_id, []).append(state)
    certificates = _by_batch(DestructionCertificate.objects.defer("pdf", "body").filter(batch__in=batches))
    # A deed comes behind the reason for none, and counts.
    notaries = _by_batch(DestructionNotary.objects.filter(batch__in=batches).order_by("-notarised_on"))
    sealed.warm(notaries.values())
    return [
        Entry(batch, tally(states.get(batch.id, [])), certificates.get(batch.id), notaries.get(batch.id))
        for batch in batches
    ]


def _by_batch(rows: Any) -> dict[UUID, Any]:
    return {row.batch_id: row for row in rows}
