"""The page on which somebody looks what of a dossier is missing, and asks to have it brought back from a backup."""

from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from carloan.compliance import unit_parts
from carloan.compliance.forms import RevealForm
from carloan.compliance.holds import holdable
from carloan.compliance.names import Named, id_by_number, names_of
from carloan.compliance.openings import Asked, Openable
from carloan.compliance.selectors.archive_backups import backup_asked, last_return
from carloan.compliance.services import unit_restoring as services
from carloan.compliance.services.retention import MANAGE
from carloan.compliance.views.archive_backups import quarter_words
from carloan.compliance.views.asked import add_faults
from carloan.core.actors import Actor
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import AppError, Conflict, Invalid, NotFound
from carloan.core.models import Job
from carloan.core.pages.forms import choose
from carloan.core.tenancy import current_tenant_id


class UnitForm(forms.Form):
    """Which dossier: by the number that people call it by, or by its id where the row with the number is lost."""

    unit = forms.ChoiceField(label=gettext_lazy("What"))
    number = forms.CharField(
        label=gettext_lazy("Contract number or id"),
        max_length=64,
        help_text=gettext_lazy("Where the number itself is lost, or for a person: the id, as the trail shows it."),
    )

    def __init__(self, request: ActorRequest) -> None:
        super().__init__(request.GET if "number" in request.GET else None)
        self._actor = request.actor
        choose(self.fields["unit"], [(each, str(holdable(each).label)) for each in unit_parts.units()])

    def clean(self) -> None:
        """The id behind the number. Who is there and not to be seen by the actor is not found either."""
        unit, number = self.cleaned_data.get("unit"), self.cleaned_data.get("number")
        if not unit or not number:
            return
        kind = holdable(unit)
        try:
            unit_id: UUID | None = UUID(number)
        except ValueError:
            unit_id = id_by_number(self._actor, kind.object_type, number)
        hidden = unit_id is not None and kind.subjects([unit_id]) and not kind.sees(self._actor, unit_id)
        if unit_id is None or hidden:
            raise forms.ValidationError(_("There is nothing of this number."))
        self.cleaned_data["unit_id"] = unit_id


@require_http_methods(["GET", "HEAD", "POST"])
@door("retention.manage")
def unit_restore(request: ActorRequest, backup_id: UUID) -> HttpResponse:
    """A dry run as soon as it is known of what; the question to a second person below it."""
    backup = backup_asked({"backup": str(backup_id)})
    which, why = UnitForm(request), RevealForm(request.POST or None)
    found, refusal, job, running = None, "", None, False
    if which.is_valid():
        wanted = {"backup": backup, "unit": which.cleaned_data["unit"], "unit_id": which.cleaned_data["unit_id"]}
        job = last_return(**wanted)
        running = job is not None and job.state in (Job.State.WAITING, Job.State.RUNNING)
        try:
            # While it comes back there is nothing to count.
            found = None if running else services.unit_look(**wanted)
        except NotFound:
            refusal = _("This backup has nothing of it: it was not archived yet when the backup was made.")
        except Conflict as error:
            refusal = str(error.message)
        if found and request.method == "POST" and why.is_valid():
            try:
                opening = services.restore_ask(actor=request.actor, **wanted, **why.cleaned_data)
            except Invalid as error:
                add_faults(why, error)
            else:
                return redirect("compliance:opening", opening.id)
    context = {
        "quarter": quarter_words(backup.quarter),
        "which": which,
        "form": why,
        "found": found,
        "parts": [*found.rows, found.files] if found else [],
        "refusal": refusal,
        "job": job,
        "running": running,
        "thing": _named(request.actor, wanted["unit"], wanted["unit_id"]) if found else None,
        "label": holdable(wanted["unit"]).label if found else "",
    }
    wrong = request.method == "POST" or (which.is_bound and not which.is_valid())
    return render(request, "compliance/unit_restore.html", context, status=422 if wrong else 200)


def _named(actor: Actor, unit: str, unit_id: UUID) -> Named:
    return names_of(actor, [(holdable(unit).object_type, unit_id)]).get(unit_id) or Named(str(unit_id))


def _count(actor: Actor, asked: Asked) -> int:
    return services.unit_look(backup=backup_asked(asked), unit=asked["unit"], unit_id=UUID(asked["id"])).missing


def _words(asked: Asked) -> list[str]:
    named = _named(Actor.system(current_tenant_id(), "words"), asked["unit"], UUID(asked["id"]))
    lines = [f"{holdable(asked['unit']).label} {named.label}"]
    try:
        backup = backup_asked(asked)
        found = services.unit_look(backup=backup, unit=asked["unit"], unit_id=UUID(asked["id"]))
    except AppError as error:
        return [*lines, str(error.message)]
    lines.append(_("from the backup of %(quarter)s") % {"quarter": quarter_words(backup.quarter)})
    return [*lines, *(f"{part.label}: {part.back}" for part in (*found.rows, found.files) if part.back)]


def _bring_back(actor: Actor, asked: Asked, opening_id: UUID) -> HttpResponseBase:
    services.restore_begin(actor=actor, backup=backup_asked(asked), unit=asked["unit"], unit_id=UUID(asked["id"]))
    wanted = urlencode({"unit": asked["unit"], "number": asked["id"]})
    return redirect(f"{reverse('compliance:unit-restore', args=[asked['backup']])}?{wanted}")


OPENABLE = Openable(
    gettext_lazy("Dossier back from a backup of the archive"),
    MANAGE,
    _count,
    _words,
    _bring_back,
    hint=gettext_lazy("What is missing comes back; what is there stays as it is."),
    verb=gettext_lazy("Bring it back now"),
)
