"""The register of all destructions (销毁清册): a page to read and print, and its files."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from carloan.compliance.selectors.certificates import register_for
from carloan.compliance.services.register_exports import register_export_begin
from carloan.compliance.views.destruction import BATCH_TONES
from carloan.core.doors import ActorRequest, door
from carloan.core.sealed import clear
from carloan.core.stepup import reauthenticate, recently_authenticated
from carloan.core.tenancy import tenant_atomic
from carloan.lib.spreadsheet import MEDIA, csv_lines, xlsx_chunks


@require_safe
@door("destruction.view")
def register(request: ActorRequest) -> HttpResponse:
    asked = request.GET.get("after", "")[:9]
    entries, following = register_for(request.actor, below=int(asked) if asked.isdecimal() else None)
    rows = [
        (
            entry,
            BATCH_TONES[entry.batch.state],
            entry.notary and {name: clear(entry.notary, name) for name in ("number", "office", "reason")},
        )
        for entry in entries
    ]
    return render(request, "compliance/register.html", {"rows": rows, "following": following})


@require_safe
@door("destruction.view")
def register_export(request: ActorRequest, kind: str) -> HttpResponseBase:
    """CSV or XLSX, a line a thing. Who signed in long ago confirms who they are and comes back to the page."""
    if not recently_authenticated(request):
        messages.info(request, _("Confirm who you are. Then export the list again."))
        return reauthenticate(request, back=reverse("compliance:destruction-register"))
    rows = register_export_begin(actor=request.actor, kind=kind)
    name = f"destructions-{timezone.localtime():%Y%m%d-%H%M}.{kind}"

    def body() -> Iterator[bytes]:
        # The body leaves when the request's own transaction is over.
        with tenant_atomic(request.actor.tenant_id):
            if kind == "xlsx":
                yield from xlsx_chunks(rows, title=name)
            else:
                yield from (line.encode() for line in csv_lines(rows))

    response = StreamingHttpResponse(body(), content_type=MEDIA[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
