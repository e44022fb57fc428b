"""The machine-readable certificate of a destruction: what was on the list, who said what, where it lay, what proves it.

`compliance/proofs/carloan_certificate.py` checks it with nothing but the ledger's public key. It names staff, because a
certificate is signed by people; of customers it holds ids, record classes and days. Two languages stand beside each
other in whatever is told in words.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone, translation

from carloan.compliance.holds import holdable
from carloan.compliance.models import (
    DestructionBatch,
    DestructionItem,
    DestructionShredding,
    DestructionVoice,
    LedgerCheckpoint,
)
from carloan.compliance.policies.certificates import tally, utc
from carloan.compliance.proofs import carloan_certificate
from carloan.compliance.retention import record_classes
from carloan.compliance.selectors.archive_backups import kept_until
from carloan.compliance.selectors.certificates import (
    Proofs,
    list_root,
    notary_of,
    qr_text,
    shredding_of,
    shredding_told,
    witnesses_of,
)
from carloan.compliance.selectors.days import StampedDay
from carloan.compliance.selectors.destruction import listed_facts, voices_of
from carloan.compliance.selectors.retention import legal
from carloan.compliance.selectors.tree import Tree
from carloan.compliance.storage_places import storage_places
from carloan.core import audit
from carloan.core.models import Tenant
from carloan.core.sealed import clear, warm
from carloan.core.tenancy import current_tenant_id

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def both(text: Any) -> dict[str, str]:
    """A text for people in the two languages of a certificate."""
    found = {}
    for code, language in LANGUAGES.items():
        with translation.override(language):
            found[code] = str(text)
    return found


def certificate_body(
    batch: DestructionBatch, items: Sequence[DestructionItem], proofs: Proofs, *, made_at: datetime
) -> dict[str, Any]:
    """The certificate of a verified batch, ready for `audit.canonical`."""
    tenant = Tenant.objects.get(id=current_tenant_id())
    root = list_root(items)
    gone = [item.destroyed_at for item in items if item.destroyed_at]
    last_gone = max(gone) if gone else batch.executed_at or made_at
    return {
        "format": carloan_certificate.FORMAT,
        "made_at": utc(made_at),
        "lender": {"id": str(tenant.id), "name": str(tenant), "zone": tenant.time_zone},
        "batch": {
            "id": str(batch.id),
            "number": batch.number,
            "policy": batch.policy_version,
            "opinion": clear(batch, "opinion"),
            "cooling_days": batch.cooling_days,
            "list_digest": batch.list_digest,
            "root": root.hex(),
            "qr": qr_text(batch, root),
            **{
                name: utc(moment)
                for name in ("created_at", "approved_at", "cooling_until", "executed_at", "verified_at")
                if (moment := getattr(batch, name))
            },
        },
        "proposer": {"name": batch.proposed_by.display_name, "at": utc(batch.created_at)},
        "voices": [_voice(voice) for voice in _voices(batch)],
        "counts": tally([item.state for item in items]),
        "units": [
            {"code": unit, "name": both(holdable(unit).label)} for unit in dict.fromkeys(item.unit for item in items)
        ],
        "items": [_item(batch, item) for item in items],
        "law": _law(items, batch),
        "places": [
            {
                "code": place.code,
                "name": both(place.label),
                "said": both(place.said),
                "gone_on": place.gone_on.isoformat() if place.gone_on else None,
            }
            for place in storage_places(timezone.localdate(last_gone), archived_until=kept_until())
        ],
        "originals": _originals(batch),
        "notary": _notary(batch),
        "ledger": _ledger(proofs),
    }


def _voices(batch: DestructionBatch) -> list[DestructionVoice]:
    voices = [voice for voice in voices_of(batch) if voice.list_digest == batch.list_digest]
    warm(voices)
    return voices


def _voice(voice: DestructionVoice) -> dict[str, Any]:
    return {
        "part": voice.part,
        "as": both(DestructionVoice.Part(voice.part).label),
        "name": voice.member.display_name,
        "agrees": voice.agrees,
        "reason": clear(voice, "reason"),
        "at": utc(voice.said_at),
        "event": str(voice.audit_event_id),
    }


def _item(batch: DestructionBatch, item: DestructionItem) -> dict[str, Any]:
    """`facts` are the very bytes whose hash was approved: whoever checks needs to know nothing of what they say."""
    return {
        "place": item.place,
        "facts": listed_facts(batch, item).decode(),
        "digest": item.digest,
        "state": item.state,
        "spared": item.spared,
        "files": item.files,
        "destroyed_at": utc(item.destroyed_at) if item.destroyed_at else None,
        "verified_at": utc(item.verified_at) if item.verified_at else None,
    }


def _law(items: Iterable[DestructionItem], batch: DestructionBatch) -> list[dict[str, Any]]:
    """For each record class on the list, every rule of the law by which its years were counted, the longest first."""
    listed = {each["class"] for item in items for each in item.records}
    on, view = timezone.localdate(batch.approved_at), legal()
    return [
        {
            "code": each.code,
            "name": both(each.label),
            "rules": [
                {
                    "code": floor.code,
                    "years": floor.years,
                    "from": both(floor.counts_from),
                    "article": both(floor.citation),
                    "confirmed": floor.confirmed,
                }
                for floor in view.floors(each, on)
            ],
        }
        for each in record_classes()
        if each.code in listed
    ]


def _originals(batch: DestructionBatch) -> dict[str, Any] | None:
    """How the papers went; None where the batch said that it has none."""
    shredding = shredding_of(batch) if batch.originals else None
    if shredding is None:
        return None
    return {
        "facts": audit.canonical(shredding_told(shredding)).decode(),
        "digest": shredding.digest,
        "method": both(DestructionShredding.Method(shredding.method).label),
        "recorded_by": shredding.recorded_by.display_name,
        "recorded_at": utc(shredding.recorded_at),
        "event": str(shredding.audit_event_id),
        "witnesses": [
            {"name": witness.member.display_name, "at": utc(witness.said_at), "event": str(witness.audit_event_id)}
            for witness in witnesses_of(shredding)
        ],
    }


def _notary(batch: DestructionBatch) -> dict[str, Any] | None:
    """The reason for none, where it was given before; a deed is about the certificate and comes behind it."""
    found = notary_of(batch)
    return None if found is None else {"reason": clear(found, "reason"), "event": str(found.audit_event_id)}


def _ledger(proofs: Proofs) -> dict[str, Any]:
    tree = Tree(proofs.size)
    checkpoint = LedgerCheckpoint.objects.get(size=proofs.size)
    return {
        "checkpoint": checkpoint.note,
        "key": checkpoint.signed_by,
        "events": [
            {
                "event": bytes(told.event.canon).decode(),
                "index": told.index,
                "proof": _encoded(tree.inclusion(told.index or 0)),
            }
            for told in proofs.told
        ],
        "stamp": _stamp(proofs.day) if proofs.day and proofs.stamped else None,
    }


def _stamp(day: StampedDay) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "taken_at": utc(day.taken_at),
        "authority": day.authority,
        "checkpoint": day.note,
        "body": day.body,
        "index": day.index,
        "proof": _encoded(day.proof),
        "token": b64encode(day.token).decode(),
    }


def _encoded(hashes: Iterable[bytes]) -> list[str]:
    return [b64encode(each).decode() for each in hashes]
