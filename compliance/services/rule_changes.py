"""Take up a rule change: enter it, read it, decide what it touches, say that it is done."""

from collections.abc import Collection
from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import RuleChange
from carloan.compliance.policies.register_words import without_numbers
from carloan.compliance.policies.rule_changes import MOVES, Facts
from carloan.compliance.touchable import all_touchable
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import Membership
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

MANAGE: Final = "rule_changes.manage"
OBJECT: Final = "compliance.rulechange"


def rule_change_enter(
    *, actor: Actor, title: str, citation: str, effective_on: date, owner: Membership
) -> RuleChange:  # fmt: skip
    """Enter a regulation that is new or changed; its owner reads it and takes it further.

    Raises Invalid without a title or with an owner who left; Forbidden without the right.
    """
    actor.require_person(MANAGE)
    faults = without_numbers({"title": title, "citation": citation})
    if not said(title):
        faults["title"] = [_("Name the regulation.")]
    if not owner.is_active:
        faults["owner"] = [_("This person has left. Choose somebody else.")]
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        change = RuleChange(
            id=uuid7(), title=said(title), citation=said(citation), effective_on=effective_on, owner=owner
        )
        change.audit_event_id = audit.record(
            actor=actor, action="compliance.rule_change.entered", object_type=OBJECT, object_id=change.id,
            after={"title": change.title, "citation": change.citation, "effective_on": effective_on,
                   "owner": str(owner.id)},
        )  # fmt: skip
        change.number = next_number("rule_changes")
        change.save(force_insert=True)
    return change


def rule_change_read(*, actor: Actor, change: RuleChange, revision: int) -> RuleChange:
    """Say that one has read it. Raises Conflict when it moved on since `revision` was read."""
    member_id = actor.require_person(MANAGE)
    with tenant_atomic():
        held = _held(change, revision, "read")
        event_id = audit.record(
            actor=actor, action="compliance.rule_change.read", object_type=OBJECT, object_id=held.id
        )
        step(held, MOVES, "read", audit_event_id=event_id, read_by_id=member_id, read_at=timezone.now())
    return held


def rule_change_decide(
    *, actor: Actor, change: RuleChange, revision: int, touches: Collection[str], decision: str, due_on: date | None
) -> RuleChange:
    """Decide what it touches here, what is done about it and by when. Decided again it replaces what was decided.

    Raises Invalid without words, for a day behind the one from which the rule counts and for what nobody can touch;
    Conflict as rule_change_read().
    """
    member_id = actor.require_person(MANAGE)
    known = [each.code for each in all_touchable()]
    if set(touches) - set(known):
        raise Invalid(fields={"touches": [_("This is not in the list.")]})
    if faults := without_numbers({"decision": decision}):
        raise Invalid(fields=faults)
    with tenant_atomic():
        held = _held(change, revision, "decide")
        chosen = [code for code in known if code in touches]
        facts = Facts(decision=said(decision), due_on=due_on, effective_on=held.effective_on)
        event_id = audit.record(
            actor=actor, action="compliance.rule_change.decided", object_type=OBJECT, object_id=held.id,
            before={"touches": held.touches, "decision": held.decision, "due_on": held.due_on},
            after={"touches": chosen, "decision": facts.decision, "due_on": due_on},
        )  # fmt: skip
        step(
            held, MOVES, "decide", facts=facts, audit_event_id=event_id, touches=chosen, decision=facts.decision,
            due_on=due_on, decided_by_id=member_id, decided_at=timezone.now(),
        )  # fmt: skip
    return held


def rule_change_finish(*, actor: Actor, change: RuleChange, revision: int) -> RuleChange:
    """Say that everything decided is done. Raises Conflict as rule_change_read()."""
    member_id = actor.require_person(MANAGE)
    with tenant_atomic():
        held = _held(change, revision, "finish")
        event_id = audit.record(
            actor=actor, action="compliance.rule_change.finished", object_type=OBJECT, object_id=held.id
        )
        step(held, MOVES, "finish", audit_event_id=event_id, done_by_id=member_id, done_at=timezone.now())
    return held


def _held(change: RuleChange, revision: int, event: str) -> RuleChange:
    held = RuleChange.objects.select_for_update().get(id=change.id)
    MOVES.need(held.state, event)
    if held.revision != revision:
        raise Conflict
    return held
