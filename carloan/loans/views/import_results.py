"""What an import did to each row: a page to look through, and the same as CSV."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from carloan.core.doors import ActorRequest, door
from carloan.core.listing import one_of
from carloan.core.tenancy import tenant_atomic
from carloan.lib.spreadsheet import csv_lines
from carloan.loans.faces import OUTCOME_TONES
from carloan.loans.forms import ResultFilterForm
from carloan.loans.imports.outcomes import OUTCOMES, outcome_label
from carloan.loans.models import ImportBatch
from carloan.loans.selectors.import_results import DOUBTFUL, SHOWN, is_dry, results_page, results_table
from carloan.loans.selectors.imports import file_name_of, get_batch_for
from carloan.loans.services.imports import import_results_take


@require_safe
@door("loans.import")
def results(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    found = get_batch_for(request.actor, batch_id)
    shown = one_of(request.GET, "show", SHOWN)
    search = ResultFilterForm(request.GET or None)
    page = results_page(
        request.actor,
        found,
        shown=shown,
        contract_no=search.cleaned_data["contract_no"] if search.is_valid() else "",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    dry, counts = is_dry(found), _counts(found)
    return render(
        request,
        "loans/import_results.html",
        {
            "batch": found,
            "file_name": file_name_of(found),
            "dry": dry,
            "shown": shown,
            "search": search,
            "page": page,
            "rows": [(row, OUTCOME_TONES[row.outcome]) for row in page.rows],
            "nothing": [],
            "total": None if search.is_bound and request.GET.get("contract_no") else counts[shown],
            "tabs": [
                {"label": label, "url": f"?show={name}", "current": name == shown, "count": counts[name]}
                for name, label in (
                    ("", _("Everything")),
                    *((name, outcome_label(name, dry=dry)) for name in OUTCOMES),
                    (DOUBTFUL, _("Doubtful rows")),
                )
                if name in ("", shown) or counts[name]
            ],
        },
    )


@require_safe
@door("loans.import")
def results_csv(request: ActorRequest, batch_id: UUID) -> HttpResponseBase:
    found = get_batch_for(request.actor, batch_id)
    shown = one_of(request.GET, "show", SHOWN)
    import_results_take(actor=request.actor, batch=found, shown=shown)
    language = get_language()

    def lines() -> Iterator[bytes]:
        # Sent after the request has gone: language and tenant are opened once more.
        with override(language), tenant_atomic(request.actor.tenant_id):
            for line in csv_lines(results_table(found, shown=shown)):
                yield line.encode()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{found.number}-results.csv"'
    return response


def _counts(batch: ImportBatch) -> dict[str, Any]:
    counts = {name: getattr(batch, name) for name in OUTCOMES}
    return {"": sum(counts.values()), **counts, DOUBTFUL: batch.warned}
