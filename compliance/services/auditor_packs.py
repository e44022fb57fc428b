"""Make the auditor's pack: what is claimed, what shows it, what the installation tells, in one zip with its hashes.

Facts are gathered in the request that asks for it, because workers read no second factors; the rest is done by a job.
"""

import base64
import hashlib
import io
import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carloan.compliance import controls
from carloan.compliance.bill import bill_of_materials
from carloan.compliance.controls.facts import all_facts
from carloan.compliance.controls.results import results, source_digest
from carloan.compliance.models import AuditorPack
from carloan.compliance.pack_pages import page_of, pdf_of
from carloan.compliance.selectors.controls import PACK, outcome_of
from carloan.compliance.selectors.registers import exam_rows, gate_rows, risk_rows, rule_change_rows
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.core import audit, jobs
from carloan.core.access import actor_again
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, NotFound
from carloan.core.ids import uuid7
from carloan.core.models import Job
from carloan.core.numbers import next_number
from carloan.core.sealed import clear, seal
from carloan.core.selectors import lender_name
from carloan.core.tenancy import tenant_atomic
from carloan.lib.spreadsheet import Cell, csv_lines

EXPORT: Final = "controls.export"
FORMAT: Final = "carloan-auditor-pack/1"
OBJECT: Final = "compliance.auditorpack"


def pack_ask(*, actor: Actor) -> Job:
    """Order a pack with the facts of this moment, in the reader's language; a job makes it.

    Raises Conflict while one is being made, Forbidden without the right or for a key of another system.
    """
    actor.require_person(EXPORT)
    with tenant_atomic():
        if Job.objects.filter(kind=PACK, state__in=[Job.State.WAITING, Job.State.RUNNING]).exists():
            raise Conflict(_("A pack is being made already. Wait for it."))
        facts = [
            {
                "code": fact.code,
                "label": str(fact.label),
                "lines": [{"label": line.label, "value": line.value, "good": line.good} for line in fact.read()],
            }
            for fact in all_facts()
        ]
        params = {"facts": facts, "language": translation.get_language(), "asked_at": timezone.now().isoformat()}
        return jobs.start(actor=actor, kind=PACK, total=1, params=params)


def pack_make(*, job_id: UUID) -> AuditorPack | None:
    """Work on an order; None when somebody else does. Its person must still have the right: otherwise it fails."""
    if (job := jobs.claim(job_id)) is None:
        return None
    with translation.override(job.params["language"]):
        # Drawing takes seconds and writes nothing: the transaction that does is short, so that the seal need not wait.
        with tenant_atomic():
            actor = actor_again("person", job.started_by_id, name="worker")
            if actor is None or not actor.can(EXPORT):
                jobs.fail(job, gettext_lazy("Whoever asked for it has no right to it any more."))
                return None
            pack = AuditorPack(
                id=uuid7(), release=settings.VERSION, job=job, made_by_id=actor.membership_id, counts=_counts()
            )
            data = _zip(actor, pack, job.params)
        with tenant_atomic():
            return _keep(actor, pack, job, data)


def _keep(actor: Actor, pack: AuditorPack, job: Job, data: bytes) -> AuditorPack:
    pack.digest, pack.size = hashlib.sha256(data).hexdigest(), len(data)
    seal(pack, content=base64.b64encode(data).decode())
    pack.audit_event_id = audit.record(
        actor=actor, action="compliance.pack.made", object_type=OBJECT, object_id=pack.id, digest=pack.digest,
        after={"size": pack.size, "release": pack.release},
    )  # fmt: skip
    pack.number = next_number("auditor_packs")
    pack.save(force_insert=True)
    jobs.advance(job, done=1)
    jobs.finish(job, {"pack": str(pack.id)})
    return pack


def pack_download(*, actor: Actor, pack: AuditorPack) -> bytes:
    """The zip, as it was made; told before it leaves. Raises NotFound for one whose bytes are not what was made."""
    actor.require(EXPORT)
    with tenant_atomic():
        audit.record(
            actor=actor, action="compliance.pack.downloaded", object_type=OBJECT, object_id=pack.id,
            digest=pack.digest, count=1,
        )  # fmt: skip
    data = base64.b64decode(clear(pack, "content"))
    if hashlib.sha256(data).hexdigest() != pack.digest:
        raise NotFound
    return data


def _counts() -> dict[str, dict[str, int]]:
    return {each.code: {str(status): count for status, count in each.counts.items()} for each in controls.frameworks()}


def _zip(actor: Actor, pack: AuditorPack, params: Mapping[str, Any]) -> bytes:
    frame = _frame(actor, pack, params)
    page = page_of(frame, facts=params["facts"])
    parts: dict[str, bytes] = {
        "controls.json": _json({"frameworks": [_framework(each) for each in controls.frameworks()]}),
        "facts.json": _json({"as_of": params["asked_at"], "facts": params["facts"]}),
        "test-results.json": _json(_results()),
        "sbom.cdx.json": _json(bill_of_materials()),
        "auditor-pack.html": page.encode(),
        "risks.csv": _csv(lambda: risk_rows(actor)),
        "exams.csv": _csv(exam_rows),
        "rights-that-wait.csv": _csv(gate_rows),
        "rule-changes.csv": _csv(lambda: rule_change_rows(actor)),
    }
    if (pdf := pdf_of(page)) is not None:
        parts["auditor-pack.pdf"] = pdf
    files = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in parts.items()
    ]
    out, moment = io.BytesIO(), timezone.localtime().timetuple()[:6]
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in {**parts, "manifest.json": _json({**frame, "files": files})}.items():
            info = ZipInfo(name, moment)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def _frame(actor: Actor, pack: AuditorPack, params: Mapping[str, Any]) -> dict[str, Any]:
    """What the pack says of itself."""
    last = last_checkpoint()
    return {
        "format": FORMAT,
        "id": str(pack.id),
        "lender": lender_name(),
        "release": pack.release,
        "sources": source_digest(),
        "made_by": actor.name,
        "facts_as_of": params["asked_at"],
        "checkpoint": None if last is None else {"size": last.size, "root": bytes(last.root).hex(), "note": last.note},
    }


def _framework(framework: controls.Framework) -> dict[str, Any]:
    found = results()
    return {
        "code": framework.code,
        "title": _both(framework.title),
        "source": framework.source,
        "counts": {str(status): count for status, count in framework.counts.items()},
        "controls": [
            {
                "id": each.id,
                "level": each.level,
                "words": _both(each.words),
                "status": str(each.status),
                "why": _both(each.why) if each.why else None,
                "number_confirmed": each.confirmed,
                "counsel_to_confirm": each.counsel,
                "tests": str(outcome) if (outcome := outcome_of(each.proofs, found)) else None,
                "proofs": [
                    {"key": one.key, "words": _both(one.words), "tests": one.tests, "docs": one.docs, "facts": one.live}
                    for one in each.proofs
                ],
            }
            for each in framework.controls
        ],
    }


def _both(words: controls.Words) -> dict[str, str]:
    return {"en": words.en, "zh": words.zh}


def _results() -> dict[str, Any]:
    found = results()
    if found is None:
        return {"carried": False, "sources": source_digest()}
    return {
        "carried": True,
        "release": found.release,
        "sources": source_digest(),
        "ended_at": found.ended_at.isoformat(),
        "tests": {name: str(told) for name, told in found.tests.items()},
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _csv(rows: Callable[[], list[list[Cell]]]) -> bytes:
    return "".join(csv_lines(rows())).encode()
