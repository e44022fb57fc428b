"""What the views of this app read from a request and say back to a form."""

from uuid import UUID

from django import forms

from carloan.core.doors import ActorRequest
from carloan.core.errors import Invalid
from carloan.core.pages.forms import add_errors


def add_faults(form: forms.Form, error: Invalid) -> None:
    add_errors(form, error.fields, error.message)


def uuid_asked(request: ActorRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET[name]) if name in request.GET else None
    except ValueError:
        return None
