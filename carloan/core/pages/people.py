"""People of a lender: list, joiner, roles and branches, leaver."""

from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carloan.core import selectors
from carloan.core.checklists import checklist
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import AppError
from carloan.core.leavers import holdings_of
from carloan.core.models import Membership
from carloan.core.selectors_rights import delegations_of
from carloan.core.selectors_teams import teams_of
from carloan.core.services import people as services
from carloan.core.services import sign_in
from carloan.core.services.people import ASSIGN
from carloan.core.services.sessions import member_sessions_end
from carloan.core.sight import show
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before
from carloan.core.voices import needs_passkey

from .forms import AssignForm, MemberForm, PeopleFilter, PersonForm, add_errors
from .forms_rights import LeaverForm


@require_safe
@door("people.view", "people.manage")
def people(request: ActorRequest) -> HttpResponse:
    form = PeopleFilter(request.GET, roles=list(selectors.roles()), branches=list(selectors.branches()))
    wanted = form.cleaned_data if form.is_valid() else {}
    found = selectors.people_for(
        request.actor,
        text=wanted.get("q", ""),
        role=wanted.get("role", ""),
        branch=wanted.get("branch", ""),
        active=not wanted.get("left"),
    )
    return render(
        request, "core/people.html", {"form": form, "people": found, "may_manage": request.actor.can("people.manage")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@door("people.manage")
def person_new(request: ActorRequest) -> HttpResponse:
    """A joiner. Who may not give roles makes the account only: it opens nothing before somebody else gives a role and a
    first password."""
    assigns = request.actor.can(ASSIGN)
    form = PersonForm(request.POST or typed_before(request), tail=f"@{request.tenant.slug}", assigns=assigns)
    if request.method == "POST" and form.is_valid():
        capability = ASSIGN if assigns else ""
        if not recently_authenticated(request, capability=capability):
            return reauthenticate(request, typed=request.POST, capability=capability)
        password = sign_in.first_password() if assigns else None
        try:
            member = _add(request, form.cleaned_data, password)
        except AppError as error:
            add_errors(form, error.fields, error)
        else:
            if password is not None:
                return _once(request, member, password)
            messages.success(
                request, _("The account is there. A security administrator gives it roles and a first password.")
            )
            return redirect("core:person", member.id)
    context = {"form": form, "assigns": assigns}
    return render(request, "core/person_new.html", context, status=422 if form.errors else 200)


def _add(request: ActorRequest, wanted: dict[str, Any], password: str | None) -> Membership:
    with transaction.atomic():
        member = services.member_add(
            actor=request.actor,
            username=wanted["username"],
            display_name=wanted["display_name"],
            password=password,
            email=wanted["email"],
            employee_no=wanted["employee_no"],
            branch=wanted["branch"],
        )
        if password is not None:
            services.role_assign(
                actor=request.actor, membership=member, role=wanted["role"], branch=wanted["role_branch"]
            )
    return member


def _once(request: ActorRequest, member: Membership, password: str) -> HttpResponse:
    """Show a first password: this answer is the only place where it ever stands."""
    response = render(request, "core/person_password.html", {"person": member, "password": password})
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@door("people.view", "people.manage")
def person(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    return _show(request, selectors.get_person_for(request.actor, membership_id), AssignForm(typed_before(request)))


def _show(request: ActorRequest, member: Membership, form: AssignForm) -> HttpResponse:
    context = {
        "person": member,
        "email": show(request.actor, member.user, "email").text,
        "form": form,
        "events": selectors.events_about(request.actor, member),
        "elsewhere": selectors.works_elsewhere(member),
        "lent": delegations_of(member),
        "teams": teams_of(member),
        "checklist": checklist(member, require_mfa=request.tenant.require_mfa),
        "has_factors": is_mfa_enabled(member.user),
        "may_change": request.actor.can("people.manage"),
        "may_manage": request.actor.can("people.manage") and member.id != request.actor.membership_id,
        "may_assign": request.actor.can(ASSIGN) and member.id != request.actor.membership_id,
    }
    return render(request, "core/person.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door("people.manage")
def person_change(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    member = selectors.get_person_for(request.actor, membership_id)
    email = show(request.actor, member.user, "email")
    now = {"display_name": member.display_name, "employee_no": member.employee_no, "branch": member.branch_id}
    if not email.masked:
        now["email"] = email.text
    form = MemberForm(request.POST or typed_before(request), initial=now, member=member)
    if not request.actor.can(ASSIGN):
        form.fields["email"].disabled = True  # people sign in with it
    if email.masked:
        form.fields["email"].widget.attrs["placeholder"] = email.text
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        if email.masked and not wanted["email"]:
            wanted["email"] = None  # it could not be seen: what is empty stays as it is
        if not request.actor.can(ASSIGN):
            wanted["email"] = None
        if wanted["email"] not in (None, member.user.email) and not recently_authenticated(request, capability=ASSIGN):
            return reauthenticate(request, typed=request.POST, capability=ASSIGN)
        try:
            services.member_change(actor=request.actor, membership=member, **wanted)
        except AppError as error:
            add_errors(form, error.fields, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("core:person", member.id)
    context = {"person": member, "form": form}
    return render(request, "core/person_change.html", context, status=422 if form.errors else 200)


@require_POST
@door(ASSIGN)
def person_assign(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    member = selectors.get_person_for(request.actor, membership_id)
    form = AssignForm(request.POST)
    if not form.is_valid():
        return _show(request, member, form)
    if not recently_authenticated(request, capability=ASSIGN):
        back = reverse("core:person", args=[member.id])
        return reauthenticate(request, back=back, typed=request.POST, capability=ASSIGN)
    try:
        services.role_assign(actor=request.actor, membership=member, **form.cleaned_data)
    except AppError as error:
        add_errors(form, error.fields, error)
        return _show(request, member, form)
    messages.success(request, _("The role counts from now on."))
    return redirect("core:person", member.id)


@require_POST
@door(ASSIGN)
def person_withdraw(request: ActorRequest, membership_id: UUID, assignment_id: UUID) -> HttpResponse:
    member = selectors.get_person_for(request.actor, membership_id)
    if needs_passkey(request.actor, ASSIGN) and not request.actor.by_passkey:
        return reauthenticate(request, back=reverse("core:person", args=[member.id]), capability=ASSIGN)
    services.role_withdraw(actor=request.actor, assignment_id=assignment_id)
    messages.success(request, _("The role is taken away."))
    return redirect("core:person", member.id)


@require_http_methods(["GET", "HEAD", "POST"])
@door("people.manage")
def person_deactivate(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    """GET shows what is in the leaver's hands and asks who goes on with it; POST ends all of it in one act."""
    member = selectors.get_person_for(request.actor, membership_id)
    form = LeaverForm(request.POST if request.method == "POST" else typed_before(request), leaver=member.id)
    if request.method == "POST" and form.is_valid():
        if not recently_authenticated(request):
            return reauthenticate(request, typed=request.POST)
        successor = form.cleaned_data["successor"]
        left = services.member_deactivate(actor=request.actor, membership=member, successor=successor)
        messages.success(request, _("%(name)s can no longer enter.") % {"name": member.display_name})
        if left:
            what = _(", ").join(f"{label} {count}" for label, count in left)
            to = successor.display_name if successor else _("nobody yet")
            messages.info(request, _("Was in hand: %(what)s. Goes on with it: %(to)s.") % {"what": what, "to": to})
        return redirect("core:person", member.id)
    context = {"person": member, "form": form, "holdings": holdings_of(member), "lent": delegations_of(member)}
    return render(request, "core/person_deactivate.html", context, status=422 if form.errors else 200)


@require_POST
@door("people.manage")
def person_reactivate(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    member = selectors.get_person_for(request.actor, membership_id)
    services.member_reactivate(actor=request.actor, membership=member)
    messages.success(request, _("%(name)s may enter again. Assign the roles anew.") % {"name": member.display_name})
    return redirect("core:person", member.id)


@require_POST
@door(ASSIGN)
def person_password(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    member = selectors.get_person_for(request.actor, membership_id)
    if not recently_authenticated(request, capability=ASSIGN):
        return reauthenticate(request, back=request.path.removesuffix("password/"), capability=ASSIGN)
    password = sign_in.password_renew(actor=request.actor, membership=member)
    return _once(request, member, password)


@require_POST
@door(ASSIGN)
def person_factors(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    member = selectors.get_person_for(request.actor, membership_id)
    if not recently_authenticated(request, capability=ASSIGN):
        return reauthenticate(request, back=request.path.removesuffix("factors/"), capability=ASSIGN)
    sign_in.factors_remove(actor=request.actor, membership=member)
    messages.success(request, _("The second factors are gone; the password alone opens until new ones are set up."))
    return redirect("core:person", member.id)


@require_POST
@door("people.manage", ASSIGN)
def person_sessions(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    member = selectors.get_person_for(request.actor, membership_id)
    member_sessions_end(actor=request.actor, membership=member)
    messages.success(request, _("%(name)s is signed out everywhere.") % {"name": member.display_name})
    return redirect("core:person", member.id)
