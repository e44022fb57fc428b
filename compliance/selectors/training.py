"""Courses, exams and gates for those who may see them; and what a right waits for, for everybody's access."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from carloan.compliance.models import Course, ExamGate, ExamResult
from carloan.compliance.policies.training import may_wait
from carloan.core.actors import Actor
from carloan.core.capabilities import Capability, all_capabilities
from carloan.core.errors import NotFound
from carloan.core.models import Membership

VIEW = "training.view"
MOST_SHOWN = 200


def waiting_rights() -> Any:
    """For a query of memberships: each right that waits and the exam, of which the member has no valid one today."""
    valid = _valid(timezone.localdate()).filter(course=OuterRef("course"), member=OuterRef(OuterRef("pk")))
    gates = ExamGate.objects.filter(~Exists(valid), ended_at=None)
    return ArraySubquery(gates.values(told=JSONObject(right="capability", exam="course__title")))


def _valid(today: date) -> "QuerySet[ExamResult]":
    return ExamResult.objects.filter(
        passed=True, voided_at=None, valid_until__gte=today, version__gte=F("course__counts_from")
    )


@dataclass(frozen=True)
class Standing:
    """How a course stands: how many members hold a valid exam, how many of these end within 30 days."""

    course: Course
    valid: int
    ending: int


def courses_for(actor: Actor, today: date) -> list[Standing]:
    """Every course with who holds a valid exam."""
    actor.require(VIEW)
    until: dict[UUID, dict[UUID, date]] = {}
    # The latest of several stays.
    rows = _valid(today).filter(member__is_active=True).order_by("valid_until")
    for course_id, member_id, day in rows.values_list("course_id", "member_id", "valid_until"):
        if day is not None:
            until.setdefault(course_id, {})[member_id] = day
    return [
        Standing(
            course,
            len(until.get(course.id, {})),
            sum((day - today).days < 30 for day in until.get(course.id, {}).values()),
        )
        for course in Course.objects.order_by("code")
    ]


def get_course_for(actor: Actor, course_id: UUID) -> Course:
    """Raises NotFound."""
    actor.require(VIEW)
    if (course := Course.objects.filter(id=course_id).first()) is None:
        raise NotFound
    return course


def results_of(actor: Actor, course: Course | None = None) -> list[ExamResult]:
    """The newest results, of one course or of all."""
    actor.require(VIEW)
    rows = ExamResult.objects.select_related("course", "member", "recorded_by")
    return list((rows.filter(course=course) if course else rows).order_by("-taken_on", "-id")[:MOST_SHOWN])


def get_result_for(actor: Actor, result_id: UUID) -> ExamResult:
    """Raises NotFound."""
    actor.require(VIEW)
    if (result := ExamResult.objects.filter(id=result_id).first()) is None:
        raise NotFound
    return result


def gates_for(actor: Actor) -> list[ExamGate]:
    """The rights that wait, by their codes."""
    actor.require(VIEW)
    rows = ExamGate.objects.filter(ended_at=None).select_related("course", "made_by")
    return list(rows.order_by("capability", "course__code"))


def get_gate_for(actor: Actor, gate_id: UUID) -> ExamGate:
    """Raises NotFound."""
    actor.require(VIEW)
    if (gate := ExamGate.objects.filter(id=gate_id).first()) is None:
        raise NotFound
    return gate


def people_shut(course: Course, capability: str, today: date) -> int:
    """How many active members have a role with this right and no valid exam of the course."""
    holders = Membership.objects.filter(
        is_active=True, assignments__role__capabilities__capability=capability
    ).distinct()
    return holders.exclude(id__in=_valid(today).filter(course=course).values("member")).count()


def rights_that_may_wait() -> list[tuple[Any, list[Capability]]]:
    """Rights that a gate can be set on, under their groups."""
    return _by_group(each for each in all_capabilities() if may_wait(each))


def _by_group(capabilities: Iterable[Capability]) -> list[tuple[Any, list[Capability]]]:
    groups: dict[str, tuple[Any, list[Capability]]] = {}
    for each in capabilities:
        groups.setdefault(str(each.group), (each.group, []))[1].append(each)
    return list(groups.values())
