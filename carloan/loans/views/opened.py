"""Clear values of a list of loans: asked for by one person, decided by another, opened once."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from carloan.compliance.forms import RevealForm
from carloan.compliance.openings import Asked, Openable
from carloan.compliance.selectors.openings import ASK
from carloan.compliance.services.openings import opening_ask
from carloan.compliance.views.asked import add_faults
from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.services.searching import search_asked
from carloan.core.tenancy import tenant_atomic
from carloan.lib.spreadsheet import MEDIA, csv_lines
from carloan.loans.selectors.listing import loans_matching
from carloan.loans.selectors.loans import contract_numbers, visible_loans
from carloan.loans.services.exports import EXPORT, clear_export

from .listing import list_form

KIND = "loans.export"
# What somebody decides about must be something that they can look through.
MOST, NAMED = 2_000, 40


def _ids(asked: Asked) -> list[UUID]:
    return [UUID(loan_id) for loan_id in asked["loans"]]


def _count(actor: Actor, asked: Asked) -> int:
    return visible_loans(actor, EXPORT).filter(id__in=_ids(asked)).count()


def _words(asked: Asked) -> list[str]:
    numbers = contract_numbers(_ids(asked))
    more = len(numbers) - NAMED
    rest = [ngettext("and %(count)s more loan", "and %(count)s more loans", more) % {"count": more}] if more > 0 else []
    return [*numbers[:NAMED], *rest]


def _open(actor: Actor, asked: Asked, opening_id: UUID) -> HttpResponseBase:
    rows = clear_export(actor=actor, loan_ids=_ids(asked), opening_id=opening_id)

    def body() -> Iterator[bytes]:
        with tenant_atomic(actor.tenant_id):
            yield from (line.encode() for line in csv_lines(rows))

    response = StreamingHttpResponse(body(), content_type=MEDIA["csv"])
    name = f"loans-clear-{timezone.localtime():%Y%m%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


OPENABLE = Openable(gettext_lazy("List of loans with clear values"), EXPORT, _count, _words, _open)


@require_http_methods(["GET", "HEAD", "POST"])
@door("loans.export")
def export_ask(request: ActorRequest) -> HttpResponse:
    """Say why the loans of the filtered list are needed with clear values; somebody else decides."""
    request.actor.require(ASK)
    filter_form, filters = list_form(request, EXPORT)
    if not filter_form.is_valid():
        raise Invalid(fields={name: list(lines) for name, lines in filter_form.errors.items()})
    search_asked(actor=request.actor, place="loans.loan", query=filters.q)
    found = loans_matching(request.actor, filters, EXPORT).order_by("id").values_list("id", flat=True)
    ids = [str(loan_id) for loan_id in found[: MOST + 1]]
    form = RevealForm(request.POST or None)
    too_many = len(ids) > MOST
    if request.method == "POST" and form.is_valid() and not too_many:
        try:
            opening = opening_ask(actor=request.actor, kind=KIND, asked={"loans": ids}, **form.cleaned_data)
        except Invalid as error:
            add_faults(form, error)
            if not error.fields:
                form.add_error(None, str(error.message))
        else:
            return redirect("compliance:opening", opening.id)
    words = ngettext("%(count)s loan", "%(count)s loans", len(ids)) % {"count": len(ids)}
    context: dict[str, Any] = {
        "form": form,
        "words": words,
        "too_many": too_many,
        "most": MOST,
        "title": _("Clear values of a list"),
    }
    return render(request, "loans/export_ask.html", context, status=422 if request.method == "POST" else 200)
