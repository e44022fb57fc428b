"""What compliance registers for impact assessments and entrusted processors, once, when the site starts."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models import EntrustedProcessor, ImpactAssessment, Supervision
from carloan.compliance.names import Named, register_namer, register_reasons
from carloan.compliance.selectors.assessments import waiting_count
from carloan.compliance.selectors.processors import to_do_count
from carloan.core.actors import Actor
from carloan.core.acts import register_acts
from carloan.core.pages.nav import NavItem, register_nav
from carloan.core.pages.tiles import Tile, TileValue, register_tile

register_acts(
    {
        "compliance.assessment.begun": _("Impact assessment begun"),
        "compliance.assessment.written": _("Impact assessment written"),
        "compliance.assessment.submitted": _("Impact assessment handed to a second person"),
        "compliance.assessment.returned": _("Impact assessment given back"),
        "compliance.assessment.signed": _("Impact assessment signed"),
        "compliance.assessment.renewed": _("New version of an impact assessment"),
        "compliance.processor.registered": _("Entrusted processor registered"),
        "compliance.processor.supervised": _("Entrusted processor supervised"),
        "compliance.processor.ended": _("Entrusted processing ended"),
        "compliance.processor.closed": _("Return or deletion by a processor confirmed"),
    }
)
for _choices in (ImpactAssessment.Occasion, Supervision.Finding):
    register_reasons({str(code): label for code, label in _choices.choices})
register_reasons({str(code): label for code, label in EntrustedProcessor.Fate.choices if code})


def _assessment_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may = actor.can("assessments.view")
    rows = ImpactAssessment.objects.filter(id__in=list(ids)).values_list("id", "number", "version")
    return {
        row_id: Named(
            gettext("Assessment %(number)s, version %(version)s") % {"number": number, "version": version},
            reverse("compliance:assessment", args=[row_id]) if may else "",
        )
        for row_id, number, version in rows
    }


def _processor_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may = actor.can("processors.view")
    rows = EntrustedProcessor.objects.filter(id__in=list(ids)).values_list("id", "name")
    return {row_id: Named(name, reverse("compliance:processor", args=[row_id]) if may else "") for row_id, name in rows}


register_namer("compliance.impactassessment", _("Impact assessment"), _assessment_names)
register_namer("compliance.entrustedprocessor", _("Entrusted processor"), _processor_names)
register_nav(
    NavItem(
        section="oversight",
        group="persons",
        label=_("Impact assessments"),
        url_name="compliance:assessments",
        icon="clipboard-check",
        capability="assessments.view",
        order=30,
        match=frozenset({"compliance:assessment", "compliance:assessment-new", "compliance:assessment-edit"}),
    ),
    NavItem(
        section="oversight",
        group="persons",
        label=_("Entrusted processors"),
        url_name="compliance:processors",
        icon="building-community",
        capability="processors.view",
        order=40,
        match=frozenset({"compliance:processor", "compliance:processor-new"}),
    ),
)


def _to_sign(actor: Actor) -> TileValue:
    return TileValue(f"{waiting_count(actor):,}", f"{reverse('compliance:assessments')}?state=waiting")


def _to_do(actor: Actor) -> TileValue:
    return TileValue(f"{to_do_count(actor):,}", reverse("compliance:processors"))


register_tile(
    Tile(
        key="assessments",
        label=_("Impact assessments to sign"),
        icon="clipboard-check",
        capability="assessments.sign",
        read=_to_sign,
        order=57,
    ),
    Tile(
        key="processors",
        label=_("Entrusted processors to look after"),
        icon="building-community",
        capability="processors.manage",
        read=_to_do,
        order=58,
    ),
)
