"""Keys of other systems: list, make (the token is shown once), revoke."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from carloan.core import capabilities, selectors
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Forbidden, Invalid
from carloan.core.families import is_separated
from carloan.core.models import ApiKey, Branch, Role
from carloan.core.services.api_keys import LONGEST, api_key_confirm, api_key_make, api_key_revoke
from carloan.core.services.people import ASSIGN
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before

from .forms import add_errors, choose, choose_from

MANAGE = "keys.manage"


class ApiKeyForm(forms.Form):
    """A key acts with one role; it always expires."""

    name = forms.CharField(label=gettext_lazy("Name of the other system"), max_length=80)
    role: "forms.ModelChoiceField[Role]" = forms.ModelChoiceField(
        label=gettext_lazy("Acts with the rights of"), queryset=None
    )
    branch: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(
        label=gettext_lazy("Counts in"), queryset=None, required=False, empty_label=gettext_lazy("Everywhere")
    )
    days = forms.IntegerField(
        label=gettext_lazy("Expires after (days)"), min_value=1, max_value=LONGEST.days, initial=90
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Only these rights"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=gettext_lazy("None ticked: all rights of the role. The role must hold what is ticked."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choose_from(self.fields["role"], selectors.roles())
        choose_from(self.fields["branch"], selectors.branches())
        choose(self.fields["scopes"], [(each.code, each.label) for each in capabilities.all_capabilities()])


@require_http_methods(["GET", "HEAD", "POST"])
@door(MANAGE, ASSIGN)
def api_keys(request: ActorRequest) -> HttpResponse:
    """Whoever makes keys makes one here; whoever gives roles confirms those that wait."""
    form = ApiKeyForm(request.POST or typed_before(request))
    token = ""
    if request.method == "POST":
        request.actor.require(MANAGE)
    if request.method == "POST" and form.is_valid():
        if not recently_authenticated(request):
            return reauthenticate(request, typed=request.POST)
        try:
            token = api_key_make(actor=request.actor, **form.cleaned_data)[1]
        except (Forbidden, Invalid) as error:
            add_errors(form, error.fields, error)
        else:
            form = ApiKeyForm()
    keys = [(key, _only(key)) for key in selectors.api_keys_for(request.actor)]
    context = {
        "form": form if request.actor.can(MANAGE) else None,
        "token": token,
        "keys": keys,
        "now": timezone.now(),
        "may_confirm": request.actor.can(ASSIGN),
        "may_make": request.actor.can(MANAGE),
        "waits": is_separated(),
    }
    response = render(request, "core/api_keys.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _only(key: ApiKey) -> list[str]:
    """The names of the rights to which a key is cut down; none when it has all of its role."""
    return [capabilities.label_of(code) for code in key.scopes]


@require_POST
@door(ASSIGN)
def api_key_confirmed(request: ActorRequest, key_id: UUID) -> HttpResponse:
    key = selectors.get_waiting_key_for(request.actor, key_id)
    if not recently_authenticated(request, capability=ASSIGN):
        return reauthenticate(request, back=reverse("core:api-keys"), capability=ASSIGN)
    api_key_confirm(actor=request.actor, key_id=key.id)
    messages.success(request, _("The key is confirmed; it counts from now on."))
    return redirect("core:api-keys")


@require_POST
@door(MANAGE)
def api_key_revoked(request: ActorRequest, key_id: UUID) -> HttpResponse:
    api_key_revoke(actor=request.actor, key_id=key_id)
    messages.success(request, _("The key is revoked; it counts no more."))
    return redirect("core:api-keys")
