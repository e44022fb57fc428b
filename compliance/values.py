"""What the values of an act say to people: no code, key or bare number of the database stays as it is."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.names import Named, field_label, names_of
from carloan.core.actors import Actor
from carloan.core.models import AuditEvent

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")
# What acts name by its id, by the name under which they do.
_NAMED: Final = {
    "backup": "compliance.archivebackup",
    "branch_id": "core.branch",
    "holder": "core.membership",
    "loan": "loans.loan",
    "loans": "loans.loan",
    "member": "core.membership",
    "officer": "core.membership",
    "owner": "core.membership",
    "party": "loans.party",
    "second": "core.membership",
}
# Kinds of hits of a search, written before their ids.
_HITS: Final = {
    "loan": "loans.loan",
    "paper": "archives.paper",
    "party": "loans.party",
    "vehicle": "loans.vehicle",
}


@dataclass(frozen=True)
class Words:
    """What one event's values say: `value(name, value)` in words, `label(name)` of what is no column; None for what
    they do not know."""

    value: Callable[[str, Any], Any]
    label: Callable[[str], str | None] = lambda name: None


Wording = Callable[[AuditEvent], Words]
_wordings: dict[str, Wording] = {}


def register_value_words(object_type: str, wording: Wording) -> None:
    """`wording(event)` is asked once for a page with the values of an event about such an object."""
    _wordings[object_type] = wording


def changes_of(actor: Actor, event: AuditEvent, detail: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Field, before and after in words, as this actor may see them; None where the event does not say."""
    before, after = detail.get("before") or {}, detail.get("after") or {}
    told = _Told(actor, event, [before, after])
    return [
        (told.label(name), told.value(name, before.get(name)), told.value(name, after.get(name)))
        for name in sorted({*before, *after})
    ]


class _Told:
    """The values of one event in words; everything that they name is looked up once, together."""

    def __init__(self, actor: Actor, event: AuditEvent, sides: Iterable[Mapping[str, Any]]) -> None:
        self._type = event.object_type
        wording = _wordings.get(self._type)
        self._words = wording(event) if wording else Words(lambda name, value: None)
        wanted = [
            named
            for side in sides
            for name, value in side.items()
            for each in (value if isinstance(value, list) else [value])
            if (named := _reference(name, each))
        ]
        self._names = names_of(actor, wanted)

    def label(self, name: str) -> str:
        return self._words.label(name) or field_label(self._type, name)

    def value(self, name: str, value: Any) -> Any:
        if value is None:
            return None
        if (found := self._words.value(name, value)) is not None:
            return found
        if isinstance(value, list):
            told = [str(self.value(name, each)) for each in value]
            # Sentences follow each other; words are parted.
            return ("\n" if any(each.endswith(("。", ".")) for each in told) else _(", ")).join(told) or _("none")
        return self._plain(name, value)

    def _plain(self, name: str, value: Any) -> Any:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if reference := _reference(name, value):
            return _name(value, self._names.get(reference[1]))
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            return timezone.localtime(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M:%S")
        return _chosen(self._type, name, value)


def _name(value: str, named: Named | None) -> str:
    # What the reader may not see, or what is gone, stays a number.
    return named.label if named else value


def _reference(name: str, value: Any) -> tuple[str, UUID] | None:
    """(type, id) of the thing that a value names."""
    if not isinstance(value, str):
        return None
    kind, _space, number = value.rpartition(" ")
    object_type = _HITS.get(kind) if name == "hits" else _NAMED.get(name)
    try:
        return (object_type, UUID(number)) if object_type else None
    except ValueError:
        return None


def _chosen(object_type: str, name: str, value: Any) -> Any:
    """The words of a column's choice; of what is empty a dash, not a hole."""
    try:
        choices = getattr(apps.get_model(object_type)._meta.get_field(name), "flatchoices", None) or ()
    except (LookupError, ValueError, FieldDoesNotExist):
        choices = ()
    return next((str(label) for key, label in choices if key == value), value if value != "" else "—")
