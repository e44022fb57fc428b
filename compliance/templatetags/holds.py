"""`{% hold_banner "loan" loan.id %}`: what is in force on a thing, for all who see it: legal holds, by number and kind,
and stops of processing for the people in it."""

from typing import Any
from uuid import UUID

from django import template

from carloan.compliance.holds import holdable
from carloan.compliance.selectors.holds import VIEW, notices_on
from carloan.compliance.selectors.person_rights import VIEW as RIGHTS
from carloan.compliance.selectors.person_rights import parties_named, stops_on
from carloan.compliance.services.holds import MANAGE

register = template.Library()


@register.inclusion_tag("compliance/_hold_banner.html", takes_context=True)
def hold_banner(context: dict[str, Any], kind: str, thing_id: UUID) -> dict[str, Any]:
    """What stands there is no secret of the matter: its name and reason are read on the hold's own page."""
    actor, around = context["request"].actor, holdable(kind).around(thing_id)
    stops = stops_on(around)
    names = parties_named(actor, [stop.party_id for stop in stops]) if stops else {}
    return {
        "holds": notices_on(around),
        "stops": [(stop, names.get(stop.party_id)) for stop in stops],
        "may_see_rights": actor.can(RIGHTS),
        "may_view": actor.can(VIEW),
        "may_place": actor.can(MANAGE),
        "thing": f"{kind}:{thing_id}",
    }
