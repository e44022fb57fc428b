"""What the views of this app read from a request and say back to a form."""

from uuid import UUID

from django import forms

from carloan.core.doors import ActorRequest
from carloan.core.errors import Invalid


def add_faults(form: forms.Form, error: Invalid) -> None:
    for name, lines in error.fields.items():
        form.add_error(name, lines)


def uuid_asked(request: ActorRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET[name]) if name in request.GET else None
    except ValueError:
        return None
