"""What compliance registers with the rooms below for retention, holds and destruction, once, when the site starts."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import (
    DestructionBatch,
    DestructionItem,
    DestructionShredding,
    DestructionVoice,
    LegalHold,
    RetentionPolicy,
)
from carloan.compliance.names import Named, register_field_words, register_namer, register_reasons
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
        "compliance.hold.placed": _("Legal hold placed"),
        "compliance.hold.added": _("Taken into a legal hold"),
        "compliance.hold.release_asked": _("Release of a legal hold asked for"),
        "compliance.hold.released": _("Legal hold released"),
        "compliance.destruction.proposed": _("Destruction proposed"),
        "compliance.destruction.agreed": _("Destruction agreed to"),
        "compliance.destruction.refused": _("Destruction refused"),
        "compliance.destruction.amended": _("List of a destruction shortened"),
        "compliance.destruction.begun": _("Destruction begun"),
        "compliance.destruction.item_destroyed": _("Destroyed for good"),
        "compliance.destruction.item_spared": _("Kept back from destruction"),
        "compliance.destruction.executed": _("Destruction executed"),
        "compliance.destruction.verified": _("Destruction verified"),
        "compliance.destruction.originals_declared": _("Paper originals declared"),
        "compliance.destruction.shredded": _("Shredding of paper originals recorded"),
        "compliance.destruction.witnessed": _("Shredding of paper originals witnessed"),
        "compliance.destruction.certified": _("Certificate of destruction made"),
        "compliance.destruction.certificate_filed": _("PDF of a certificate of destruction filed"),
        "compliance.destruction.certificate_taken": _("Certificate of destruction taken away"),
        "compliance.destruction.notarised": _("Notarial deed about a destruction entered"),
        "compliance.destruction.without_notary": _("Reason for no notary stated"),
        "compliance.destruction.register_exported": _("Register of destructions exported"),
        "compliance.retention.swept": _("Records moved to their phase of retention"),
    }
)
register_nav(
    NavItem(
        section="oversight",
        group="keeping",
        label=_("Retention"),
        url_name="compliance:retention",
        icon="clock",
        capability="retention.view",
        order=10,
        match=frozenset({"compliance:retention-policy", "compliance:retention-reviews"}),
    ),
    NavItem(
        section="oversight",
        group="keeping",
        label=_("Legal holds"),
        url_name="compliance:holds",
        icon="lock",
        capability="holds.view",
        order=20,
        match=frozenset({"compliance:hold", "compliance:hold-new"}),
    ),
    NavItem(
        section="oversight",
        group="keeping",
        label=_("Backups of the archive"),
        url_name="compliance:archive-backups",
        icon="database-export",
        capability="retention.view",
        order=30,
    ),
    NavItem(
        section="oversight",
        group="keeping",
        label=_("Destruction"),
        url_name="compliance:destructions",
        icon="trash",
        capability="destruction.view",
        order=40,
        match=frozenset(
            {
                "compliance:destruction",
                "compliance:destruction-new",
                "compliance:destruction-film",
                "compliance:destruction-shredding",
                "compliance:destruction-notary",
                "compliance:destruction-without-notary",
            }
        ),
    ),
    NavItem(
        section="oversight",
        group="keeping",
        label=_("Register of destructions"),
        url_name="compliance:destruction-register",
        icon="list-details",
        capability="destruction.view",
        order=50,
    ),
)
register_reasons({code: label for code, label in DestructionItem.Spared.choices if code})
register_reasons(dict(DestructionVoice.Part.choices))
register_reasons(dict(DestructionShredding.Method.choices))
register_reasons({str(code): label for code, label in LegalHold.Kind.choices})


def _hold_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may = actor.can("holds.view")
    return {
        hold_id: Named(
            gettext("Legal hold %(number)s") % {"number": number},
            reverse("compliance:hold", args=[hold_id]) if may else "",
        )
        for hold_id, number in LegalHold.objects.filter(id__in=list(ids)).values_list("id", "number")
    }


def _batch_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may = actor.can("destruction.view")
    return {
        batch_id: Named(
            gettext("Destruction %(number)s") % {"number": number},
            reverse("compliance:destruction", args=[batch_id]) if may else "",
        )
        for batch_id, number in DestructionBatch.objects.filter(id__in=list(ids)).values_list("id", "number")
    }


def _destruction_label(name: str) -> str | None:
    words = {
        "place": gettext("Place on the list"),
        "destroyed": gettext("Destroyed"),
        "spared": gettext("Kept back"),
        "files": gettext("Files"),
        "listed": gettext("Listed"),
        "dropped": gettext("Taken off the list"),
        "boxes": gettext("Number of boxes"),
        "papers": gettext("Number of papers"),
        "segments": gettext("Segments of the film"),
    }
    return words.get(name)


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
    words = {
        "changed": gettext("Moved"),
        "stopped": gettext("In use again"),
        "record_class": gettext("Record class"),
    }
    return words.get(name)


def _retention_words(event: AuditEvent) -> Words:
    def value(name: str, value: Any) -> Any:
        return class_label(value) if name == "record_class" else None

    return Words(value)


register_namer("compliance.destructionbatch", _("Destruction"), _batch_names)
register_namer("compliance.destructionitem", _("Thing on the list of a destruction"), lambda actor, ids: {})
for _label in ("compliance.destructionbatch", "compliance.destructionitem"):
    register_field_words(_label, _destruction_label)
register_namer("compliance.legalhold", _("Legal hold"), _hold_names)
register_namer("compliance.retentionpolicy", _("Retention policy"), _policy_names)
register_namer("compliance.retentionsweep", _("Sweep of retention"), lambda actor, ids: {})
for _label in ("compliance.retentionpolicy", "compliance.retentionsweep"):
    register_field_words(_label, _retention_label)
register_value_words("compliance.retentionsweep", _retention_words)
