"""What a policy of masking says, in words, for its page and the trail; and what the trail says of openings."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carloan.compliance.names import field_label, register_namer
from carloan.compliance.openings import openable
from carloan.compliance.values import Words, register_value_words
from carloan.core.models import AuditEvent
from carloan.core.registry import Tighter
from carloan.core.tightening import parsed, tightenable

MASK_WORDS: Mapping[str, Any] = {
    "ends": gettext_lazy("First and last character only"),
    "text": gettext_lazy("Nothing of it"),
}
EXPORT_WORDS: Mapping[str, Any] = {
    "clear": gettext_lazy("In clear"),
    "masked": gettext_lazy("Masked"),
    "never": gettext_lazy("Left out"),
}


def told(said: Tighter, guarded_means: Any = "") -> str:
    """What a policy adds to one rule, as one line; `guarded_means` as of Tightenable."""
    parts = [
        _("shows: %(mask)s") % {"mask": MASK_WORDS[said.mask]} if said.mask in MASK_WORDS else "",
        str(guarded_means or _("revealed one by one, with a reason")) if said.guarded else "",
        _("in files: %(export)s") % {"export": EXPORT_WORDS[said.export]} if said.export in EXPORT_WORDS else "",
        _("not searched for") if said.unsearched else "",
    ]
    return "; ".join(part for part in parts if part) or _("as the registry says")


def _words(event: AuditEvent) -> Words:
    fields = tightenable()

    def value(name: str, value: Any) -> Any:
        means = fields[name].guarded_means if name in fields else ""
        return told(parsed({name: value})[name], means) if isinstance(value, dict) else None

    def label(name: str) -> str | None:
        field = fields.get(name)
        return field_label(field.object_type, field.name) if field else None

    return Words(value, label)


def _opening_words(event: AuditEvent) -> Words:
    return Words(lambda name, value: str(openable(value).label) if name == "kind" else None)


register_namer("compliance.maskingpolicy", gettext_lazy("Policy of masking"), lambda actor, ids: {})
register_value_words("compliance.maskingpolicy", _words)
register_namer("compliance.opening", gettext_lazy("Opening"), lambda actor, ids: {})
register_value_words("compliance.opening", _opening_words)
