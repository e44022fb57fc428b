"""A person's copy of their data (PIPL 45), and what goes to a handler whom they name (para. 3): asked for, gathered
section by section by a worker, handed out and told."""

import hashlib
import json
from typing import Any, Final
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from carloan.compliance.models import PersonCopy, PersonRequest
from carloan.compliance.personal_data import Section, sections, sections_of_transfer
from carloan.compliance.selectors.person_rights import COPY_JOB, PARTY, copy_job_of, is_busy
from carloan.compliance.selectors.transfers import TAKEN, recipient_of
from carloan.compliance.services.transfers import require_conditions, require_package
from carloan.compliance.tasks import work_on_person_copy
from carloan.core import audit, jobs
from carloan.core.actors import Actor
from carloan.core.errors import Conflict
from carloan.core.ids import uuid7
from carloan.core.keys import KeyDestroyed
from carloan.core.models import Job
from carloan.core.sealed import clear, seal
from carloan.core.selectors import lender_name
from carloan.core.tenancy import current_tenant_id, tenant_atomic

COPY: Final = "person_rights.copy"
FORMAT: Final = "carloan-person-copy/1"
TRANSFER_FORMAT: Final = "carloan-person-transfer/1"
COPIED: Final = (PersonRequest.Kind.COPY, PersonRequest.Kind.TRANSFER)
GONE: Final = gettext_lazy("The data of this person were destroyed.")


def copy_ask(*, actor: Actor, request: PersonRequest) -> Job:
    """Have the copy made, or the package of a transfer.

    Raises Conflict unless the request asks for one, its identity is checked, every condition of a transfer is met and
    none is being made; Forbidden without the right or for a key of another system.
    """
    actor.require_person(COPY)
    with tenant_atomic():
        held = PersonRequest.objects.select_for_update(of=("self",)).get(id=request.id)
        if held.kind not in COPIED or held.state != PersonRequest.State.WORKING:
            raise Conflict(_("A copy is made for a request for one, once it is known who asks."))
        if held.kind == PersonRequest.Kind.TRANSFER:
            require_conditions(held)
        if is_busy(copy_job_of(held)):
            raise Conflict(_("The copy is being made already."))
        params = {"request": str(held.id), "language": get_language() or "zh-hans"}
        job = jobs.start(actor=actor, kind=COPY_JOB, total=len(_sections(held)), params=params)
        work_on_person_copy.send(job_id=str(job.id))
    return job


def copy_work(*, job_id: UUID) -> None:
    """Gather the copy, a section a step. Nothing of it is kept before it is whole: a killed run begins anew."""
    job = jobs.claim(job_id)
    if job is None:
        return
    try:
        with translation.override(job.params["language"]):
            _gather(job)
    except KeyDestroyed:
        jobs.fail(job, GONE)
    except Conflict:
        return  # somebody else has it


def _gather(job: Job) -> None:
    with tenant_atomic():
        request = PersonRequest.objects.get(id=job.params["request"])
        lender = lender_name()
        head = _head(request)
    gathered: list[dict[str, Any]] = []
    for done, section in enumerate(_sections(request), start=1):
        with tenant_atomic():
            records = [
                [
                    {"name": one.name, "label": one.label, "value": one.value}
                    for one in record
                    if request.kind == PersonRequest.Kind.COPY or one.name in section.transfers
                ]
                for record in section.gather(request.party_id)
            ]
        gathered.append({"code": section.code, "title": str(section.label), "records": records})
        jobs.advance(job, done=done)
    content = {
        **head,
        "lender": lender,
        "request": request.number,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "language": job.params["language"],
        "sections": gathered,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    with tenant_atomic():
        copy = PersonCopy(
            id=uuid7(),
            request=request,
            party_id=request.party_id,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            records=sum(len(section["records"]) for section in gathered),
        )
        seal(copy, content=text)
        copy.audit_event_id = audit.record(
            actor=Actor.system(current_tenant_id(), "worker"),
            action="compliance.person_copy.made",
            object_type="compliance.personrequest",
            object_id=request.id,
            count=copy.records,
            digest=copy.digest,
        )
        copy.save(force_insert=True)
        jobs.finish(job, {"copy": str(copy.id)})


def _sections(request: PersonRequest) -> list[Section]:
    return sections() if request.kind == PersonRequest.Kind.COPY else sections_of_transfer()


def _head(request: PersonRequest) -> dict[str, Any]:
    """What the content is, and for a transfer to whom it goes."""
    if request.kind == PersonRequest.Kind.COPY:
        return {"format": FORMAT}
    recipient = recipient_of(request)
    if recipient is None:
        raise ValueError("a package is made for a handler that was named")
    named = {name: clear(recipient, name) for name in ("name", "credit_code", "contact")}
    return {"format": TRANSFER_FORMAT, "recipient": named}


def copy_take(*, actor: Actor, copy: PersonCopy) -> dict[str, Any]:
    """The content of a copy, to be handed to the person; that it left is told first, as a look at the person too.

    Raises Conflict for a person whose data were destroyed meanwhile and for a package of a transfer that must not
    leave; Forbidden without the right or for a key of another system.
    """
    actor.require_person(COPY)
    if copy.request.kind == PersonRequest.Kind.TRANSFER:
        require_package(copy.request, copy)
    try:
        content: dict[str, Any] = json.loads(clear(copy, "content"))
    except KeyDestroyed as error:
        raise Conflict(GONE) from error
    with tenant_atomic():
        audit.record(
            actor=actor,
            action=TAKEN,
            object_type=PARTY,
            object_id=copy.party_id,
            count=copy.records,
            digest=copy.digest,
        )
    return content
