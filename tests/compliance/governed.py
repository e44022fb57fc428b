"""Rows of the registers that govern a lender, for tests; call them inside the open lender."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from carloan.compliance.models import Course, ExamGate, ExamResult, Risk, RuleChange
from carloan.compliance.services.risks import risk_register
from carloan.compliance.services.rule_changes import rule_change_enter
from carloan.compliance.services.training import course_add, gate_set, result_enter
from carloan.core.models import Membership
from tests.cast import Lender


def risk(lender: Lender, **changes: Any) -> Risk:
    given: dict[str, Any] = {
        "title": "材料外泄", "description": "员工导出后外传", "measures": "导出须双人", "probability": 3, "loss": 4,
        "owner": lender.members["officer"],
    }  # fmt: skip
    return risk_register(actor=lender.actor("compliance"), **{**given, **changes})


def rule_change(lender: Lender, **changes: Any) -> RuleChange:
    given: dict[str, Any] = {
        "title": "反洗钱法修订", "citation": "第三十四条", "effective_on": timezone.localdate() + timedelta(days=60),
        "owner": lender.members["compliance"],
    }  # fmt: skip
    return rule_change_enter(actor=lender.actor("compliance"), **{**given, **changes})


def course(lender: Lender, code: str = "collections", **changes: Any) -> Course:
    given: dict[str, Any] = {"title": "催收合规考试", "pass_mark": 80, "valid_months": 12}
    return course_add(actor=lender.actor("compliance"), code=code, **{**given, **changes})


def result(lender: Lender, of: Course, member: Membership, *, score: int = 90, on: date | None = None) -> ExamResult:
    return result_enter(
        actor=lender.actor("compliance"), course=of, member=member, taken_on=on or timezone.localdate(), score=score
    )


def gate(lender: Lender, of: Course, capability: str = "papers.review") -> ExamGate:
    return gate_set(actor=lender.actor("compliance"), capability=capability, course=of)
