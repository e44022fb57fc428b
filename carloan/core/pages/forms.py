"""Shapes of the kernel's forms; rules are in the services."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from carloan.core import selectors
from carloan.core.models import Branch, Membership, Role, User


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What a person decides about their own pages."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=_("Theme"), choices=User.Theme.choices)
    shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("Keys such as / j k x. Ctrl K always works. Press ? on a page to see its keys."),
    )

    class Meta:
        model = User
        fields = ["language", "theme", "shortcuts"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.language:
            self.initial["language"] = settings.LANGUAGE_CODE


BLANK = "---------"  # what Django shows for no choice


class ListedInput(forms.TextInput):
    """A field with a list to search in; `options` gives (value, words beside it). Services refuse what is not in it."""

    def __init__(self, options: Callable[[], list[tuple[str, str]]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.options = options

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        list_id = f"{(attrs or {}).get('id', name)}-list"
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.options())
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


class PeopleFilter(forms.Form):
    q = forms.CharField(
        label=_("Name or number"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"data-filter": True, "type": "search"}),
    )
    role = forms.ChoiceField(label=_("Role"), required=False)
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    left = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Employed")), ("1", _("Left"))])

    def __init__(self, *args: Any, roles: list[Role], branches: list[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["role"], [("", _("All")), *((role.key, str(role)) for role in roles)])
        choose(self.fields["branch"], [("", _("All")), *((branch.code, branch.name) for branch in branches)])


class MemberForm(forms.Form):
    """What is known about somebody who works here."""

    display_name = forms.CharField(label=_("Name"), max_length=80)
    employee_no = forms.CharField(label=_("Employee number"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    branch: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(label=_("Branch"), queryset=None, required=False)

    def __init__(self, *args: Any, member: Membership | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["branch"], selectors.branches(also=member.branch_id if member else None))


class PersonForm(MemberForm):
    """A joiner: the account, the name colleagues know, the first role."""

    field_order = ["display_name", "username"]
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        validators=User._meta.get_field("username").validators,
    )
    role: "forms.ModelChoiceField[Role]" = forms.ModelChoiceField(
        label=_("First role"), queryset=None, empty_label=_("Choose a role")
    )
    role_branch: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(
        label=_("Role counts in"),
        queryset=None,
        required=False,
        empty_label=_("Everywhere"),
        help_text=_("A branch includes all branches below it."),
    )

    def __init__(self, *args: Any, tail: str, assigns: bool, **kwargs: Any) -> None:
        """`tail` is what every sign-in name of this lender ends in; `assigns`: whoever fills in may give roles."""
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _(
            "Letters, digits and . _ -. %(tail)s is added by itself: for chen.li the sign-in name is chen.li%(tail)s."
        ) % {"tail": tail}
        if not assigns:
            del self.fields["role"], self.fields["role_branch"]
            return
        choose_from(self.fields["role_branch"], selectors.branches())
        choose_from(self.fields["role"], selectors.roles())


class AssignForm(forms.Form):
    role: "forms.ModelChoiceField[Role]" = forms.ModelChoiceField(
        label=_("Role"), queryset=None, empty_label=_("Choose a role")
    )
    branch: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(
        label=_("Counts in"), queryset=None, required=False, empty_label=_("Everywhere")
    )
    valid_until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: for good."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["role"], selectors.roles())
        choose_from(self.fields["branch"], selectors.branches())


class RoleForm(forms.Form):
    name = forms.CharField(label=_("Role name"), max_length=80)
    name_en = forms.CharField(label=_("Role name in English"), max_length=80, required=False)
    key = forms.SlugField(
        label=_("Short name"), max_length=40, help_text=_("Latin letters, digits and _ -; it never changes.")
    )
    like: "forms.ModelChoiceField[Role]" = forms.ModelChoiceField(
        label=_("With the rights of"), queryset=None, required=False, empty_label=_("None")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["like"], selectors.roles())


def add_errors(form: forms.Form, fields: dict[str, list[Any]], message: Any) -> None:
    """Put a service's errors where the person looks for them."""
    for name, lines in fields.items():
        for line in lines:
            form.add_error(name if name in form.fields else None, str(line))
    if not fields:
        form.add_error(None, str(message))


def choose(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    """Give a choice its values when the form is made: they are known only then."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def choose_from(field: forms.Field, queryset: Any) -> None:
    """Give a choice its rows when the form is made: a lender is open only then."""
    assert isinstance(field, forms.ModelChoiceField)
    if field.empty_label == BLANK:
        field.empty_label = _("Please choose") if field.required else _("None")
    field.queryset = queryset
