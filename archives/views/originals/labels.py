"""Sheets of labels (A4, 3 by 8): for places and originals that are there, and ahead for what will come."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from carloan.archives.forms_originals import LabelsForm
from carloan.archives.labels_pdf import Label, labels_pdf
from carloan.archives.originals_faces import original_code, original_kind, place_code
from carloan.archives.policies.originals.codes import ORIGINAL, code_of
from carloan.archives.selectors.originals.originals import visible_originals
from carloan.archives.selectors.originals.places import inner_places, path_of, visible_places
from carloan.archives.services.originals.registering import MOST_LABELS, labels_issue
from carloan.archives.views.named import id_of, ids_of
from carloan.compliance.views.asked import add_faults
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid, NotFound
from carloan.core.selectors import lender_name


@require_safe
@door("originals.view")
def labels(request: ActorRequest) -> HttpResponse:
    """`place` and `original` name what gets a label, each any number of times; `inside` all in that place."""
    actor = request.actor
    wanted = ids_of(request.GET.getlist("place"), most=MOST_LABELS)
    found = list(visible_places(actor).filter(id__in=wanted))
    if (inside := id_of(request.GET.get("inside"))) is not None:
        outer = visible_places(actor).filter(id=inside).first()
        if outer is None:
            raise NotFound
        reached = set(visible_places(actor).values_list("id", flat=True))
        found += [outer, *(each for each in inner_places(outer) if each.id in reached and each.closed_at is None)]
    originals = visible_originals(actor).filter(id__in=ids_of(request.GET.getlist("original"), most=MOST_LABELS))
    lines = [Label(place_code(each), str(each.get_level_display()), path_of(each)) for each in found]
    lines += [
        Label(original_code(each), original_kind(each.kind), each.loan.contract_no) for each in originals.order_by("id")
    ]
    if not lines:
        raise NotFound
    return _answer(lines[:MOST_LABELS])


@require_http_methods(["GET", "HEAD", "POST"])
@door("originals.keep")
def labels_new(request: ActorRequest) -> HttpResponse:
    """Labels for originals that nobody has seen yet: stuck on first, scanned and entered after."""
    form = LabelsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            numbers = labels_issue(actor=request.actor, count=form.cleaned_data["count"])
        except Invalid as error:
            add_faults(form, error)
        else:
            return _answer([Label(code_of(ORIGINAL, number), "", lender_name()) for number in numbers])
    return render(
        request, "archives/originals/labels_new.html", {"form": form}, status=422 if request.method == "POST" else 200
    )


def _answer(lines: list[Label]) -> HttpResponse:
    answer = HttpResponse(labels_pdf(lines), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="labels.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
