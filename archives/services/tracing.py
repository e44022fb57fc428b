"""A leaked picture traced to the look it was taken at: by the id hidden in it, or by the one that is read on it."""

import hashlib
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from carloan.archives.models import PageMark
from carloan.archives.recognition import guard, media, sandbox
from carloan.archives.recognition.refusals import Refused
from carloan.archives.watermark import codes
from carloan.compliance.selectors.trail import Entry, entries_of
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Invalid
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_atomic

TRACED: Final = "archives.picture.traced"
RIGHT: Final = "papers.trace"


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of a picture. `code`: the id it carries, "" where none was found; `mark` and `entry`: the look of
    this lender that it belongs to; `sure`: how well the picture agrees with it, in percent; None for a typed one."""

    code: str
    mark: PageMark | None = None
    entry: Entry | None = None
    sure: int | None = None


def picture_trace(*, actor: Actor, data: bytes) -> Trace:
    """The look at which a leaked file (picture or PDF) was taken, as far as it still tells. Nothing of it is kept.

    It is opened in a sandbox and looked at for ids; one that this lender never gave out is no trace. The event is there
    whatever was found. Call it outside of a transaction: the look takes seconds. Raises Invalid for a file that is
    neither picture nor PDF, or cannot be opened.
    """
    actor.require(RIGHT)
    try:
        kind = guard.admit(data)
        if kind == media.ZIP:
            raise Refused("type_unknown")
        found = list(sandbox.leak(data, kind))
    except Refused as refused:
        raise Invalid(fields={"file": [refused.message]}) from refused
    with tenant_atomic():
        known = {mark.code: mark for mark in PageMark.objects.filter(code__in=[each["code"] for each in found])}
        best = max(found, key=lambda each: (each["code"] in known, each["sure"]), default=None)
        code = str(best["code"]) if best else ""
        return _told(
            actor, Trace(code, known.get(code), sure=best["sure"] // 10 if best else None),
            {"leaked_sha256": hashlib.sha256(data).hexdigest()},
        )  # fmt: skip


def code_trace(*, actor: Actor, text: str) -> Trace:
    """The look whose id somebody read on a picture. Raises Invalid for what is no id."""
    actor.require(RIGHT)
    code = codes.typed(text)
    if code is None:
        raise Invalid(fields={"code": [_("An id has thirteen letters and digits, like 7K3M-9QXD-2F4BA.")]})
    with tenant_atomic():
        return _told(actor, Trace(code, PageMark.objects.filter(code=code).first()), {})


def _told(actor: Actor, trace: Trace, after: dict[str, object]) -> Trace:
    mark = trace.mark
    audit.record(
        actor=actor, action=TRACED, object_type="archives.paper" if mark else "archives.leak",
        object_id=mark.paper_id if mark else None,
        after={"code": trace.code, "look": str(mark.audit_event_id) if mark else "", **after},
    )  # fmt: skip
    event = AuditEvent.objects.filter(id=mark.audit_event_id).first() if mark else None
    entry = entries_of(actor, [event])[0] if event else None
    return Trace(trace.code, mark, entry, trace.sure)
