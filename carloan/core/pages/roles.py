"""The permission matrix: capabilities by module, roles side by side, the difference before it is saved."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from carloan.core import capabilities, selectors
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import AppError
from carloan.core.families import ADMINISTRATORS, LABELS, Mixed, is_separated
from carloan.core.models import Role, RoleCapability
from carloan.core.selectors_rights import Change, effects_of, last_changes, scope_word
from carloan.core.services import roles as services
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before

from .forms import RoleForm, add_errors
from .forms_rights import MatrixFilter, PreviewForm, ReasonForm

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
    family: Any
    of_administrators: bool
    cells: list[Cell]


@dataclass(frozen=True)
class Group:
    label: Any
    rows: list[Row]


@dataclass(frozen=True)
class Matrix:
    """The part of the matrix that a request asks for."""

    form: MatrixFilter
    roles: list[Role]
    groups: list[Group]

    @property
    def count(self) -> int:
        return sum(len(group.rows) for group in self.groups)


@require_http_methods(["GET", "HEAD", "POST"])
@door("roles.view", "roles.manage")
def roles(request: ActorRequest) -> HttpResponse:
    """GET shows the matrix as its filter asks; POST shows the difference, and with `confirm` saves it.

    Who comes back from confirming who they are finds the difference again.
    """
    current = services.matrix()
    if request.method == "POST":
        request.actor.require("roles.manage")
        if not recently_authenticated(request, capability="roles.manage"):
            return reauthenticate(request, back=request.path, typed=request.POST, capability="roles.manage")
        if "confirm" in request.POST:
            return _save(request)
    if typed := request.POST or typed_before(request):
        return _confirm(request, current, typed)
    matrix = shown_matrix(request, current)
    one = matrix.roles[0] if len(matrix.roles) == 1 else None
    context = {
        "form": matrix.form,
        "matrix": matrix,
        "one": one,
        "scopes": SCOPES,
        "query": urlencode([(key, value) for key, value in request.GET.items() if value]),
        "may_manage": request.actor.can("roles.manage"),
        "separated": is_separated(),
        "preview_form": PreviewForm() if one else None,
    }
    return render(request, "core/roles.html", context)


def shown_matrix(request: ActorRequest, current: services.Matrix) -> Matrix:
    """The roles and rights that the filter leaves, for the page and for files."""
    all_roles = list(selectors.roles())
    groups = list(dict.fromkeys(str(each.group) for each in capabilities.all_capabilities()))
    form = MatrixFilter(request.GET, roles=all_roles, groups=groups)
    wanted = form.cleaned_data if form.is_valid() else {}
    keys = {key for key in (wanted.get("role"), wanted.get("also")) if key}
    shown = [role for role in all_roles if role.key in keys] or all_roles
    return Matrix(form, shown, _groups(shown, current, wanted))


def _groups(shown: list[Role], current: services.Matrix, wanted: dict[str, Any]) -> list[Group]:
    groups: dict[str, Group] = {}
    text, group, only = wanted.get("q", "").casefold(), wanted.get("group", ""), wanted.get("only", "")
    for capability in capabilities.all_capabilities():
        if group and str(capability.group) != group:
            continue
        if text and text not in f"{capability.label} {capability.code}".casefold():
            continue
        scopes = [current.get(role.key, {}).get(capability.code, "") for role in shown]
        if (only == "differ" and len(scopes) > 1 and len(set(scopes)) == 1) or (only == "held" and not any(scopes)):
            continue
        cells = [
            Cell(role, f"{role.key}:{capability.code}", str(role), scope, TONES[scope], _choices(capability))
            for role, scope in zip(shown, scopes, strict=True)
        ]
        family = capability.family
        row = Row(capability.code, capability.label, LABELS[family], family in ADMINISTRATORS, cells)
        groups.setdefault(str(capability.group), Group(capability.group, [])).rows.append(row)
    return list(groups.values())


def _cells(pairs: Any) -> dict[str, dict[str, str]]:
    """`role:capability` -> scope, as the form sends them. What the service does not know it refuses."""
    found: dict[str, dict[str, str]] = {}
    for name, scope in pairs:
        role, colon, code = name.partition(":")
        if colon:
            found.setdefault(role, {})[code] = str(scope)
    return found


def _confirm(
    request: ActorRequest,
    current: services.Matrix,
    typed: QueryDict,
    *,
    form: ReasonForm | None = None,
    moved: services.MatrixMoved | None = None,
    status: int = 200,
) -> HttpResponse:
    found = services.difference(current, _cells(typed.items()))
    if not found:
        messages.info(request, _("Nothing would change."))
        return redirect("core:roles")
    context = {
        "count": len(found),
        "effects": effects_of(request.actor, found),
        "cells": [(f"{role}:{code}", before, after) for role, code, before, after in found],
        "form": form or ReasonForm(initial={"reason": typed.get("reason", "")}),
        "moved": _moved(moved.data["cells"]) if moved else [],
    }
    return render(request, "core/roles_confirm.html", context, status=status)


def _moved(cells: list[Change]) -> list[dict[str, Any]]:
    """What somebody else changed since the difference was shown: who, when, from what to what."""
    known = last_changes((role, code) for role, code, _shown, _now in cells)
    names = {role.key: str(role) for role in selectors.roles()}
    return [
        {
            "role": names.get(role, role),
            "capability": capabilities.label_of(code),
            "shown": scope_word(shown),
            "now": scope_word(now),
            "change": known.get((role, code)),
        }
        for role, code, shown, now in cells
    ]


def _save(request: ActorRequest) -> HttpResponse:
    """Save what was confirmed, unless somebody changed one of these cells since it was shown."""
    form = ReasonForm(request.POST)
    wanted = _cells(request.POST.items())
    seen = _cells(cell.partition("=")[::2] for cell in request.POST.getlist("was"))
    if not form.is_valid():
        return _confirm(request, services.matrix(), request.POST, form=form, status=422)
    try:
        changes = services.matrix_change(
            actor=request.actor, wanted=wanted, seen=seen, reason=form.cleaned_data["reason"]
        )
    except services.MatrixMoved as error:
        return _confirm(request, services.matrix(), request.POST, form=form, moved=error, status=error.status)
    except Mixed as error:
        form.add_error(None, str(error))
        return _confirm(request, services.matrix(), request.POST, form=form, status=error.status)
    saved = ngettext(
        "%(count)s change saved. It counts from everybody's next page on.",
        "%(count)s changes saved. They count from everybody's next page on.",
        len(changes),
    )
    messages.success(request, saved % {"count": len(changes)})
    return redirect("core:roles")


@require_http_methods(["GET", "HEAD", "POST"])
@door("roles.manage")
def role_new(request: ActorRequest) -> HttpResponse:
    form = RoleForm(request.POST or typed_before(request))
    if request.method == "POST" and form.is_valid():
        if not recently_authenticated(request, capability="roles.manage"):
            return reauthenticate(request, typed=request.POST, capability="roles.manage")
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
