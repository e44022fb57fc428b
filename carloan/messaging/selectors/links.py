"""Reads of one-time links: by whoever made them, and by the token that a visitor brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, NotFound
from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import clear, warm
from carloan.loans.models import ContactPoint, Loan, LoanParty
from carloan.loans.selectors.loans import get_loan_for, may, people_of
from carloan.messaging.models import LinkVisit, Message, OneTimeLink
from carloan.messaging.policies.links import LinkFacts, Standing, standing, visit_lasts
from carloan.messaging.tokens import digest

SEND: Final = "messages.send"
SHOWN: Final = 50
STANDING_LABELS: Final[dict[Standing, Any]] = {
    Standing.OPEN: _("Link works"),
    Standing.LOCKED: _("Locked: too many wrong codes"),
    Standing.FINISHED: _("Finished by the borrower"),
    Standing.EXPIRED: _("Link expired"),
    Standing.REVOKED: _("Link revoked"),
}
STANDING_TONES: Final = {
    Standing.OPEN: "st-blue",
    Standing.LOCKED: "st-red",
    Standing.FINISHED: "st-green",
    Standing.EXPIRED: "st",
    Standing.REVOKED: "st",
}


def standing_of(link: OneTimeLink, now: datetime) -> Standing:
    facts = LinkFacts(link.expires_at, link.revoked_at is not None, link.finished_at is not None, link.wrong)
    return standing(facts, now)


def link_of_token(token: str, *, lock: bool = False) -> OneTimeLink | None:
    """The link that this token opens, whatever it is worth now; inside an open tenant."""
    rows = OneTimeLink.objects.select_for_update(of=("self",)) if lock else OneTimeLink.objects.all()
    return rows.select_related("loan").filter(digest=digest("token", token)).first()


def visit_of(link: OneTimeLink, cookie: str, *, lock: bool = False) -> LinkVisit | None:
    """The browser that this cookie belongs to, of this very link."""
    if not cookie:
        return None
    rows = LinkVisit.objects.select_for_update() if lock else LinkVisit.objects.all()
    return rows.filter(link=link, digest=digest("visit", cookie, of=link.id)).first()


def is_inside(visit: LinkVisit | None, now: datetime) -> bool:
    """Whether this browser has passed the code and is still let in."""
    if visit is None or visit.passed_at is None or visit.used_at is None:
        return False
    return visit_lasts(visit.passed_at, visit.used_at, now)


def code_target(link: OneTimeLink) -> str:
    """What a stranger with a link is told before the code: the last two digits of the number that it goes to, or the
    domain of the mail address; '' for told codes."""
    if link.code_contact is None:
        return ""
    try:
        value = clear(link.code_contact, "value")
    except KeyDestroyed:
        return ""
    return f"@{value.rpartition('@')[2]}" if "@" in value else value[-2:]


def get_link_for(actor: Actor, link_id: UUID) -> OneTimeLink:
    """A link of a loan that the actor may ask for papers of. Raises NotFound, Forbidden."""
    link = OneTimeLink.objects.select_related("loan", "party", "contact", "code_contact").filter(id=link_id).first()
    if link is None:
        raise NotFound
    get_loan_for(actor, link.loan_id, SEND)
    return link


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link as the loan's page shows it. `may_go_on`: it can be sent again or revoked."""

    link: OneTimeLink
    standing: Standing
    label: Any
    tone: str
    received: int
    wanted: Sequence[Any]

    @property
    def may_go_on(self) -> bool:
        return self.standing not in {Standing.REVOKED, Standing.FINISHED}

    @property
    def is_open(self) -> bool:
        return self.standing is Standing.OPEN


def links_of(loan: Loan, labels: Any) -> list[LinkLine]:
    """The newest links of a loan with how many files came by each; keys loaded. `labels(link)`: what is asked for."""
    received = Count("uploads", filter=Q(uploads__state="kept"))
    rows: list[Any] = list(
        OneTimeLink.objects.filter(loan=loan).select_related("party", "made_by").annotate(received=received)
        .order_by("-id")[:SHOWN]
    )  # fmt: skip
    warm([row.party for row in rows])
    now = timezone.now()
    return [
        LinkLine(row, at, STANDING_LABELS[at], STANDING_TONES[at], row.received, labels(row))
        for row in rows
        for at in [standing_of(row, now)]
    ]


def open_links(loan: Loan) -> int:
    """How many of a loan's links work now."""
    rows = OneTimeLink.objects.filter(loan=loan, revoked_at=None, finished_at=None, expires_at__gt=timezone.now())
    return rows.count()


def messages_of(loan: Loan) -> list[Message]:
    """What was sent about a loan, the newest first, keys loaded."""
    rows = list(Message.objects.filter(loan=loan).select_related("party", "contact").order_by("-id")[:SHOWN])
    warm([*rows, *(row.party for row in rows)])
    return rows


def people_to_ask(actor: Actor, loan: Loan) -> list[LoanParty]:
    """The people of a loan who can be asked, borrower first, with their contacts in use. Raises Forbidden."""
    if not may(actor, SEND, loan):
        raise Forbidden(capability=SEND)
    rows: list[Any] = people_of(loan)
    usable: list[ContactPoint] = []
    for row in rows:
        row.contacts = [one for one in row.contacts if one.state == ContactPoint.State.ACTIVE]
        usable += row.contacts
    warm(usable)
    return rows
