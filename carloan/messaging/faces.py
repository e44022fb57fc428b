"""What messaging shows in other rooms' pages: the loan's tab, names in the trail, the person's own copy."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.compliance.names import Named
from carloan.compliance.personal_data import Record, record
from carloan.core.actors import Actor
from carloan.core.keys import KeyDestroyed
from carloan.core.registry import rule_of
from carloan.core.sealed import clear, warm
from carloan.core.sight import show_text
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import may, visible_loans
from carloan.messaging.errands import errand_of, wants_of
from carloan.messaging.kinds import find_kind
from carloan.messaging.models import Message, OneTimeLink
from carloan.messaging.selectors.links import SEND, links_of, messages_of, open_links
from carloan.messaging.services.sending import body_to_show

STATE_TONES: Mapping[str, str] = {
    "queued": "st-blue",
    "sending": "st-blue",
    "sent": "st-green",
    "delivered": "st-green",
    "failed": "st-red",
    "unknown": "st-yellow",
    "blocked": "st-orange",
    "cancelled": "st",
}
# Why a message ended as it did; what a gateway answered is shown as it is.
WHY_WORDS: Mapping[str, Any] = {
    "no_gateway": _("no gateway is set up"),
    "contact_invalid": _("the number is no longer valid"),
    "link_dead": _("the link is over"),
    "no_answer": _("the gateway did not answer"),
    "not_reached": _("the gateway was not reached"),
    "worker_gone": _("the sending process ended"),
    "person_gone": _("the person's data were destroyed"),
    "unknown_for_good": _("whether it arrived could not be found out"),
    "guard_no_guard": _("contact about a debt is not set up here"),
    "consent_withdrawn": _("consent withdrawn"),
    "consent_stopped": _("processing is stopped"),
    "consent_missing": _("no consent on record"),
}


def link_wants(link: OneTimeLink) -> list[Any]:
    """What a link asks for, in words."""
    errand = errand_of(link.errand)
    return [want.label for want in wants_of(errand, link.wants)] if errand else []


def asked_tab(actor: Actor, loan: Loan, query: Mapping[str, str]) -> dict[str, Any]:
    """Links and messages of a loan. `may_ask`: this actor may make and end links here."""
    allowed = may(actor, SEND, loan)
    lines = [
        {
            "message": message,
            "kind": kind.label if (kind := find_kind(message.kind)) else message.kind,
            "tone": STATE_TONES[message.state],
            "why": WHY_WORDS.get(message.why, message.why),
            "body": _shown_body(actor, message),
            "waits": message.state == Message.State.QUEUED and message.due_at > timezone.now(),
        }
        for message in (messages_of(loan) if allowed else [])
    ]
    return {"links": links_of(loan, link_wants) if allowed else [], "sent": lines, "may_ask": allowed}


def asked_count(actor: Actor, loan: Loan) -> int | None:
    return open_links(loan) or None if may(actor, SEND, loan) else None


def _shown_body(actor: Actor, message: Message) -> str:
    try:
        text = body_to_show(message, find_kind(message.kind))
    except KeyDestroyed:
        return ""
    return show_text(actor, rule_of(message, "body"), text, of=message).text


def link_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    """Links by the contract they belong to, for those who may see the loan."""
    rows = OneTimeLink.objects.filter(id__in=list(ids), loan__in=visible_loans(actor)).select_related("loan")
    return {row.id: Named(row.loan.contract_no, _tab(row.loan_id)) for row in rows}


def message_names(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, Named]:
    rows = Message.objects.filter(id__in=list(ids), loan__in=visible_loans(actor)).select_related("loan")
    return {row.id: Named(row.loan.contract_no, _tab(row.loan.id)) for row in rows if row.loan}


def _tab(loan_id: UUID) -> str:
    return f"{reverse('loans:detail', args=[loan_id])}?tab=asked"


def gather_messages(party_id: UUID) -> Iterator[Record]:
    """What was written to a person, for their own copy; without what opened doors."""
    rows = list(Message.objects.filter(party_id=party_id).order_by("id"))
    warm(rows)
    for row in rows:
        kind = find_kind(row.kind)
        yield record(
            ("kind", _("Kind"), kind.label if kind else row.kind),
            ("channel", _("By"), row.get_channel_display()),
            ("to", _("To"), clear(row, "to")),
            ("text", _("Text"), body_to_show(row, kind)),
            ("state", _("State"), row.get_state_display()),
            ("at", _("At"), f"{timezone.localtime(row.made_at):%Y-%m-%d %H:%M}"),
        )
