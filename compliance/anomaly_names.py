"""What the trail calls anomalies, their rules and their numbers."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carloan.compliance.anomaly_words import NUMBER_WORDS
from carloan.compliance.models import Anomaly, AnomalyRule
from carloan.compliance.names import Named, register_field_words, register_namer, register_reasons
from carloan.core.actors import Actor


def anomalies(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may_open = actor.can("trail.view")
    return {
        row.id: Named(
            f"{row.get_kind_display()} {row.day}", reverse("compliance:anomaly", args=[row.id]) if may_open else ""
        )
        for row in Anomaly.objects.filter(id__in=ids)
    }


def anomaly_rules(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    return {
        row.id: Named(f"{row.get_kind_display()} · {row.version}", reverse("compliance:anomaly-rules"))
        for row in AnomalyRule.objects.filter(id__in=ids)
    }


def number_word(name: str) -> str | None:
    """What a number of an anomaly or a rule is called."""
    return str(NUMBER_WORDS[name]) if name in NUMBER_WORDS else None


register_namer("compliance.anomaly", _("Anomaly"), anomalies)
register_namer("compliance.anomalyrule", _("Rule for anomalies"), anomaly_rules)
register_reasons(dict(Anomaly.Reason.choices))
for object_type in ("compliance.anomaly", "compliance.anomalyrule"):
    register_field_words(object_type, number_word)
