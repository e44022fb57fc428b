"""The import wizard: upload, mapping, dry run, run, result."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, TooLarge
from carloan.core.listing import check_names
from carloan.core.tenancy import tenant_atomic
from carloan.lib.spreadsheet import csv_lines
from carloan.loans.faces import BATCH_TONES
from carloan.loans.forms import MappingForm, NameForm, UploadForm, add_errors
from carloan.loans.imports.opening import OutOfTime
from carloan.loans.imports.outcomes import OUTCOMES, outcome_label
from carloan.loans.imports.reconciling import reconciliation_of
from carloan.loans.imports.spec import profiles
from carloan.loans.models import ImportBatch
from carloan.loans.selectors.import_results import DOUBTFUL, is_dry
from carloan.loans.selectors.imports import (
    GROUPS,
    error_table,
    file_name_of,
    file_names_of,
    get_batch_for,
    kinds_of,
    sample_rows,
    shape_of,
    told_rows,
    visible_batches,
)
from carloan.loans.services.imports import (
    import_check_start,
    import_errors_take,
    import_map,
    import_profile_keep,
    import_run_start,
    import_upload,
)
from carloan.loans.uploads import InMemory, keep_in_memory

SAMPLE = 3
ROWS = 50
MAPPED_IN = ("uploaded", "failed")


@require_safe
@door("loans.import")
def batches(request: ActorRequest) -> HttpResponse:
    seen = list(visible_batches(request.actor)[:100])
    found = [
        {"batch": batch, "name": name, "tone": BATCH_TONES[batch.state], "dry": is_dry(batch)}
        for batch, name in zip(seen, file_names_of(seen), strict=True)
    ]
    return render(request, "loans/imports.html", {"batches": found})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.import")
def upload(request: ActorRequest) -> HttpResponse:
    """The bytes stay in memory, so the handler comes before the CSRF check."""
    handler = keep_in_memory(request)
    checked: Any = csrf_protect(lambda inner: _upload(inner, handler))
    response: HttpResponse = checked(request)
    return response


def _upload(request: ActorRequest, handler: InMemory) -> HttpResponse:
    choices = [(profile.key, profile.name) for profile in profiles().values()]
    form = UploadForm(request.POST if request.method == "POST" else None, request.FILES or None, profiles=choices)
    if handler.too_large:
        raise TooLarge
    if request.method == "POST":
        check_names(request.FILES)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = import_upload(
                actor=request.actor, file=file, name=file.name, profile_key=form.cleaned_data["profile"]
            )
        except Invalid as error:
            add_errors(form, error.fields)
        else:
            return redirect("loans:batch", batch.id)
    return render(request, "loans/import.html", {"form": form}, status=422 if request.method == "POST" else 200)


@require_safe
@door("loans.import")
def batch(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, batch_id)
    fragment = bool(request.htmx) and not request.htmx.boosted
    if fragment and found.state != ImportBatch.State.RUNNING:
        # What may be done now stands all over the page, not only where the progress was.
        refreshed: HttpResponse = HttpResponseClientRefresh()
        return refreshed
    return render(request, "loans/_batch_state.html" if fragment else "loans/batch.html", _context(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.import")
def batch_map(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, batch_id)
    if request.method != "POST":  # the address after a mapping with faults: loaded again, or gone back to
        return redirect("loans:batch", found.id)
    form = MappingForm(request.POST, header=shape_of(found).header, spec=found.spec)
    if form.is_valid():
        try:
            found = import_map(actor=request.actor, batch=found, spec=form.mapping())
            if name := request.POST.get("profile_name", "").strip():
                import_profile_keep(actor=request.actor, batch=found, name=name)
            import_check_start(actor=request.actor, batch=found)
        except Invalid as error:
            add_errors(form, error.fields)
        else:
            return redirect("loans:batch", found.id)
    return render(request, "loans/batch.html", {**_context(request, found), "form": form}, status=422)


@require_POST
@door("loans.import")
def batch_run(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, batch_id)
    import_run_start(actor=request.actor, batch=found)
    return redirect("loans:batch", found.id)


@require_safe
@door("loans.import")
def batch_errors(request: ActorRequest, batch_id: UUID) -> HttpResponseBase:
    """The rejected and the doubtful rows as CSV, to be corrected and sent again."""
    found = get_batch_for(request.actor, batch_id)
    import_errors_take(actor=request.actor, batch=found)

    def lines() -> Iterator[bytes]:
        with tenant_atomic(request.actor.tenant_id):
            for line in csv_lines(error_table(request.actor, found)):
                yield line.encode()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{found.number}-errors.csv"'
    return response


def _context(request: ActorRequest, found: ImportBatch) -> dict[str, Any]:
    shape = shape_of(found)
    done = found.created + found.updated + found.unchanged + found.kept + found.rejected
    return {
        "batch": found,
        "tone": BATCH_TONES[found.state],
        "done": done,
        "file_name": file_name_of(found),
        **_told(request, found),
        "form": MappingForm(header=shape.header, spec=found.spec),
        "name_form": NameForm(),
        "shape": shape,
        **_sample(request, found),
        "reconciliation": reconciliation_of(found),
        "checked": found.state == "checked",
        "dry": is_dry(found),
        "outcomes": _outcomes(found),
        "mappable": found.stored_as and found.state in ("uploaded", "checked", "failed"),
        "mapped": len(found.spec.get("columns", {})),
    }


def _sample(request: ActorRequest, found: ImportBatch) -> dict[str, Any]:
    """The first rows, to see what the columns mean; the mapping can be done without them."""
    if found.state not in MAPPED_IN or not found.stored_as:
        return {"sample": [], "out_of_time": False}
    try:
        return {"sample": sample_rows(request.actor, found, SAMPLE), "out_of_time": False}
    except OutOfTime:
        return {"sample": [], "out_of_time": True}


def _outcomes(found: ImportBatch) -> list[dict[str, Any]]:
    """The counts of a pass in words: what would be, while nothing is booked, and what was done."""
    dry = is_dry(found)
    lines = [(name, outcome_label(name, dry=dry), getattr(found, name)) for name in OUTCOMES]
    lines.append((DOUBTFUL, _("Doubtful rows"), found.warned))
    return [
        {"name": name, "label": label, "count": count, "bad": name == "rejected" and count}
        for name, label, count in lines
        if count or name not in ("kept", DOUBTFUL)
    ]


def _told(request: ActorRequest, found: ImportBatch) -> dict[str, Any]:
    """The rows to look at: one group of them, wholly or by one kind of fault, fifty at a time."""
    counts = {"errors": found.rejected, "warnings": found.warned}
    group = request.GET.get("show", "")
    if group not in GROUPS:
        group = "errors" if found.rejected or not found.warned else "warnings"
    kinds = kinds_of(found, group)
    kind = request.GET.get("kind", "")
    after = request.GET.get("after", "0")
    wrong = told_rows(
        found,
        group,
        kind=kind if any(one.key == kind for one in kinds) else "",
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0,
        limit=ROWS,
    )
    return {
        "group": group,
        "tabs": [
            {"label": label, "url": f"?show={name}", "current": name == group, "count": counts[name]}
            for name, label in ((GROUPS[0], _("Rows left out")), (GROUPS[1], _("Doubtful rows")))
        ],
        "kinds": kinds,
        "kind": kind,
        "wrong": wrong,
        "seen_all": all(said.cell is not None for row in wrong for said in row.told if said.column),
        "more_wrong": urlencode({"show": group, "kind": kind, "after": wrong[-1].number}) if len(wrong) == ROWS else "",
    }
