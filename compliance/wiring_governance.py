"""What the registers that govern the house register with the rooms below and in compliance's own registries."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import AuditorPack, Course, Loss, Probability, Risk, RuleChange
from carloan.compliance.names import Named, register_field_words, register_namer, register_reasons
from carloan.compliance.selectors.controls import PACK
from carloan.compliance.tasks import make_pack
from carloan.compliance.touchable import Touchable, all_touchable, register_touchable
from carloan.compliance.values import Words, register_value_words
from carloan.core.actors import Actor
from carloan.core.acts import register_acts
from carloan.core.capabilities import label_of
from carloan.core.jobs import register_kind
from carloan.core.models import AuditEvent, Job
from carloan.core.pages.jobs import JobFace, register_face

register_acts(
    {
        "compliance.pack.made": _("Auditor's pack made"),
        "compliance.pack.downloaded": _("Auditor's pack taken away"),
        "compliance.risk.registered": _("Risk registered"),
        "compliance.risk.changed": _("Risk changed"),
        "compliance.risk.reviewed": _("Risk reviewed"),
        "compliance.risk.closed": _("Risk closed"),
        "compliance.risk.exported": _("Risk register exported"),
        "compliance.rule_change.entered": _("Rule change entered"),
        "compliance.rule_change.read": _("Rule change read"),
        "compliance.rule_change.decided": _("Rule change decided about"),
        "compliance.rule_change.finished": _("Rule change done"),
        "compliance.course.added": _("Course added"),
        "compliance.course.changed": _("Course changed"),
        "compliance.exam.entered": _("Exam entered"),
        "compliance.exam.voided": _("Exam voided"),
        "compliance.gate.set": _("Right made to wait for an exam"),
        "compliance.gate.ended": _("Right waits for an exam no more"),
    },
    exports=["compliance.pack.downloaded", "compliance.risk.exported"],
)
register_reasons({"exam_missing": _("No valid exam")})


def _back_to_controls(job: Job) -> str:
    return reverse("compliance:controls")


register_kind(PACK, make_pack)
register_face(PACK, JobFace(_("Auditor's pack"), back=_back_to_controls))
register_touchable(
    Touchable(
        code="retention", label=_("Retention: floors of the law and the policy"), url_name="compliance:retention",
        capability="retention.view",
    ),
    Touchable(
        code="masking", label=_("Policy of masking"), url_name="compliance:masking", capability="masking.view"
    ),
    Touchable(
        code="calendar", label=_("Working days of the jurisdiction"), url_name="core:calendar",
        capability="calendar.manage",
    ),
    Touchable(
        code="roles", label=_("Roles and rights"), url_name="core:roles", capability="roles.view"
    ),
    Touchable(
        code="encryption", label=_("Encryption suites"), url_name="core:encryption", capability="encryption.view"
    ),
    Touchable(
        code="controls", label=_("Map of controls"), url_name="compliance:controls", capability="controls.view"
    ),
    Touchable(
        code="training", label=_("Training and exams"), url_name="compliance:training", capability="training.view"
    ),
)  # fmt: skip


def _packs(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    rows = AuditorPack.objects.filter(id__in=list(ids)).values_list("id", "number")
    return {pack_id: Named(gettext("Auditor's pack %(number)s") % {"number": number}) for pack_id, number in rows}


def _risks(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may = actor.can("risks.view")
    rows = Risk.objects.filter(id__in=list(ids)).values_list("id", "number")
    return {
        risk_id: Named(
            gettext("Risk %(number)s") % {"number": number}, reverse("compliance:risk", args=[risk_id]) if may else ""
        )
        for risk_id, number in rows
    }


def _rule_changes(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may = actor.can("rule_changes.view")
    rows = RuleChange.objects.filter(id__in=list(ids)).values_list("id", "title")
    return {
        change_id: Named(title, reverse("compliance:rule-change", args=[change_id]) if may else "")
        for change_id, title in rows
    }


def _courses(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may = actor.can("training.view")
    rows = Course.objects.filter(id__in=list(ids)).values_list("id", "title")
    return {
        course_id: Named(title, reverse("compliance:course", args=[course_id]) if may else "")
        for course_id, title in rows
    }


register_namer("compliance.auditorpack", _("Auditor's pack"), _packs)
register_namer("compliance.risk", _("Risk"), _risks)
register_namer("compliance.rulechange", _("Rule change"), _rule_changes)
register_namer("compliance.course", _("Course"), _courses)
register_namer("compliance.examresult", _("Exam"), lambda actor, ids: {})
register_namer("compliance.examgate", _("Right that waits for an exam"), lambda actor, ids: {})


def _field_word(name: str) -> str | None:
    words = {
        "course": gettext("Course"),
        "right": gettext("Right"),
        "member": gettext("Member"),
        "size": gettext("Size in bytes"),
        "release": gettext("Version of the program"),
        "counts_from": gettext("Counts from version"),
    }
    return words.get(name)


def _risk_words(event: AuditEvent) -> Words:
    def value(name: str, value: Any) -> Any:
        choices = {"probability": Probability, "loss": Loss}.get(name)
        return str(choices(value).label) if choices and value in choices.values else None

    return Words(value)


def _rule_words(event: AuditEvent) -> Words:
    def value(name: str, value: Any) -> Any:
        if name != "touches" or not isinstance(value, list):
            return None
        labels = {each.code: str(each.label) for each in all_touchable()}
        return ", ".join(labels.get(str(code), str(code)) for code in value)

    return Words(value)


def _gate_words(event: AuditEvent) -> Words:
    def value(name: str, value: Any) -> Any:
        return label_of(value) if name == "right" else None

    return Words(value)


for _label in ("auditorpack", "course", "examresult", "examgate", "risk", "rulechange"):
    register_field_words(f"compliance.{_label}", _field_word)
register_value_words("compliance.risk", _risk_words)
register_value_words("compliance.rulechange", _rule_words)
register_value_words("compliance.examgate", _gate_words)
