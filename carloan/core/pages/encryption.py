"""Encryption keys of the lender: which versions of the wrapping, the sealing and the index key count, their rotation,
and the log of ceremonies."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Conflict, Invalid
from carloan.core.index_keys import INDEX
from carloan.core.key_versions import key_ceremonies, key_versions
from carloan.core.services.key_rotation import LONGEST_REASON, SEAL, WRAP, failed, running, tenant_key_rotate
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before
from carloan.core.suites import SUITES

from .forms import add_errors, choose

PURPOSES = {
    WRAP: gettext_lazy("Wrapping key"),
    SEAL: gettext_lazy("Sealing key"),
    INDEX: gettext_lazy("Index key"),
}


class RotationForm(forms.Form):
    """Which key, with which suite, before whom and why. The sealing key can be chosen once there is one."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("Key"),
        help_text=gettext_lazy(
            "The sealing key stands above what is kept sealed apart, the wrapping key above the rest. Under the index "
            "key encrypted values and texts are found; its rotation makes the index anew and takes longest."
        ),
    )
    suite = forms.ChoiceField(
        label=gettext_lazy("Suite for what is sealed from now on"),
        help_text=gettext_lazy("What another suite sealed stays readable. The index key is the same in every suite."),
    )
    witnesses = forms.CharField(
        label=gettext_lazy("Witnesses present"),
        max_length=900,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Names of those who are present, one a line; whoever acts is none."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: QueryDict | None = None, *, suite: str, sealing: bool) -> None:
        super().__init__(data, initial={"suite": suite, "purpose": WRAP})
        keys = [(purpose, str(label)) for purpose, label in PURPOSES.items() if sealing or purpose != SEAL]
        choose(self.fields["purpose"], keys)
        choose(self.fields["suite"], [(each.code, str(each.label)) for each in SUITES.values()])

    def clean_witnesses(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["witnesses"].splitlines() if line.strip()]


@require_http_methods(["GET", "HEAD", "POST"])
@door("encryption.view", "encryption.rotate")
def encryption(request: ActorRequest) -> HttpResponse:
    """Rotation asks for the password again: it decides what everything of this lender is sealed with.

    While one is under way the page asks for its own progress, and is loaded anew when it has ended.
    """
    at_work = running()
    if at_work is None and request.headers.get("HX-Request") == "true" and request.method == "GET":
        return HttpResponse(headers={"HX-Refresh": "true"})
    versions = {purpose: found for purpose in PURPOSES if (found := key_versions(purpose))}
    form = RotationForm(
        request.POST or typed_before(request), suite=versions[WRAP][0].suite.code, sealing=SEAL in versions
    )
    if request.method == "POST":
        request.actor.require("encryption.rotate")
        if form.is_valid():
            if not recently_authenticated(request):
                return reauthenticate(request, typed=request.POST)
            try:
                tenant_key_rotate(actor=request.actor, **form.cleaned_data)
            except (Conflict, Invalid) as error:
                add_errors(form, error.fields, error)
            else:
                messages.success(request, _("The rotation has begun. Everybody goes on working meanwhile."))
                return redirect("core:encryption")
    context = {
        "form": form,
        "keys": [(purpose, PURPOSES[purpose], found) for purpose, found in versions.items()],
        "ceremonies": [(each, PURPOSES[each.purpose], SUITES[each.suite].label) for each in key_ceremonies()],
        "running": at_work,
        "failed": None if at_work else failed(),
        "may_rotate": request.actor.can("encryption.rotate"),
        "may_open_trail": request.actor.can("trail.view"),
    }
    return render(request, "core/encryption.html", context, status=422 if form.errors else 200)
