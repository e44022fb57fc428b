"""Names of objects in the trail: the app that owns a type tells how its objects are called and where they are shown."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.core.actors import Actor
from carloan.core.pages.nav import label_of
from carloan.core.registry import own_models, rule_of


@dataclass(frozen=True)
class Named:
    """How an object is called for this actor (masked where needed), and its page, '' when there is none."""

    label: str
    url: str = ""


Namer = Callable[[Actor, Iterable[UUID]], Mapping[UUID, Named]]
_namers: dict[str, tuple[Any, Namer]] = {}


def register_namer(object_type: str, label: Any, namer: Namer) -> None:
    """`namer(actor, ids)` returns names of those objects the actor may see; others stay numbers."""
    _namers[object_type] = (label, namer)


def names_of(actor: Actor, objects: Iterable[tuple[str, UUID | None]]) -> dict[UUID, Named]:
    """Names of many objects, one call a type."""
    by_type: dict[str, set[UUID]] = {}
    for object_type, object_id in objects:
        if object_id is not None and object_type in _namers:
            by_type.setdefault(object_type, set()).add(object_id)
    found: dict[UUID, Named] = {}
    for object_type, ids in by_type.items():
        found.update(_namers[object_type][1](actor, ids))
    return found


# (actor, number) -> the object that people call by this number; None where there is none, or none the actor may see.
Numbered = Callable[[Actor, str], UUID | None]
_numbered: dict[str, Numbered] = {}


def register_numbered(object_type: str, find: Numbered) -> None:
    """Objects of this type are asked for by their number, whole."""
    _numbered[object_type] = find


def id_by_number(actor: Actor, object_type: str, number: str) -> UUID | None:
    return _numbered[object_type](actor, number) if object_type in _numbered else None


def type_label(object_type: str) -> str:
    """What kind of thing an event is about; a refusal names the page or the part of the API that was asked for."""
    if object_type in _namers:
        return str(_namers[object_type][0])
    app, _sign, page = object_type.partition(":")
    if page:
        return str(label_of(object_type) or (_("API") if app == "api" else _("Another page")))
    return str(_other_types.get(object_type, object_type))


def register_places(labels: Mapping[str, Any]) -> None:
    """What parts of the API are called in refusals, by the names of their views."""
    _other_types.update(labels)


_other_types: dict[str, Any] = {
    "api-search": _("Search (API)"),
    "api-job": _("Job (API)"),
    "unknown": _("An address without a page"),
    "core.search": _("Search"),
    "core.auditevent": _("Event of the trail"),
    "compliance.ledger": _("Ledger"),
}


# Why something was refused: the codes of errors that leave a refusal. Apps add the reasons that people choose.
_reasons: dict[str, Any] = {
    "forbidden": _("The role does not allow it"),
    "not_found": _("Not there, or not to be seen"),
    "too_many": _("Too many attempts"),
    "rate_limited": _("Too many attempts"),
    "locked_out": _("Name locked after wrong passwords"),
    "search_quota": _("Too many searches"),
    "reveal_quota": _("Too many values revealed"),
    "not_a_member": _("Not a member of this lender"),
    "password_change_required": _("First password not yet replaced"),
    "csrf": _("Sent from a page that was too old"),
}


def register_reasons(labels: Mapping[str, Any]) -> None:
    """Words for reason codes of an app; what is named already keeps its words."""
    for code, label in labels.items():
        _reasons.setdefault(code, label)


def reason_label(code: str) -> str:
    return str(_reasons.get(code, code))


# What acts say about things that are no columns.
_OTHER_FIELDS: dict[str, Any] = {
    "accepted": _("Problems accepted"),
    "as_received": _("As it was received"),
    "backup": _("Backup of the archive"),
    "branch": _("Branch"),
    "changed": _("Changed"),
    "code": _("Code"),
    "currency": _("Currency"),
    "columns": _("Columns"),
    "day": _("Day"),
    "days": _("Days"),
    "desk": _("Intake desk"),
    "disbursed_on": _("Paid out on"),
    "display_name": _("Name"),
    "email": _("E-mail"),
    "employee_no": _("Employee number"),
    "error": _("Error"),
    "guarantee": _("Guarantee"),
    "hits": _("Hits"),
    "hold": _("Legal hold"),
    "hosts": _("Host names"),
    "instalments": _("Instalments"),
    "is_demonstration": _("Demonstration"),
    "is_off": _("Day off"),
    "key": _("Short name"),
    "kind": _("Kind"),
    "like": _("Like the role"),
    "loan": _("Loan"),
    "loans": _("Loans"),
    "masked": _("Masked"),
    "media": _("Kind of file"),
    "member": _("Person"),
    "name": pgettext_lazy("of a thing", "Name"),
    "name_en": _("Name in English"),
    "new": _("New"),
    "number": _("Number"),
    "page": _("Page"),
    "parent": _("Belongs to"),
    "phone": _("Telephone"),
    "party": _("Person"),
    "problems": _("Problems"),
    "profile": _("Mapping"),
    "query": _("Filters"),
    "filters": _("Filters"),
    "files": _("Files"),
    "require_mfa": _("Second factor required"),
    "separated": _("Administrators are separated"),
    "time_zone": _("Time zone"),
    "calendar": _("Calendar"),
    "jurisdiction": _("Jurisdiction"),
    "role": _("Role"),
    "roles": _("Roles"),
    "rows": _("Rows"),
    "scopes": _("Scopes"),
    "sha256": _("Checksum"),
    "size": _("Size"),
    "slug": _("Short name of the lender"),
    "source": _("Announced in"),
    "state": _("State"),
    "total": _("Number in all"),
    "until": _("Until"),
    "username": _("Sign-in name"),
    "valid_until": _("Until"),
    "year": _("Year"),
}

FieldWords = Callable[[str], str | None]
_field_words: dict[str, FieldWords] = {}


def register_field_words(object_type: str, words: FieldWords) -> None:
    """What the values of an object are called that are no columns of its own; None for what `words` does not know."""
    _field_words[object_type] = words


def name_of_thing(name: str) -> str | None:
    """For things whose column `name` is called as people's is: theirs is another word in Chinese."""
    return str(_OTHER_FIELDS["name"]) if name == "name" else None


def field_label(object_type: str, name: str) -> str:
    """What a field is called on the pages: by its app, by its column, else its bare name."""
    if object_type in _field_words and (found := _field_words[object_type](name)):
        return found
    try:
        column = apps.get_model(object_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return str(_OTHER_FIELDS.get(name, name))
    called = getattr(column, "verbose_name", name)
    # Django makes a name of the code's where nobody gave one.
    nameless = str(called) == name.replace("_", " ")
    return str(_OTHER_FIELDS[name] if nameless and name in _OTHER_FIELDS else capfirst(called))


def maskable_fields() -> list[tuple[str, str]]:
    """Fields that may be masked and therefore revealed, by what they are called."""
    found = {
        column.name: field_label(model._meta.label_lower, column.name)
        for model in own_models()
        if model._meta.label_lower in _namers
        for column in model._meta.concrete_fields
        if rule_of(model, column.name).mask is not None
    }
    return sorted(found.items(), key=lambda field: field[1])
