"""What the values of a paper's acts say in the trail: kinds, problems and values as the desk shows them."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from carloan.archives.dossier_words import item_called
from carloan.archives.services.reading import WORKER_LOST
from carloan.archives.values import written
from carloan.archives.words import FIELD_LABELS, kind_label, problem_text, problem_word
from carloan.compliance.values import Words
from carloan.core.models import AuditEvent


def paper_words(event: AuditEvent) -> Words:
    """Values of one event about a paper."""
    return Words(_value)


def _value(name: str, value: Any) -> Any:
    if name == "kind":
        return kind_label(str(value))
    if name == "item":
        return item_called(str(value))
    if name == "accepted" and isinstance(value, dict):
        return problem_text(value)
    if name == "problems" and isinstance(value, str):
        return problem_word(value)
    if name == "size" and isinstance(value, int):
        return filesizeformat(value)
    if name == "error" and value == WORKER_LOST:
        return _("The program that reads ended without an answer")
    return written(name, value) or None if name in FIELD_LABELS and isinstance(value, str) else None
