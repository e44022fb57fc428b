"""Shapes of the forms about who may do what; rules are in the services."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import selectors
from carloan.core.models import Branch, Membership, Role, RoleAssignment
from carloan.core.models.access_policy import LONGEST, SHORTEST
from carloan.core.reviewed import all_kinds
from carloan.core.session_rules import LEAST_HOURS, LEAST_IDLE, MOST_AT_ONCE, MOST_HOURS, MOST_IDLE, SessionRules

from .forms import choose, choose_from

REASON = 200


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=REASON, widget=forms.Textarea(attrs={"rows": 2}))


class AccessPolicyForm(ReasonForm):
    """How strictly the lender separates its administrators and asks who acts."""

    field_order = [
        "separated", "passkeys", "confirm_minutes", "idle_minutes", "session_hours", "sessions_at_once", "reason",
    ]  # fmt: skip
    separated = forms.BooleanField(
        label=_("Separate the administrators"),
        required=False,
        help_text=_("Nobody holds rights of two families at once. The lender itself does not undo this."),
    )
    passkeys = forms.BooleanField(
        label=_("Approvals are given with a passkey"),
        required=False,
        help_text=_(
            "Before giving roles and rights, masking, reviews, openings, the release of holds and destructions each "
            "person confirms with their own passkey."
        ),
    )
    confirm_minutes = forms.IntegerField(
        label=_("A confirmation counts for (minutes)"),
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=_("Who acts confirms with password, code or passkey, and is asked again after this time."),
    )
    idle_minutes = forms.IntegerField(
        label=_("A session ends without use after (minutes)"),
        min_value=LEAST_IDLE,
        max_value=MOST_IDLE,
        help_text=_("The page warns two minutes before. What was typed stays."),
    )
    session_hours = forms.IntegerField(
        label=_("A session ends after (hours)"),
        min_value=LEAST_HOURS,
        max_value=MOST_HOURS,
        help_text=_("Counted from the sign-in, however much it is used."),
    )
    sessions_at_once = forms.IntegerField(
        label=_("Sessions of a person at once"),
        min_value=1,
        max_value=MOST_AT_ONCE,
        help_text=_(
            "One more ends the oldest. Stricter figures count at once; laxer ones from each person's next sign-in on."
        ),
    )

    def policy(self) -> dict[str, Any]:
        """What was asked for, as the service takes it."""
        wanted = dict(self.cleaned_data)
        figures = {each.name: wanted.pop(each.name) for each in fields(SessionRules)}
        return {**wanted, "sessions": SessionRules(**figures)}


class MatrixFilter(forms.Form):
    q = forms.CharField(
        label=_("Right"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"data-filter": True, "type": "search"}),
    )
    group = forms.ChoiceField(label=_("Module"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    also = forms.ChoiceField(label=_("Beside it"), required=False)
    only = forms.ChoiceField(
        label=_("Rights shown"),
        required=False,
        choices=[("", _("All rights")), ("differ", _("Only differences")), ("held", _("Only what somebody has"))],
    )

    def __init__(self, *args: Any, roles: list[Role], groups: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(role.key, str(role)) for role in roles]
        choose(self.fields["group"], [("", _("All")), *((group, group) for group in groups)])
        choose(self.fields["role"], [("", _("All roles")), *named])
        choose(self.fields["also"], [("", _("None")), *named])


class PreviewForm(forms.Form):
    """As a person of which role, and where that role counts."""

    role: "forms.ModelChoiceField[Role]" = forms.ModelChoiceField(label=_("Role"), queryset=None)
    branch: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(
        label=_("Counts in"), queryset=None, required=False, empty_label=_("Everywhere")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["role"], selectors.roles())
        choose_from(self.fields["branch"], selectors.branches())


class DelegationForm(forms.Form):
    """Which of one's own roles go to whom, from when to when."""

    field_order = ["taker", "roles", "begins_on", "ends_on", "reason"]
    taker: "forms.ModelChoiceField[Membership]" = forms.ModelChoiceField(label=_("Colleague"), queryset=None)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    )
    begins_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), initial=timezone.localdate
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Both days count; 30 days at most."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=REASON)

    def __init__(self, *args: Any, held: list[RoleAssignment], giver: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = selectors.members()
        choose_from(self.fields["taker"], colleagues.exclude(id=giver) if giver else colleagues)
        choose(self.fields["roles"], [(str(each.id), role_and_place(each)) for each in held])


def role_and_place(held: RoleAssignment) -> str:
    """A role with where it counts."""
    return f"{held.role} · {held.branch or _('Everywhere')}"


class LeaverForm(forms.Form):
    """Who goes on with what a leaver had in hand."""

    successor: "forms.ModelChoiceField[Membership]" = forms.ModelChoiceField(
        label=_("Goes on with it"),
        queryset=None,
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Cases go to this person; papers to check as far as they may check them, the others to everybody."),
    )

    def __init__(self, *args: Any, leaver: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["successor"], selectors.members().exclude(id=leaver))


class ReviewFilter(forms.Form):
    q = forms.CharField(
        label=_("Person or right"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"data-filter": True, "type": "search"}),
    )
    kind = forms.ChoiceField(label=_("Kind of access"), required=False)
    only = forms.ChoiceField(
        label=_("Decision"),
        required=False,
        choices=[
            ("", _("Not decided")),
            ("new", _("Not decided, new or changed")),
            ("same", _("Not decided, unchanged")),
            ("keep", _("Kept")),
            ("take", _("Taken away")),
            ("all", _("All")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["kind"], [("", _("All")), *((kind.code, kind.label) for kind in all_kinds())])


class SignOnForm(forms.Form):
    """A lender's identity provider; the secret is only ever written."""

    issuer = forms.CharField(
        label=_("Address of the provider (issuer)"),
        max_length=255,
        widget=forms.URLInput(attrs={"spellcheck": "false", "placeholder": "https://login.example.com/realms/staff"}),
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=200)
    client_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Stays as it is when empty; it is stored sealed and never shown."),
    )
    is_active = forms.BooleanField(label=_("People may sign in with it"), required=False)
    passwords_closed = forms.BooleanField(
        label=_("Nobody signs in with a password any more"),
        required=False,
        help_text=_("Counts for each person from the moment on at which they have linked their account."),
    )
    break_glass: "forms.ModelChoiceField[Membership]" = forms.ModelChoiceField(
        label=_("Except in an emergency"),
        queryset=None,
        required=False,
        help_text=_("Who still signs in with a password when the provider is away; best with a second factor."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["break_glass"], selectors.members())
