"""The permission matrix: capabilities by module, roles side by side, the difference before it is saved."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from carloan.core import capabilities, selectors
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import AppError, Conflict
from carloan.core.models import Role, RoleCapability
from carloan.core.services import roles as services
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before

from .forms import RoleForm, add_errors

SCOPES = [("", gettext_lazy("None")), *RoleCapability.Scope.choices]
TONES = {"all": "st-green", "branch": "st-blue", "own": "st-yellow", "": ""}


@dataclass(frozen=True)
class Cell:
    role: Role
    name: str
    label: str
    scope: str
    tone: str
    choices: list[tuple[str, Any]]


@dataclass(frozen=True)
class Row:
    code: str
    label: Any
    cells: list[Cell]


@dataclass(frozen=True)
class Group:
    label: Any
    rows: list[Row]


@dataclass(frozen=True)
class Change:
    role: str
    capability: Any
    name: str
    before: Any
    after: Any
    value: str


@require_http_methods(["GET", "POST"])
@door("roles.view", "roles.manage")
def roles(request: ActorRequest) -> HttpResponse:
    """GET shows the matrix (?role= one column, for phones); POST shows the difference, and with `confirm` saves it.

    Who comes back from confirming who they are finds the difference again.
    """
    current = services.matrix()
    all_roles = list(selectors.roles())
    if request.method == "POST":
        request.actor.require("roles.manage")
        if not recently_authenticated(request):
            return reauthenticate(request, back=request.path, typed=request.POST)
        if "confirm" in request.POST:
            return _save(request, current)
    if typed := request.POST or typed_before(request):
        return _confirm(request, current, all_roles, typed)
    shown = [role for role in all_roles if role.key == request.GET.get("role")] or all_roles
    context = {
        "groups": _groups(shown, current),
        "roles": shown,
        "all_roles": all_roles,
        "one": len(shown) == 1,
        "scopes": SCOPES,
        "may_manage": request.actor.can("roles.manage"),
    }
    return render(request, "core/roles.html", context)


def _groups(shown: list[Role], current: services.Matrix) -> list[Group]:
    groups: dict[str, Group] = {}
    for capability in capabilities.all_capabilities():
        cells = [
            Cell(role, f"{role.key}:{capability.code}", str(role), scope, TONES[scope], _choices(capability))
            for role in shown
            for scope in [current.get(role.key, {}).get(capability.code, "")]
        ]
        row = Row(capability.code, capability.label, cells)
        groups.setdefault(str(capability.group), Group(capability.group, [])).rows.append(row)
    return list(groups.values())


def _wanted(data: QueryDict) -> dict[str, dict[str, str]]:
    """The cells of the form: `role:capability` -> scope. What the service does not know it refuses."""
    wanted: dict[str, dict[str, str]] = {}
    for name, scope in data.items():
        role, colon, code = name.partition(":")
        if colon:
            wanted.setdefault(role, {})[code] = str(scope)
    return wanted


def _confirm(request: ActorRequest, current: services.Matrix, all_roles: list[Role], typed: QueryDict) -> HttpResponse:
    names = {role.key: str(role) for role in all_roles}
    words = dict(SCOPES)
    found = services.difference(current, _wanted(typed))
    if not found:
        messages.info(request, _("Nothing would change."))
        return redirect("core:roles")
    changes = [
        Change(
            names.get(role, role),
            capabilities.label_of(code),
            f"{role}:{code}",
            words.get(before, before),
            words.get(after, after),
            after,
        )
        for role, code, before, after in found
    ]
    seen = [(f"{role}:{code}", before) for role, code, before, _after in found]
    return render(request, "core/roles_confirm.html", {"changes": changes, "seen": seen})


def _save(request: ActorRequest, current: services.Matrix) -> HttpResponse:
    """Save what was confirmed, unless somebody changed one of these cells since it was shown."""
    for name in request.POST.getlist("was"):
        cell, _equals, before = name.partition("=")
        role, _colon, code = cell.partition(":")
        if current.get(role, {}).get(code, "") != before:
            raise Conflict
    changes = services.matrix_change(actor=request.actor, wanted=_wanted(request.POST))
    saved = ngettext(
        "%(count)s change saved. It counts from everybody's next page on.",
        "%(count)s changes saved. They count from everybody's next page on.",
        len(changes),
    )
    messages.success(request, saved % {"count": len(changes)})
    return redirect("core:roles")


@require_http_methods(["GET", "POST"])
@door("roles.manage")
def role_new(request: ActorRequest) -> HttpResponse:
    form = RoleForm(request.POST or typed_before(request))
    if request.method == "POST" and form.is_valid():
        if not recently_authenticated(request):
            return reauthenticate(request, typed=request.POST)
        try:
            role = services.role_add(actor=request.actor, **form.cleaned_data)
        except AppError as error:
            add_errors(form, error.fields, error)
        else:
            messages.success(request, _("The role is there. Set its rights now."))
            return redirect(f"{request.path.removesuffix('new/')}?role={role.key}")
    return render(request, "core/role_new.html", {"form": form}, status=422 if form.errors else 200)


def _choices(capability: capabilities.Capability) -> list[tuple[str, Any]]:
    """None, and the scopes that mean something for this right."""
    return [(value, label) for value, label in SCOPES if not value or value in capability.scopes]
