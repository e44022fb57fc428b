"""Around the permission matrix: its history, its file, and the pages as a role sees them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from carloan.core import preview, selectors
from carloan.core.doors import ActorRequest, door, open_door
from carloan.core.errors import Invalid
from carloan.core.models import RolePreview
from carloan.core.selectors_rights import matrix_acts, scope_word
from carloan.core.services import roles as services
from carloan.core.services.previews import preview_begin, preview_end
from carloan.lib.spreadsheet import Cell, csv_lines

from .forms_rights import PreviewForm
from .roles import Matrix, shown_matrix


@require_safe
@door("roles.view", "roles.manage")
def roles_log(request: ActorRequest) -> HttpResponse:
    """What became of the matrix, act by act; ?role= narrows it."""
    role = request.GET.get("role", "")
    acts, older = matrix_acts(request.actor, role=role, before=_uuid(request.GET.get("before", "")))
    context = {
        "acts": acts,
        "older": older,
        "all_roles": selectors.roles(),
        "role": role,
        "may_open": request.actor.can("trail.view"),
    }
    return render(request, "core/roles_log.html", context)


@require_safe
@door("roles.view", "roles.manage")
def roles_csv(request: ActorRequest) -> StreamingHttpResponse:
    """The matrix as its filter asks, as a file; that it left is told."""
    matrix = shown_matrix(request, services.matrix())
    services.matrix_exported(actor=request.actor, roles=[role.key for role in matrix.roles], count=matrix.count)
    return csv_answer(_lines(matrix), f"roles-{request.tenant.slug}.csv")


def csv_answer(rows: Iterator[list[Cell]], name: str) -> StreamingHttpResponse:
    """A file for spreadsheets. The rows are read before the answer leaves the lender's transaction."""
    lines = [line.encode() for line in csv_lines(list(rows))]
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _lines(matrix: Matrix) -> Iterator[list[Cell]]:
    yield [_("Module"), _("Right"), _("Code"), *(str(role) for role in matrix.roles)]
    for group in matrix.groups:
        for row in group.rows:
            yield [
                str(group.label), str(row.label), row.code,
                *(str(scope_word(cell.scope)) for cell in row.cells),
            ]  # fmt: skip


@require_POST
@door("roles.view", "roles.manage")
def preview_begun(request: ActorRequest) -> HttpResponse:
    form = PreviewForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields={name: list(lines) for name, lines in form.errors.items()})
    begun = preview_begin(actor=request.actor, role=form.cleaned_data["role"], branch=form.cleaned_data["branch"])
    preview.begin(request.session, begun)
    return redirect("core:entry")


@require_POST
@open_door("ends the person's own preview, whatever the role that is looked at may open")
def preview_ended(request: Any) -> HttpResponse:
    running = getattr(request, "preview", None)
    if running is None:
        return redirect("core:entry")
    preview_end(actor=running.person, preview_id=running.row.id, by=RolePreview.End.PERSON)
    preview.end(request.session)
    messages.success(request, _("The preview has ended; you see the pages with your own rights again."))
    return redirect("core:roles")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
