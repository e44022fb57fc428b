"""The registers that govern a lender: risks, rule changes, courses and exams, impact assessments, processors."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from carloan.compliance.models import Risk
from carloan.compliance.services.assessments import (
    assessment_begin,
    assessment_renew,
    assessment_sign,
    assessment_submit,
    assessment_write,
)
from carloan.compliance.services.processors import (
    TERMS,
    processor_close,
    processor_end,
    processor_register,
    processor_supervise,
)
from carloan.compliance.services.risks import risk_register, risk_review
from carloan.compliance.services.rule_changes import (
    rule_change_decide,
    rule_change_enter,
    rule_change_finish,
    rule_change_read,
)
from carloan.compliance.services.training import course_add, gate_set, result_enter
from carloan.core.actors import Actor
from carloan.core.models import Membership, Tenant
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration.governance import (
    ASSESSMENTS,
    COURSES,
    PROCESSORS,
    RISKS,
    RULES,
    AssessmentPlan,
    CoursePlan,
    ProcessorPlan,
    RiskPlan,
    RulePlan,
)
from carloan.demonstration.lenders import Lender
from carloan.demonstration.seed.book import actor_of

People = Mapping[str, Membership]


def keep_registers(lender: Lender, tenant: Tenant) -> None:
    """As the compliance officer keeps them, with the signatures of who decides: once, in one transaction."""
    with tenant_atomic(tenant.id):
        if Risk.objects.exists():
            return
        officer = actor_of(tenant, f"{lender.slug}.compliance")
        signer = actor_of(tenant, f"{lender.slug}.{lender.decider}")
        people = people_of(lender)
        for risk in RISKS:
            _risk(officer, people, risk)
        for rule in RULES:
            _rule(officer, people, rule)
        for course in COURSES:
            _course(officer, people, course)
        for assessment in ASSESSMENTS:
            _assessment(officer, signer, assessment)
        for processor in PROCESSORS:
            _processor(officer, processor)


def people_of(lender: Lender) -> People:
    """Members by the short name after the lender's: `officer`, `officer.101`, `compliance.2`."""
    rows = Membership.objects.select_related("user").defer("user__password")  # who seeds may not read it
    rows = rows.filter(user__username__startswith=f"{lender.slug}.")
    return {row.user.username.removeprefix(f"{lender.slug}."): row for row in rows}


def _risk(officer: Actor, people: People, plan: RiskPlan) -> None:
    probability, loss = plan.grades
    row = risk_register(
        actor=officer, title=plan.title, description=plan.description, measures=plan.measures,
        probability=probability, loss=loss, owner=people[plan.owner],
    )  # fmt: skip
    for probability, loss, note, closed in plan.reviews:
        row = risk_review(
            actor=officer, risk=row, revision=row.revision, probability=probability, loss=loss, note=note, close=closed
        )


def _rule(officer: Actor, people: People, plan: RulePlan) -> None:
    effective_on = timezone.localdate() + timedelta(days=plan.in_days)
    row = rule_change_enter(
        actor=officer, title=plan.title, citation=plan.citation, effective_on=effective_on, owner=people["compliance"]
    )
    if plan.stage == "entered":
        return
    row = rule_change_read(actor=officer, change=row, revision=row.revision)
    if plan.stage == "read":
        return
    row = rule_change_decide(
        actor=officer, change=row, revision=row.revision, touches=plan.touches, decision=plan.decision,
        due_on=effective_on,
    )  # fmt: skip
    if plan.stage == "done":
        rule_change_finish(actor=officer, change=row, revision=row.revision)


def _course(officer: Actor, people: People, plan: CoursePlan) -> None:
    today = timezone.localdate()
    row = course_add(
        actor=officer, code=plan.code, title=plan.title, pass_mark=plan.pass_mark, valid_months=plan.valid_months
    )
    for who, ago, score in plan.results:
        taken_on = today - timedelta(days=ago)
        result_enter(actor=officer, course=row, member=people[who], taken_on=taken_on, score=score)
    if plan.gate:
        gate_set(actor=officer, capability=plan.gate, course=row)


def _assessment(officer: Actor, signer: Actor, plan: AssessmentPlan) -> None:
    row = assessment_begin(actor=officer, title=plan.title, occasion=plan.occasion)
    row = assessment_write(
        actor=officer, assessment=row, revision=row.revision, title=plan.title, occasion=plan.occasion, risk=plan.risk,
        sections=plan.sections,
    )  # fmt: skip
    if plan.stage == "draft":
        return
    row = assessment_submit(actor=officer, assessment=row)
    if plan.stage == "waiting":
        return
    row = assessment_sign(actor=signer, assessment=row)
    if plan.stage == "renewed":
        assessment_renew(actor=officer, assessment=row)


def _processor(officer: Actor, plan: ProcessorPlan) -> None:
    today = timezone.localdate()
    row = processor_register(
        actor=officer, starts_on=today + timedelta(days=plan.starts), ends_on=today + timedelta(days=plan.ends),
        **{name: getattr(plan, name) for name in TERMS},
    )  # fmt: skip
    for ago, finding, words in plan.looks:
        looked_on = today - timedelta(days=ago)
        processor_supervise(actor=officer, processor=row, looked_on=looked_on, finding=finding, words=words)
    if plan.ended is not None:
        row = processor_end(actor=officer, processor=row, ended_on=today + timedelta(days=plan.ended))
    if plan.fate:
        processor_close(actor=officer, processor=row, fate=plan.fate, evidence=plan.evidence)
