"""Names of the kernel's own objects in the trail; the kernel itself knows nothing of the trail's pages."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carloan.compliance.names import Named, name_of_thing, register_field_words, register_namer, register_reasons
from carloan.core.actors import Actor
from carloan.core.models import (
    AccessReview,
    ApiKey,
    Branch,
    CalendarDay,
    Delegation,
    Job,
    Membership,
    Role,
    RolePreview,
    SignOn,
    Team,
    Tenant,
)
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


def previews(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    rows = RolePreview.objects.filter(id__in=ids).select_related("role")
    return {preview.id: Named(str(preview.role)) for preview in rows}


register_namer("core.rolepreview", _("Preview as a role"), previews)
register_reasons({"preview_person": _("Ended by the person"), "preview_time": _("The time was over")})


register_namer("core.accesspolicy", _("Access policy"), lambda actor, ids: {})


def teams(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may_open = actor.can("people.view") or actor.can("people.manage")
    return {
        team.id: Named(team.name, reverse("core:team", args=[team.id]) if may_open else "")
        for team in Team.objects.filter(id__in=ids)
    }


_TEAM_WORDS = {"name": _("Team name"), "lead": _("Lead"), "people": _("People")}
register_namer("core.team", _("Team"), teams)
register_field_words("core.team", lambda name: str(_TEAM_WORDS[name]) if name in _TEAM_WORDS else None)


def delegations(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    rows = Delegation.objects.filter(id__in=ids).select_related("giver", "taker", "role")
    page = reverse("core:duties") if actor.can("people.view") else ""
    return {
        each.id: Named(f"{each.role}: {each.giver} → {each.taker}", f"{page}?all=1" if page else "") for each in rows
    }


_DUTY_WORDS = {"begins_on": _("From"), "ends_on": _("Last day")}
register_namer("core.delegation", _("Lent duty"), delegations)
register_field_words("core.delegation", lambda name: str(_DUTY_WORDS[name]) if name in _DUTY_WORDS else None)


def reviews(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may_open = actor.can("rights.review")
    return {
        review.id: Named(review.quarter, reverse("core:review", args=[review.id]) if may_open else "")
        for review in AccessReview.objects.filter(id__in=ids)
    }


register_namer("core.accessreview", _("Access review"), reviews)
register_field_words("core.accessreview", lambda name: str(_("Quarter")) if name == "quarter" else None)
# What the acts on a lender's keys tell; none of it is a column of the lender.
_OF_KEYS = {
    "version": _("Version of the key"),
    "min_decryption_version": _("Lowest version that opens"),
    "suite": _("Cipher suite"),
    "witnesses": _("Witnesses of the act"),
}
register_field_words("core.tenant", lambda name: str(_OF_KEYS[name]) if name in _OF_KEYS else "")


def sign_ons(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    page = reverse("core:sign-on") if actor.can("sign_on.manage") else ""
    return {row.id: Named(row.issuer, page) for row in SignOn.objects.filter(id__in=ids)}


_SIGN_ON_WORDS = {
    "issuer": _("Identity provider"),
    "client_id": _("Client ID"),
    "is_active": _("Used for signing in"),
    "passwords_closed": _("Passwords closed"),
    "secret_set": _("New secret"),
    "subject": _("Subject at the provider"),
}
register_namer("core.signon", _("Single sign-on"), sign_ons)
register_field_words("core.signon", lambda name: str(_SIGN_ON_WORDS[name]) if name in _SIGN_ON_WORDS else None)
register_reasons(
    {
        "sign_on_nobody": _("Nobody here, or also at work for another lender"),
        "sign_on_email": _("The provider vouches for no e-mail address"),
        "sign_on_unlinked": _("An account there that is linked with nobody here"),
        "sign_on_link": _("Not linked: not a session opened by their own means"),
        "sign_on_taken": _("That account or person is linked already"),
        "sign_on_state": _("Not the answer to this browser's question"),
        "sign_on_refused_there": _("Refused by the provider"),
        "sign_on_issuer": _("Not said by this lender's provider"),
        "sign_on_code": _("No code in the answer"),
        "sign_on_nonce": _("A token for another question"),
        "sign_on_token": _("Not a token"),
        "sign_on_algorithm": _("A token without a signature that counts"),
        "sign_on_key": _("Signed with a key that the provider does not have"),
        "sign_on_signature": _("The signature is wrong"),
        "sign_on_audience": _("A token for somebody else"),
        "sign_on_times": _("A token that has expired or does not count yet"),
        "sign_on_subject": _("Two subjects in one answer, or none"),
        "sign_on_address": _("An address that is not called"),
        "sign_on_no_answer": _("The provider did not answer"),
        "sign_on_too_large": _("The answer was too large"),
        "sign_on_no_json": _("The answer was not readable"),
        "sign_on_discovery": _("The provider describes itself wrongly"),
        "sign_on_again": _("Another person, or not asked anew"),
    }
)


_MEMBER_WORDS = {
    "handed_over": _("Things in hand, given on"),
    "signed_in_at": _("Signed in at"),
    "address": _("Network address"),
    "issuer": _SIGN_ON_WORDS["issuer"],
    "subject": _SIGN_ON_WORDS["subject"],
}
register_field_words("core.membership", lambda name: str(_MEMBER_WORDS[name]) if name in _MEMBER_WORDS else None)
