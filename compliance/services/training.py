"""Keep courses, enter results of exams, let rights wait for them."""

from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import Course, ExamGate, ExamResult
from carloan.compliance.policies.training import may_wait, valid_until
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.capabilities import capability as registered
from carloan.core.capabilities import is_known
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import Membership
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said

MANAGE: Final = "training.manage"
COURSE, RESULT, GATE = "compliance.course", "compliance.examresult", "compliance.examgate"


def course_add(*, actor: Actor, code: str, title: str, pass_mark: int, valid_months: int) -> Course:
    """A course, in its first version. `pass_mark` is of 100 points.

    Raises Invalid for a code that is taken, no title, or numbers out of bounds; Forbidden without the right.
    """
    actor.require_person(MANAGE)
    _check(title, pass_mark, valid_months)
    with tenant_atomic():
        if Course.objects.filter(code=code).exists():
            raise Invalid(fields={"code": [_("There is a course with this code already.")]})
        course = Course(id=uuid7(), code=code, title=said(title), pass_mark=pass_mark, valid_months=valid_months)
        course.audit_event_id = audit.record(
            actor=actor, action="compliance.course.added", object_type=COURSE, object_id=course.id,
            after={"code": code, **_told(course)},
        )  # fmt: skip
        course.save(force_insert=True)
    return course


def course_change(
    *, actor: Actor, course: Course, revision: int, title: str, pass_mark: int, valid_months: int,
    new_version: bool = False, earlier_count: bool = True,
) -> Course:  # fmt: skip
    """Change a course; with `new_version` its content is another one, and unless `earlier_count` the exams of former
    versions open nothing any more. Results keep the mark and validity under which they were entered.

    Raises Conflict when somebody changed it since `revision` was read; Invalid as course_add().
    """
    actor.require_person(MANAGE)
    _check(title, pass_mark, valid_months)
    with tenant_atomic():
        held = Course.objects.select_for_update().get(id=course.id)
        if held.revision != revision:
            raise Conflict
        before = _told(held)
        held.title, held.pass_mark, held.valid_months = said(title), pass_mark, valid_months
        if new_version:
            held.version += 1
            held.counts_from = held.counts_from if earlier_count else held.version
        after = _told(held)
        changed = [name for name in after if after[name] != before[name]]
        if not changed:
            return held
        held.audit_event_id = audit.record(
            actor=actor, action="compliance.course.changed", object_type=COURSE, object_id=held.id,
            before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
        )  # fmt: skip
        held.revision += 1
        held.save()
    return held


def result_enter(*, actor: Actor, course: Course, member: Membership, taken_on: date, score: int) -> ExamResult:
    """What somebody reached in the exam of the course as it is now; passed from the course's mark on.

    Nobody enters a result of their own, nor of whoever lent them the right (Forbidden). Raises Invalid for a day to
    come, a score beyond 100, somebody who left, and a result of that day that is there already.
    """
    recorder = actor.require_person(MANAGE)
    if member.id in actor.hands(MANAGE):
        raise Forbidden(_("Somebody else has to enter your exam."), capability=MANAGE)
    faults: dict[str, list[Any]] = {}
    if taken_on > timezone.localdate():
        faults["taken_on"] = [_("An exam was taken today or before.")]
    if not 0 <= score <= 100:
        faults["score"] = [_("Give 0 to 100 points.")]
    if not member.is_active:
        faults["member"] = [_("This person has left. Choose somebody else.")]
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        held = Course.objects.select_for_update().get(id=course.id)
        same = ExamResult.objects.filter(course=held, version=held.version, member=member, taken_on=taken_on)
        if same.filter(voided_at=None).exists():
            raise Invalid(fields={"taken_on": [_("A result of this day stands already. Void it first.")]})
        passed = score >= held.pass_mark
        result = ExamResult(
            id=uuid7(), course=held, version=held.version, member=member, taken_on=taken_on, score=score,
            passed=passed, valid_until=valid_until(taken_on, held.valid_months) if passed else None,
            recorded_by_id=recorder,
        )  # fmt: skip
        result.audit_event_id = audit.record(
            actor=actor, action="compliance.exam.entered", object_type=RESULT, object_id=result.id,
            after={"course": held.title, "version": held.version, "member": str(member.id), "score": score,
                   "passed": passed, "valid_until": result.valid_until},
        )  # fmt: skip
        result.save(force_insert=True)
    return result


def result_void(*, actor: Actor, result: ExamResult, reason: str) -> ExamResult:
    """Take a wrong entry out of account; it is kept. Raises Conflict for one that was voided, Invalid without a
    reason, Forbidden for one's own."""
    member_id = actor.require_person(MANAGE)
    if result.member_id in actor.hands(MANAGE):
        raise Forbidden(_("Somebody else has to enter your exam."), capability=MANAGE)
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give the reason.")]})
    with tenant_atomic():
        held = ExamResult.objects.select_for_update(of=("self",)).get(id=result.id)
        if held.voided_at is not None:
            raise Conflict
        held.voided_at, held.voided_by_id = timezone.now(), member_id
        held.audit_event_id = audit.record(
            actor=actor, action="compliance.exam.voided", object_type=RESULT, object_id=held.id, reason=said(reason),
            before={"member": str(held.member_id), "score": held.score},
        )  # fmt: skip
        held.save(update_fields=["voided_at", "voided_by", "audit_event_id"])
    return held


def gate_set(*, actor: Actor, capability: str, course: Course) -> ExamGate:
    """From now on nobody acts by this right without a valid exam of the course, whatever their roles give.

    Raises Invalid for a right that may not wait, or waits for this exam already; Forbidden without the right.
    """
    member_id = actor.require_person(MANAGE)
    if not is_known(capability) or not may_wait(registered(capability)):
        raise Invalid(fields={"capability": [_("This right cannot wait for an exam.")]})
    with tenant_atomic():
        if ExamGate.objects.filter(capability=capability, course=course, ended_at=None).exists():
            raise Invalid(fields={"capability": [_("This right waits for this exam already.")]})
        gate = ExamGate(id=uuid7(), capability=capability, course=course, made_by_id=member_id)
        gate.audit_event_id = audit.record(
            actor=actor, action="compliance.gate.set", object_type=GATE, object_id=gate.id,
            after={"right": capability, "course": course.title},
        )  # fmt: skip
        gate.save(force_insert=True)
    return gate


def gate_end(*, actor: Actor, gate: ExamGate) -> None:
    """The right waits for this exam no more. Raises Conflict for one that has ended."""
    actor.require_person(MANAGE)
    with tenant_atomic():
        held = ExamGate.objects.select_for_update(of=("self",)).select_related("course").get(id=gate.id)
        if held.ended_at is not None:
            raise Conflict
        held.ended_at = timezone.now()
        held.audit_event_id = audit.record(
            actor=actor, action="compliance.gate.ended", object_type=GATE, object_id=held.id,
            before={"right": held.capability, "course": held.course.title},
        )  # fmt: skip
        held.save(update_fields=["ended_at", "audit_event_id"])


def _check(title: str, pass_mark: int, valid_months: int) -> None:
    faults: dict[str, list[Any]] = {}
    if not said(title):
        faults["title"] = [_("Name the course.")]
    if not 1 <= pass_mark <= 100:
        faults["pass_mark"] = [_("The pass mark is 1 to 100 points.")]
    if not 1 <= valid_months <= 120:
        faults["valid_months"] = [_("An exam counts for 1 to 120 months.")]
    if faults:
        raise Invalid(fields=faults)


def _told(course: Course) -> dict[str, Any]:
    names = ("title", "version", "counts_from", "pass_mark", "valid_months")
    return {name: getattr(course, name) for name in names}
