"""What this installation tells of the open lender as evidence for controls: numbers, days and states.

Gathered in a request of the web: workers read no second factors (core migration 0008).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carloan.compliance.controls.facts import Fact, Line, register_fact
from carloan.compliance.models import (
    Anomaly,
    DestructionBatch,
    ExamGate,
    ExamResult,
    LegalHold,
    MaskingPolicy,
    Risk,
    RuleChange,
)
from carloan.compliance.policies.risks import QUADRANTS, quadrant_of
from carloan.compliance.policies.rule_changes import is_late
from carloan.compliance.seal_words import lines_of
from carloan.compliance.selectors.archive_backups import backups_that_stand
from carloan.compliance.selectors.masking import policy_of
from carloan.compliance.selectors.retention import policy_in_force
from carloan.compliance.selectors.seal_health import seal_health
from carloan.core.acts import act_label
from carloan.core.ids import first_at
from carloan.core.key_versions import key_ceremonies, key_versions
from carloan.core.models import AccessReview, AuditEvent, Membership, Tenant
from carloan.core.services.key_rotation import SEAL, WRAP
from carloan.core.tenancy import current_tenant_id

REFUSALS_DAYS: Final = 90
# Above it a wrapping key should be rotated (once a year).
KEY_AGE: Final = timedelta(days=366)


def _day(moment: datetime | date | None) -> str:
    if isinstance(moment, datetime):
        return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
    return moment.isoformat() if moment else "—"


def _number(count: int) -> str:
    return f"{count:,}"


def seal() -> list[Line]:
    return [
        Line(each.what, " · ".join(part for part in (each.state, each.age, each.detail) if part),
             each.tone == "st-green")
        for each in lines_of(seal_health())
    ]  # fmt: skip


def people() -> list[Line]:
    lender = Tenant.objects.get(id=current_tenant_id())
    users = list(Membership.objects.filter(is_active=True, user__is_active=True).values_list("user_id", flat=True))
    factors = Authenticator.objects.filter(user_id__in=users).exclude(type=Authenticator.Type.RECOVERY_CODES)
    covered = factors.values("user_id").distinct().count()
    keyed = factors.filter(type=Authenticator.Type.WEBAUTHN).values("user_id").distinct().count()
    required = _("yes") if lender.require_mfa else _("no")
    return [
        Line(_("Members at work"), _number(len(users))),
        Line(_("Second factor required"), required, lender.require_mfa),
        Line(_("Members with a second factor"), f"{_number(covered)} / {_number(len(users))}", covered == len(users)),
        Line(_("Members with a passkey"), _number(keyed)),
    ]


def reviews() -> list[Line]:
    today = timezone.localdate()
    rows = list(AccessReview.objects.order_by("-quarter"))
    unsigned = [each for each in rows if each.signed_at is None]
    signed = next((each for each in rows if each.signed_at), None)
    late = [each.quarter for each in unsigned if each.due_on < today]
    return [
        Line(_("Last signed review"), f"{signed.quarter} · {_day(signed.signed_at)}" if signed else _("none yet"),
             signed is not None),
        Line(_("Open reviews"), ", ".join(each.quarter for each in unsigned) or _("none")),
        Line(_("Overdue reviews"), ", ".join(late) or _("none"), not late),
    ]  # fmt: skip


def keys() -> list[Line]:
    now, ceremony = timezone.now(), next(iter(key_ceremonies(1)), None)
    lines, former = [], 0
    for purpose, label in ((WRAP, _("Wrapping key in force")), (SEAL, _("Sealing key in force"))):
        versions = key_versions(purpose)
        former += sum(not each.is_newest and each.retired_at is None for each in versions)
        newest = next((each for each in versions if each.is_newest), None)
        if newest is not None:
            age = now - newest.created_at
            words = _("version %(version)s · %(suite)s · since %(day)s · %(days)s days") % {
                "version": newest.version, "suite": newest.suite.label, "day": _day(newest.created_at),
                "days": age.days,
            }  # fmt: skip
            lines.append(Line(label, words, age <= KEY_AGE))
    lines.append(Line(_("Former versions that still open"), _number(former), not former))
    lines.append(Line(_("Last key ceremony"), _day(ceremony.created_at if ceremony else None)))
    return lines


def masking() -> list[Line]:
    policy = policy_of(on=timezone.localdate())
    words = _("version %(number)s, since %(day)s, %(rules)s stricter rules")
    told = {"number": policy.number, "day": _day(policy.effective_on), "rules": len(policy.rules)} if policy else {}
    return [
        Line(_("Policy in force"), words % told if policy else _("the registry alone")),
        Line(_("Versions so far"), _number(MaskingPolicy.objects.count())),
    ]


def retention() -> list[Line]:
    policy = policy_in_force(timezone.localdate())
    words = _("version %(version)s, since %(day)s, cooling-off of %(days)s days")
    if policy is None:
        return [Line(_("Policy in force"), _("none: nothing can be destroyed"), False)]
    told = {"version": policy.version, "day": _day(policy.effective_on), "days": policy.cooling_days}
    return [Line(_("Policy in force"), words % told, True)]


def holds() -> list[Line]:
    active = LegalHold.objects.filter(state=LegalHold.State.ACTIVE)
    released = LegalHold.objects.exclude(state=LegalHold.State.ACTIVE)
    return [
        Line(_("Holds in force"), _number(active.count())),
        Line(_("Holds released"), _number(released.count())),
    ]


def destructions() -> list[Line]:
    labels: dict[str, Any] = dict(DestructionBatch.State.choices)
    rows = DestructionBatch.objects.values_list("state").annotate(count=Count("id")).order_by("state")
    return [Line(str(labels[state]), _number(count)) for state, count in rows] or [
        Line(_("Destructions"), _("none yet"))
    ]


def refusals() -> list[Line]:
    since = timezone.now() - timedelta(days=REFUSALS_DAYS)
    rows = (
        AuditEvent.objects.filter(id__gte=first_at(since), outcome=AuditEvent.Outcome.REFUSED)
        .values_list("action")
        .annotate(count=Count("id"))
        .order_by("-count", "action")
    )
    told = [(act_label(action), count) for action, count in rows]
    whole = Line(
        _("Refused acts of %(days)s days") % {"days": REFUSALS_DAYS}, _number(sum(count for _name, count in told))
    )
    return [whole, *(Line(name, _number(count)) for name, count in told)]


def anomalies() -> list[Line]:
    waiting = Anomaly.objects.filter(state=Anomaly.State.OPEN)
    oldest = waiting.order_by("found_at").values_list("found_at", flat=True).first()
    return [
        Line(_("Anomalies to be answered"), _number(waiting.count())),
        Line(_("The oldest of them"), _day(oldest)),
        Line(_("Anomalies answered"), _number(Anomaly.objects.exclude(state=Anomaly.State.OPEN).count())),
    ]


def backup() -> list[Line]:
    """The quarterly ones. Those of the databases are made beside them (script/backup), which keep no record of it."""
    last = next(iter(backups_that_stand()), None)
    return [
        Line(_("Last quarterly backup of the archive that passed its test"), _day(last.ended_at if last else None)),
        Line(_("Last backup of the databases"), _("not recorded in the product: ask whoever runs it"), False),
    ]


def training() -> list[Line]:
    today = timezone.localdate()
    gates = ExamGate.objects.filter(ended_at=None).values_list("capability", flat=True).distinct()
    valid = ExamResult.objects.filter(passed=True, voided_at=None, valid_until__gte=today)
    return [
        Line(_("Rights that wait for an exam"), _number(gates.count())),
        Line(_("Valid exams"), _number(valid.count())),
    ]


def risks() -> list[Line]:
    rows = list(Risk.objects.filter(closed_at=None))
    late = sum(row.next_review_on < timezone.localdate() for row in rows)
    found = [quadrant_of(row.probability, row.loss).code for row in rows]
    return [
        *(Line(str(each.label), _number(found.count(each.code))) for each in QUADRANTS),
        Line(_("Reviews overdue"), _number(late), not late),
    ]


def rule_changes() -> list[Line]:
    today = timezone.localdate()
    rows = RuleChange.objects.exclude(state="done").values_list("state", "effective_on", "due_on")
    late = sum(is_late(state, effective_on=effective, due_on=due, today=today) for state, effective, due in rows)
    return [
        Line(_("Rule changes not done"), _number(len(rows))),
        Line(_("Of these late"), _number(late), not late),
    ]


def _facts() -> Iterable[Fact]:
    """Each with the page on which people see it."""
    for code, label, read, url_name, capability in (
        ("seal", gettext_lazy("Health of the seal"), seal, "compliance:seal", "trail.view"),
        ("people", gettext_lazy("People and second factors"), people, "core:people", "people.view"),
        ("reviews", gettext_lazy("Access reviews"), reviews, "core:reviews", "rights.review"),
        ("keys", gettext_lazy("Encryption keys"), keys, "core:encryption", "encryption.view"),
        ("masking", gettext_lazy("Masking"), masking, "compliance:masking", "masking.view"),
        ("retention", gettext_lazy("Retention"), retention, "compliance:retention", "retention.view"),
        ("holds", gettext_lazy("Legal holds"), holds, "compliance:holds", "holds.view"),
        ("destructions", gettext_lazy("Destructions"), destructions, "compliance:destructions", "destruction.view"),
        ("refusals", gettext_lazy("Refusals"), refusals, "compliance:trail", "trail.view"),
        ("anomalies", gettext_lazy("Anomalies"), anomalies, "compliance:anomalies", "trail.view"),
        ("backup", gettext_lazy("Backup and restore"), backup, "", ""),
        ("training", gettext_lazy("Training and exams"), training, "compliance:training", "training.view"),
        ("risks", gettext_lazy("Risk register"), risks, "compliance:risks", "risks.view"),
        ("rule_changes", gettext_lazy("Rule changes"), rule_changes, "compliance:rule-changes", "rule_changes.view"),
    ):
        yield Fact(code=code, label=label, read=read, url_name=url_name, capability=capability)


register_fact(*_facts())
