"""What compliance registers with the rooms below for retention, holds and destruction, once, when the site starts."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import RetentionPolicy
from carloan.compliance.names import Named, register_field_words, register_namer
from carloan.compliance.retention import class_label, trigger_label
from carloan.compliance.values import Words, register_value_words
from carloan.core.actors import Actor
from carloan.core.acts import register_acts
from carloan.core.models import AuditEvent
from carloan.core.pages.nav import NavItem, register_nav

register_acts(
    {
        "compliance.retention.drafted": _("Retention policy drafted"),
        "compliance.retention.changed": _("Draft of the retention policy changed"),
        "compliance.retention.published": _("Retention policy published"),
        "compliance.retention.swept": _("Records moved to their phase of retention"),
    }
)
register_nav(
    NavItem(
        section="oversight",
        label=_("Retention"),
        url_name="compliance:retention",
        icon="archive",
        capability="retention.view",
        order=20,
        match=frozenset({"compliance:retention-policy"}),
    )
)


def _policy_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    rows = RetentionPolicy.objects.filter(id__in=list(ids)).values_list("id", "version")
    may = actor.can("retention.view")
    return {
        policy_id: Named(
            gettext("Version %(version)s") % {"version": version},
            reverse("compliance:retention-policy", args=[policy_id]) if may else "",
        )
        for policy_id, version in rows
    }


def _retention_label(name: str) -> str | None:
    """Rules are named `<class> <trigger>`."""
    code, space, trigger = name.partition(" ")
    if space:
        return f"{class_label(code)} · {trigger_label(trigger)}"
    return {"changed": gettext("Moved"), "stopped": gettext("In use again")}.get(name)


def _retention_words(event: AuditEvent) -> Words:
    def value(name: str, value: Any) -> Any:
        return class_label(value) if name == "record_class" else None

    return Words(value)


register_namer("compliance.retentionpolicy", _("Retention policy"), _policy_names)
register_namer("compliance.retentionsweep", _("Sweep of retention"), lambda actor, ids: {})
for _label in ("compliance.retentionpolicy", "compliance.retentionsweep"):
    register_field_words(_label, _retention_label)
register_value_words("compliance.retentionsweep", _retention_words)
