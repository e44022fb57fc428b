"""Acts on the register of entrusted processors: registered, supervised, ended, and what became of the data."""

from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import EntrustedProcessor, Supervision
from carloan.compliance.policies.processors import MOVES
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

MANAGE: Final = "processors.manage"
OBJECT: Final = "compliance.entrustedprocessor"
MOST_WORDS: Final = 4_000
# What the law wants agreed (PIPL 21 para. 1), each with the longest text.
TERMS: Final = {
    "name": 120,
    "contract": 60,
    "purpose": MOST_WORDS,
    "manner": MOST_WORDS,
    "kinds": MOST_WORDS,
    "measures": MOST_WORDS,
    "duties": MOST_WORDS,
}


def processor_register(*, actor: Actor, starts_on: date, ends_on: date, **terms: str) -> EntrustedProcessor:
    """Enter a contract with a processor; `terms` are those of TERMS, and each must be there.

    Raises Invalid for what is missing and a term that ends before it begins, Forbidden without the right or for a key.
    """
    member_id = actor.require_person(MANAGE)
    faults: dict[str, list[Any]] = {
        name: [_("The law wants this agreed (art. 21).")] for name in TERMS if not terms.get(name, "").strip()
    }
    if ends_on < starts_on:
        faults["ends_on"] = [_("The term ends before it begins.")]
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        row = EntrustedProcessor(
            id=uuid7(), starts_on=starts_on, ends_on=ends_on, registered_by_id=member_id,
            **{name: terms[name].strip()[:most] for name, most in TERMS.items()},
        )  # fmt: skip
        row.number = next_number("processors")
        row.audit_event_id = audit.record(
            actor=actor, action="compliance.processor.registered", object_type=OBJECT, object_id=row.id,
            after={"number": row.number},
        )  # fmt: skip
        row.save(force_insert=True)
    return row


def processor_supervise(
    *, actor: Actor, processor: EntrustedProcessor, looked_on: date, finding: str, words: str
) -> Supervision:
    """Enter that somebody looked after a processor, and what was found.

    Raises Invalid without a finding or words and for a day to come or before the contract, Conflict once the data are
    confirmed to be gone, Forbidden without the right.
    """
    member_id = actor.require_person(MANAGE)
    faults: dict[str, list[Any]] = {}
    if finding not in Supervision.Finding.values:
        faults["finding"] = [_("Choose one of the list.")]
    if not said(words):
        faults["words"] = [_("Say what was found and done.")]
    if not processor.starts_on <= looked_on <= timezone.localdate():
        faults["looked_on"] = [_("Give a day since the contract runs, not one to come.")]
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        held = EntrustedProcessor.objects.select_for_update(of=("self",)).get(id=processor.id)
        if held.state == EntrustedProcessor.State.CLOSED:
            raise Conflict(_("This contract is over, and its data are gone."))
        row = Supervision(
            id=uuid7(), processor=held, looked_on=looked_on, finding=finding, words=words.strip()[:MOST_WORDS],
            recorded_by_id=member_id,
        )  # fmt: skip
        row.audit_event_id = audit.record(
            actor=actor, action="compliance.processor.supervised", object_type=OBJECT, object_id=held.id,
            reason_code=finding,
        )  # fmt: skip
        row.save(force_insert=True)
    return row


def processor_end(*, actor: Actor, processor: EntrustedProcessor, ended_on: date) -> EntrustedProcessor:
    """The contract ended. Raises Invalid for a day to come or before it began, Conflict, Forbidden."""
    actor.require_person(MANAGE)
    if not processor.starts_on <= ended_on <= timezone.localdate():
        raise Invalid(fields={"ended_on": [_("Give a day since the contract runs, not one to come.")]})
    return _step(actor, processor, "end", "compliance.processor.ended", ended_on=ended_on)


def processor_close(*, actor: Actor, processor: EntrustedProcessor, fate: str, evidence: str) -> EntrustedProcessor:
    """The processor keeps nothing (PIPL 21 para. 2): what became of the data, and what shows it.

    Raises Invalid without either, Conflict for a contract that did not end or is closed, Forbidden without the right.
    """
    actor.require_person(MANAGE)
    faults = {}
    if fate not in [value for value in EntrustedProcessor.Fate.values if value]:
        faults["fate"] = [_("Say what became of the data.")]
    if not said(evidence):
        faults["evidence"] = [_("Name what shows it.")]
    if faults:
        raise Invalid(fields=faults)
    values = {"fate": fate, "evidence": said(evidence)[:200], "closed_on": timezone.localdate()}
    return _step(actor, processor, "close", "compliance.processor.closed", **values)


def _step(actor: Actor, processor: EntrustedProcessor, event: str, action: str, **values: Any) -> EntrustedProcessor:
    with tenant_atomic():
        held = EntrustedProcessor.objects.select_for_update(of=("self",)).get(id=processor.id)
        MOVES.need(held.state, event)
        event_id = audit.record(
            actor=actor, action=action, object_type=OBJECT, object_id=held.id, reason_code=values.get("fate", "")
        )
        step(held, MOVES, event, audit_event_id=event_id, **values)
    return held
