"""The import wizard: upload, mapping, dry run, run, result."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, TooLarge
from carloan.core.tenancy import tenant_atomic
from carloan.lib import money
from carloan.lib.spreadsheet import csv_lines
from carloan.loans.faces import BATCH_TONES
from carloan.loans.forms import MappingForm, NameForm, UploadForm, add_errors
from carloan.loans.imports.spec import profiles
from carloan.loans.models import ImportBatch
from carloan.loans.selectors.imports import (
    error_table,
    get_batch_for,
    rejected_rows,
    sample_rows,
    shape_of,
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
MAPPED_IN = ("uploaded", "failed")
FIGURES: dict[str, dict[str, Any]] = {
    "sums": {
        "principal": _("Loan amounts"),
        "outstanding": _("Outstanding principal"),
        "overdue": _("Overdue amounts"),
    },
    "paid": {
        "amount": _("Paid in the period"),
        "interest": _("of it interest"),
        "principal": _("of it principal"),
        "penalty": _("of it penalty interest"),
        "other": _("of it other"),
        "unallocated": _("of it not allocated"),
    },
}


@require_GET
@door("loans.import")
def batches(request: ActorRequest) -> HttpResponse:
    found = [{"batch": batch, "tone": BATCH_TONES[batch.state]} for batch in visible_batches(request.actor)[:100]]
    return render(request, "loans/imports.html", {"batches": found})


@csrf_exempt
@require_http_methods(["GET", "POST"])
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


@require_GET
@door("loans.import")
def batch(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, batch_id)
    fragment = bool(request.htmx) and not request.htmx.boosted
    context = _context(request, found)
    return render(request, "loans/_batch_state.html" if fragment else "loans/batch.html", context)


@require_POST
@door("loans.import")
def batch_map(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, batch_id)
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


@require_GET
@door("loans.import")
def batch_errors(request: ActorRequest, batch_id: UUID) -> HttpResponseBase:
    """The rejected rows as CSV, to be corrected and sent again."""
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
    try:
        after = int(request.GET.get("after", "0"))
    except ValueError:
        after = 0
    wrong = rejected_rows(found, after=after) if found.rejected else []
    done = found.created + found.updated + found.unchanged + found.kept + found.rejected
    return {
        "batch": found,
        "tone": BATCH_TONES[found.state],
        "done": done,
        "wrong": wrong,
        "more_wrong": wrong[-1].number if len(wrong) == 50 else None,
        "form": MappingForm(header=shape.header, spec=found.spec),
        "name_form": NameForm(),
        "shape": shape,
        "sample": sample_rows(request.actor, found, SAMPLE) if found.state in MAPPED_IN and found.stored_as else [],
        "figures": _figures(found),
        "dry": found.state == "checked",
        "mappable": found.stored_as and found.state in ("uploaded", "checked", "failed"),
        "mapped": len(found.spec.get("columns", {})),
    }


def _figures(found: ImportBatch) -> list[dict[str, Any]]:
    """The reconciliation: what the file claims beside what the book holds."""
    file, book = found.report.get("file"), found.report.get("book")
    if not file:
        return []
    currency = str(found.spec.get("currency", "CNY"))

    def line(label: Any, claimed: int, held: int | None, *, amount: bool = True) -> dict[str, Any]:
        shown = [
            "" if value is None else money.show(value, currency) if amount else f"{value:,}"
            for value in (claimed, held)
        ]
        return {"label": label, "file": shown[0], "book": shown[1], "same": held is None or held == claimed}

    def of(group: str, name: str) -> int | None:
        return book[group][name] if book else None

    lines = [line(gettext("Loans"), file["loans"], book["loans"] if book else None, amount=False)]
    for group, names in FIGURES.items():
        if group == "sums" or file["paid"]["amount"]:
            lines += [line(label, file[group][name], of(group, name)) for name, label in names.items()]
    # The stored report does not keep the order of its names: by the first day of each.
    for name, claimed in sorted(
        file["buckets"].items(), key=lambda bucket: int(bucket[0].partition("-")[0].rstrip("+"))
    ):
        lines.append(
            line(gettext("%(days)s days overdue") % {"days": name}, claimed, of("buckets", name), amount=False)
        )
    return lines
