"""What compliance registers for the rights of persons, once, when the site starts."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.compliance.automated import Automated, register_automated
from carloan.compliance.models import HumanReview, PersonRequest, ProcessingStop, TransferDelivery
from carloan.compliance.names import Named, register_field_words, register_namer, register_reasons
from carloan.compliance.policies.person_rights import GROUNDS
from carloan.compliance.policies.transfers import CONDITIONS
from carloan.compliance.reveals import register_revealable
from carloan.compliance.selectors.person_rights import (
    COPY_JOB,
    CORRECTED,
    get_recipient_for,
    get_request_for,
    overdue_count,
)
from carloan.compliance.selectors.transfers import TAKEN
from carloan.compliance.services.consents import DATED_BACK
from carloan.compliance.services.request_letters import LETTER
from carloan.compliance.tasks import work_on_person_copy
from carloan.core.actors import Actor
from carloan.core.acts import register_acts
from carloan.core.jobs import register_kind
from carloan.core.models import Job
from carloan.core.pages.jobs import JobFace, register_face
from carloan.core.pages.nav import NavItem, register_nav
from carloan.core.pages.tiles import Tile, TileValue, register_tile

register_acts(
    {
        "compliance.request.registered": _("Request of a person registered"),
        "compliance.request.identified": _("Identity of who asks checked"),
        "compliance.request.assigned": _("Request of a person handed to somebody"),
        "compliance.request.answered": _("Request of a person answered"),
        "compliance.request.refused": _("Request of a person refused"),
        "compliance.request.withdrawn": _("Request of a person taken back"),
        "compliance.requests.exported": _("Register of requests exported"),
        "compliance.request_clock.set": _("Days for answering requests set"),
        "compliance.person_copy.made": _("Copy of a person's data made"),
        TAKEN: _("Copy of a person's data handed out"),
        LETTER: _("Letter about a person's request taken"),
        "compliance.transfer.named": _("Handler for a transfer of a person's data entered"),
        "compliance.transfer.decided": _("Condition of a transfer decided"),
        "compliance.transfer.delivered": _("Package of a transfer handed over"),
        "compliance.decision.reviewed": _("Automated decision reviewed by a person"),
        "compliance.stop.placed": _("Processing of a person's data stopped"),
        "compliance.stop.lifted": _("Stop of processing lifted"),
        "compliance.consent.given": _("Consent entered"),
        "compliance.consent.withdrawn": _("Withdrawal of consent entered"),
    },
    looks=[TAKEN, LETTER],
    exports=[TAKEN, LETTER, "compliance.requests.exported"],
)
register_reasons({CORRECTED: _("The person asked for it"), DATED_BACK: _("Dated before the day of its entry")})
register_reasons({code: ground.label for code, ground in GROUNDS.items()})
register_reasons({code: condition.label for code, condition in CONDITIONS.items()})
for _choices in (PersonRequest.Kind, HumanReview.Result, ProcessingStop.Reason, TransferDelivery.Way):
    register_reasons({str(code): label for code, label in _choices.choices})

register_automated(
    Automated(
        code="anomalies",
        label=_("Anomalies in what members of staff look at"),
        explanation=_(
            "Rules with versions compare how much, when and from where members of staff look at data. They judge staff "
            "and never a customer."
        ),
        effect=_("A person of compliance is asked and answers. Nothing else follows by itself."),
        capability="anomalies.decide",
        decisions=lambda party_id: (),
    )
)


def _request_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    may = actor.can("person_rights.view")
    return {
        request_id: Named(
            gettext("Request %(number)s") % {"number": number},
            reverse("compliance:request", args=[request_id]) if may else "",
        )
        for request_id, number in PersonRequest.objects.filter(id__in=list(ids)).values_list("id", "number")
    }


_WORDS = {
    "due_on": _("To be answered by"),
    "met": _("Condition met"),
    "delivered_at": _("Handed over at"),
    "fee": _("Fee (in fen)"),
}


def _request_word(name: str) -> str | None:
    return str(_WORDS[name]) if name in _WORDS else None


register_namer("compliance.personrequest", _("Request of a person"), _request_names)
register_namer("compliance.requestclock", _("Clock of requests"), lambda actor, ids: {})
register_namer("compliance.processingstop", _("Stop of processing"), lambda actor, ids: {})
register_namer("compliance.consent", _("Consent"), lambda actor, ids: {})
register_field_words("compliance.personrequest", _request_word)
register_revealable("compliance.personrequest", get_request_for, loan_of=lambda actor, request, asked: None)

register_namer("compliance.transferrecipient", _("Handler that receives the data"), lambda actor, ids: {})
register_revealable("compliance.transferrecipient", get_recipient_for, loan_of=lambda actor, recipient, asked: None)


def _request_url(job: Job) -> str:
    return reverse("compliance:request", args=[job.params["request"]])


register_kind(COPY_JOB, work_on_person_copy)
register_face(COPY_JOB, JobFace(_("Copy of a person's data"), back=_request_url))
register_nav(
    NavItem(
        section="oversight",
        group="persons",
        label=_("Requests of persons"),
        url_name="compliance:requests",
        icon="user-shield",
        capability="person_rights.view",
        order=10,
        match=frozenset({"compliance:request", "compliance:request-new", "compliance:request-clocks"}),
    ),
    NavItem(
        section="oversight",
        group="persons",
        label=_("Persons and consents"),
        url_name="compliance:person-find",
        icon="user-check",
        capability="consents.view",
        order=20,
        match=frozenset({"compliance:person-rights"}),
    ),
)


def _overdue(actor: Actor) -> TileValue:
    """How many requests are past their day."""
    return TileValue(f"{overdue_count(actor):,}", f"{reverse('compliance:requests')}?overdue=on")


register_tile(
    Tile(
        key="person-requests",
        label=_("Requests of persons overdue"),
        icon="user-shield",
        capability="person_rights.view",
        read=_overdue,
        order=55,
    )
)
