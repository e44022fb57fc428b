"""Destructions at their end, for the tests: executed and verified, older than their cooling-off, sealed and stamped."""

import hashlib
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import psycopg2
from django.utils import timezone

from carloan.compliance.adapters.tsa import sandbox
from carloan.compliance.models import (
    DestructionBatch,
    DestructionCertificate,
    DestructionItem,
    DestructionNotary,
    DestructionShredding,
    LedgerTimeToken,
)
from carloan.compliance.policies.certificates import Segment
from carloan.compliance.policies.destruction import MOVES, Evidence, list_digest
from carloan.compliance.selectors.destruction import listed_facts
from carloan.compliance.services.certifying import FILED, batch_certify
from carloan.compliance.services.destruction import OBJECT
from carloan.compliance.services.shredding import Shredding, shredding_record, shredding_witness
from carloan.compliance.services.stamping import day_make
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.sealed import seal
from carloan.core.tenancy import current_tenant_id, tenant_scope
from carloan.lib import merkle, timestamp
from carloan.lib.problems import Problem
from carloan.loans.models import Loan
from tests.cast import Lender, as_role, past_the_triggers
from tests.compliance.destroyed import approved, cooled, proposed
from tests.compliance.held import another
from tests.compliance.test_executing import execute, text_index_is_tidy, verify
from tests.compliance.test_sealing import seal_all
from tests.plugin import owner_urls

WHOLE = Evidence(originals=False, recorded=False, witnesses=0, sealed=True, stamped=True, waited=timedelta())
# Days are the installation's: each stamp takes one of its own.
DAYS = count()


def verified(lender: Lender, *loans: Loan, **more: Any) -> DestructionBatch:
    batch = approved(lender, proposed(lender, *loans, **more))
    cooled(batch)
    aged(batch)
    execute(lender, batch)
    text_index_is_tidy(lender)
    assert verify(lender, batch) == []
    return fresh(lender, batch)


def fresh(lender: Lender, batch: DestructionBatch) -> DestructionBatch:
    with lender.open():
        return DestructionBatch.objects.select_related("proposed_by").get(id=batch.id)


def aged(batch: DestructionBatch) -> None:
    """The events of the approval happened nine days ago: a superuser, whom no trigger binds, moves them before they are
    sealed, as `cooled` moves the batch."""
    with psycopg2.connect(owner_urls["DATABASE_URL"]) as link, link.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT id, canon FROM core_auditevent WHERE object_id = %s", [str(batch.id)])
        for event_id, stored in cursor.fetchall():
            canon = bytes(stored)
            at = canon.partition(b'"at":"')[2].partition(b'"')[0]
            earlier = datetime.fromisoformat(at.decode()) - timedelta(days=9)
            moved = canon.replace(at, earlier.isoformat(timespec="milliseconds").encode(), 1)
            cursor.execute(
                "UPDATE core_auditevent SET canon = %s, leaf = %s WHERE id = %s",
                [moved, hashlib.sha256(b"\x00" + moved).digest(), event_id],
            )
    link.close()


def stamped(lender: Lender, *, by: str = "") -> None:
    """A day over the lender's ledger as it is sealed now, and its token: the sandbox's, or as if it were somebody
    else's."""
    authority = sandbox.Authority()
    with as_role("sealer"):
        day = day_make(
            "ledger.example",
            date(2034, 1, 1) + timedelta(days=next(DAYS)),
            lenders=[lender.tenant.id],
            now=timezone.now(),
        )
        assert day is not None
        answer = authority.answer(timestamp.request(day.body.encode(), 7))
        stamp = timestamp.answered(answer, day.body.encode(), 7, [authority.root.certificate])
        LedgerTimeToken.objects.create(day=day, token=stamp.token, taken_at=stamp.at, authority=by or stamp.authority)


def certify(lender: Lender, batch: DestructionBatch) -> list[Problem]:
    with tenant_scope(lender.tenant.id):
        return batch_certify(actor=lender.system, batch_id=batch.id)


def certified(lender: Lender, batch: DestructionBatch) -> DestructionBatch:
    """With everything that a certificate rests on."""
    seal_all(lender)
    stamped(lender)
    assert certify(lender, batch) == []
    return fresh(lender, batch)


def verified_by_hand(lender: Lender, *, originals: bool = False) -> DestructionBatch:
    """What a batch of two loans and its list look like when they are verified, in the open transaction: nothing was
    destroyed, and the cooling-off lies behind."""
    now = timezone.now()
    another(lender, "compliance", "提议人")
    batch = DestructionBatch(
        id=uuid7(),
        number=next_number("destructions"),
        proposed_by=lender.members["提议人"],
        policy_version=1,
        cooling_days=7,
        originals=originals,
    )
    items = [DestructionItem(batch=batch, place=place, unit="loan", object_id=uuid7(), records=[]) for place in (1, 2)]
    for item in items:
        item.digest = merkle.leaf_hash(listed_facts(batch, item)).hex()
    batch.list_digest = list_digest(item.digest for item in items)
    seal(batch, opinion="保管期满")
    batch.audit_event_id = audit.record(
        actor=lender.system,
        action="compliance.destruction.proposed",
        object_type=OBJECT,
        object_id=batch.id,
        digest=batch.list_digest,
    )
    batch.save(force_insert=True)
    for item in items:
        item.audit_event_id = batch.audit_event_id
    DestructionItem.objects.bulk_create(items)
    with past_the_triggers():
        DestructionBatch.objects.filter(id=batch.id).update(
            state="verified",
            approved_at=now - timedelta(days=8),
            cooling_until=now - timedelta(days=1),
            executed_at=now,
            verified_at=now,
        )
        DestructionItem.objects.filter(batch=batch).update(state="verified", destroyed_at=now, verified_at=now)
    return fresh(lender, batch)


def certified_by_hand(batch: DestructionBatch) -> DestructionBatch:
    """A verified batch with a certificate, of which only the row is there."""
    row = DestructionCertificate(
        id=uuid7(), batch=batch, digest="1" * 64, pdf_digest="2" * 64, root="3" * 64, made_at=timezone.now(),
        audit_event_id=batch.audit_event_id,
    )  # fmt: skip
    seal(row, body="{}", pdf=b"%PDF-1.7")
    row.save(force_insert=True)
    system = Actor.system(current_tenant_id(), "test")
    audit.record(actor=system, action=FILED, object_type=OBJECT, object_id=batch.id, digest=row.pdf_digest)
    step(batch, MOVES, "certify", facts=WHOLE, audit_event_id=batch.audit_event_id)
    return batch


def notarised_by_hand(batch: DestructionBatch) -> DestructionBatch:
    """A certified batch with a deed, said by whoever proposed it."""
    row = DestructionNotary(
        id=uuid7(), batch=batch, notarised_on=timezone.localdate(), said_by_id=batch.proposed_by_id,
        audit_event_id=batch.audit_event_id,
    )  # fmt: skip
    seal(row, number="（2026）深证字第 1 号", office="深圳市公证处")
    row.save(force_insert=True)
    step(batch, MOVES, "notarise", audit_event_id=batch.audit_event_id)
    return batch


def segment(number: int = 1) -> Segment:
    """The first and the second half of the hour of `shredding`; further ones as the second."""
    end = timezone.now() - timedelta(hours=1)
    began = end - timedelta(minutes=60 if number == 1 else 30)
    digest = hashlib.sha256(b"film %d" % number).hexdigest()
    return Segment(f"销毁录像-{number}.mp4", 1_000_000 + number, digest, began, began + timedelta(minutes=30))


def shredding(**more: Any) -> Shredding:
    """A shredding of today, of one box with forty papers of the first thing, with a film of two segments."""
    end = timezone.now() - timedelta(hours=1)
    given: dict[str, Any] = {
        "method": "shredded",
        "company": "深圳安销信息销毁有限公司",
        "site": "深圳市宝安区销毁中心",
        "began_at": end - timedelta(hours=1),
        "ended_at": end,
        "counts": {1: (1, 40)},
        "film": [segment(1), segment(2)],
    }
    return Shredding(**given | more)


def shredded(lender: Lender, batch: DestructionBatch, **more: Any) -> DestructionShredding:
    """Recorded by the archivist and witnessed by two others."""
    with lender.open():
        record = shredding_record(actor=another(lender, "archivist", "经办人"), batch=batch, record=shredding(**more))
        for role, name in (("officer", "监销人甲"), ("archivist", "监销人乙")):
            shredding_witness(actor=another(lender, role, name), batch=batch, digest=record.digest)
    return record
