"""Names of the kernel's own objects in the trail; the kernel itself knows nothing of the trail's pages."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carloan.compliance.anomaly_words import NUMBER_WORDS
from carloan.compliance.models import Anomaly, AnomalyRule
from carloan.compliance.names import (
    Named,
    name_of_thing,
    register_field_words,
    register_namer,
    register_reasons,
)
from carloan.core.actors import Actor
from carloan.core.models import ApiKey, Branch, CalendarDay, Job, Membership, Role, Tenant
from carloan.core.pages.jobs import face_of


def members(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may_open = actor.can("people.view") or actor.can("people.manage")
    return {
        member_id: Named(name, reverse("core:person", args=[member_id]) if may_open else "")
        for member_id, name in Membership.objects.filter(id__in=ids).values_list("id", "display_name")
    }


def branches(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    return {branch.id: Named(branch.name) for branch in Branch.objects.filter(id__in=ids)}


def roles(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    return {role.id: Named(str(role)) for role in Role.objects.filter(id__in=ids)}


def api_keys(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    return {key.id: Named(key.name) for key in ApiKey.objects.filter(id__in=ids)}


def jobs(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may_open = actor.branches("jobs.view") is None
    return {
        job.id: Named(str(face_of(job).label), reverse("core:job", args=[job.id]) if may_open else "")
        for job in Job.objects.filter(id__in=ids)
    }


def tenants(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    return {tenant.id: Named(str(tenant)) for tenant in Tenant.objects.filter(id=actor.tenant_id, id__in=ids)}


register_namer("core.membership", _("Member"), members)
register_namer("core.branch", _("Branch"), branches)
register_namer("core.role", _("Role"), roles)
register_namer("core.apikey", _("API key"), api_keys)
register_namer("core.job", _("Job"), jobs)
register_field_words("core.savedview", name_of_thing)


def calendar_days(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    return {
        entry.id: Named(entry.day.isoformat(), f"{reverse('core:calendar')}?year={entry.day.year}")
        for entry in CalendarDay.objects.filter(id__in=ids)
    }


register_namer("core.calendarday", _("Calendar day"), calendar_days)
register_namer("core.calendaryear", _("Calendar year"), lambda actor, ids: {})
register_namer("core.savedview", _("Saved view"), lambda actor, ids: {})
register_namer("core.tenant", _("Lender"), tenants)


def anomalies(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may_open = actor.can("trail.view")
    return {
        row.id: Named(
            f"{row.get_kind_display()} {row.day}", reverse("compliance:anomaly", args=[row.id]) if may_open else ""
        )
        for row in Anomaly.objects.filter(id__in=ids)
    }


def anomaly_rules(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    return {
        row.id: Named(f"{row.get_kind_display()} · {row.version}", reverse("compliance:anomaly-rules"))
        for row in AnomalyRule.objects.filter(id__in=ids)
    }


def number_word(name: str) -> str | None:
    """What a number of an anomaly or a rule is called."""
    return str(NUMBER_WORDS[name]) if name in NUMBER_WORDS else None


register_namer("compliance.anomaly", _("Anomaly"), anomalies)
register_namer("compliance.anomalyrule", _("Rule for anomalies"), anomaly_rules)
register_reasons(dict(Anomaly.Reason.choices))
for object_type in ("compliance.anomaly", "compliance.anomalyrule"):
    register_field_words(object_type, number_word)
