"""The registers as tables with their heads, for files: risks, rule changes, exams, rights that wait."""

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.models import ExamGate, ExamResult
from carloan.compliance.policies.risks import quadrant_of
from carloan.compliance.selectors.risks import risks_for
from carloan.compliance.selectors.rule_changes import rule_changes_for
from carloan.compliance.touchable import touched
from carloan.core.actors import Actor
from carloan.core.capabilities import label_of
from carloan.lib.spreadsheet import Cell


def risk_rows(actor: Actor) -> list[list[Cell]]:
    """Every risk, open ones first."""
    heads: list[Cell] = [
        _("Number"), _("Risk"), _("Cause and consequence"), _("Measures"), _("Probability"), _("Loss"),
        _("Quadrant"), _("Responsible"), _("Next review"), _("State"),
    ]  # fmt: skip
    return [heads] + [
        [
            risk.number, risk.title, risk.description, risk.measures,
            str(risk.get_probability_display()), str(risk.get_loss_display()),
            str(quadrant_of(risk.probability, risk.loss).label),
            risk.owner.display_name, "" if risk.closed_at else risk.next_review_on.isoformat(),
            _("Risk closed") if risk.closed_at else _("Open risk"),
        ]
        for only in ("open", "closed")
        for risk in risks_for(actor, only=only)
    ]  # fmt: skip


def rule_change_rows(actor: Actor) -> list[list[Cell]]:
    """Every rule change, what is not done first."""
    heads: list[Cell] = [
        _("Number"), _("Regulation"), _("Citation"), _("Counts from"), _("State"), _("Responsible"), _("Read by"),
        _("Touches"), _("What is decided"), _("Done by"), _("Done on"),
    ]  # fmt: skip
    today = timezone.localdate()
    return [heads] + [
        [
            each.number, each.title, each.citation, each.effective_on.isoformat(), str(each.get_state_display()),
            each.owner.display_name, each.read_by.display_name if each.read_by else "",
            ", ".join(words for words, _url in touched(actor, each.touches)),
            each.decision, each.due_on.isoformat() if each.due_on else "",
            timezone.localdate(each.done_at).isoformat() if each.done_at else "",
        ]
        for only in ("open", "done")
        for each in rule_changes_for(actor, only=only, today=today)
    ]  # fmt: skip


def exam_rows() -> list[list[Cell]]:
    """Every result that counts as entered, newest first."""
    heads: list[Cell] = [
        _("Course"), _("Version"), _("Member"), _("Employee number"), _("Day of the exam"), _("Score"), _("Passed"),
        _("Valid until"), _("Entered by"),
    ]  # fmt: skip
    rows = ExamResult.objects.filter(voided_at=None).select_related("course", "member", "recorded_by")
    return [heads] + [
        [
            each.course.title, each.version, each.member.display_name, each.member.employee_no,
            each.taken_on.isoformat(), each.score, _("yes") if each.passed else _("no"),
            each.valid_until.isoformat() if each.valid_until else "", each.recorded_by.display_name,
        ]
        for each in rows.order_by("-taken_on", "-id")
    ]  # fmt: skip


def gate_rows() -> list[list[Cell]]:
    """Every right that waits for an exam."""
    rows = ExamGate.objects.filter(ended_at=None).select_related("course").order_by("capability", "course__code")
    heads: list[Cell] = [_("Right"), _("Code"), _("Exam")]
    return [heads] + [[label_of(each.capability), each.capability, each.course.title] for each in rows]
