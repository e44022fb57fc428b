"""Visitors at the borrower's door: they ask for a code, type it, and are let in for a while."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit, bursts
from carloan.core.actors import Actor
from carloan.core.errors import AppError, Conflict, Invalid, TooMany
from carloan.core.ids import uuid7
from carloan.core.tenancy import tenant_at_work, tenant_atomic
from carloan.loans.models import ContactPoint
from carloan.messaging.kinds import DOOR_CODE, kind_of
from carloan.messaging.models import LinkVisit, OneTimeLink
from carloan.messaging.policies.links import CODE_LIFE, CODES_A_LINK, USES, VISITS_A_LINK, WRONG_A_CODE, Standing
from carloan.messaging.selectors.links import is_inside, link_of_token, standing_of, visit_of
from carloan.messaging.services.links import OBJECT
from carloan.messaging.services.sending import message_queue
from carloan.messaging.tokens import digest, is_same, new_code, new_token

Way: Final = OneTimeLink.CodeWay
TOUCHED_EVERY: Final = 30  # seconds between two notes that a browser is still there


class DeadLink(AppError):
    """The one answer for a link that never was, is over, or was locked; nobody learns which."""

    status = 404
    code = "link"
    default = _(
        "This link does not work, or does not work any more. Ask the person at your lender who sent it to you for a "
        "new one."
    )


class WrongCode(AppError):
    """The one answer for a code that is wrong, too old, or was tried too often."""

    status = 422
    code = "wrong_code"
    default = _("This code is not right, or not valid any more. Look at it again, or ask for a new one.")


class NoCode(Conflict):
    """The code cannot be sent; why not is nothing that whoever holds a link is told."""

    code = "no_code"
    default = _("No code can be sent for this link. Ask the person at your lender who sent it to you.")


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is at the door: an open link, the browser if it is known, and whether it was let in."""

    link: OneTimeLink
    visit: LinkVisit | None
    inside: bool
    finished: bool = False


def visitor(link: OneTimeLink, *, request_id: UUID | None = None, address: str = "") -> Actor:
    return Actor.visitor(tenant_at_work(), link.id, request_id=request_id, address=address)


def guest_at(*, token: str, cookie: str) -> Guest:
    """Who stands at the door with this token and cookie. A browser inside stays inside by coming back.

    Whoever finished sees that, and nothing else, as long as the browser would be let in. Raises DeadLink.
    """
    now = timezone.now()
    with tenant_atomic():
        link = link_of_token(token)
        if link is None:
            raise DeadLink
        at, visit = standing_of(link, now), visit_of(link, cookie)
        inside = is_inside(visit, now)
        if at is Standing.FINISHED and inside:
            return Guest(link, visit, inside=False, finished=True)
        if at is not Standing.OPEN:
            raise DeadLink
        if visit and inside and visit.used_at and (now - visit.used_at).total_seconds() > TOUCHED_EVERY:
            LinkVisit.objects.filter(id=visit.id).update(used_at=now)
        return Guest(link, visit, inside)


def code_ask(*, actor: Actor, token: str) -> str:
    """Begin a visit in this browser: the secret for its cookie. A code is sent where the link says so.

    The code belongs to this browser and lives ten minutes. Raises DeadLink, TooMany once six were sent, NoCode
    where the person may not be written to any more.
    """
    secret, now = new_token(), timezone.now()
    with tenant_atomic():
        link = _open_link(token)
        visit = LinkVisit(id=uuid7(), link=link, digest=digest("visit", secret, of=link.id))
        if link.codes >= (VISITS_A_LINK if link.code_way == Way.SPOKEN else CODES_A_LINK):
            raise TooMany(
                _("Too many codes were sent for this link. Ask the person who sent it to you for a new one."),
                retry_after=3600,
            )
        if link.code_way != Way.SPOKEN:
            code = new_code()
            visit.code_digest, visit.code_until = digest("code", code, of=visit.id), now + CODE_LIFE
        link.codes += 1
        visit.audit_event_id = audit.record(
            actor=actor, action="messaging.link.opened", object_type=OBJECT, object_id=link.id, loan_id=link.loan_id
        )
        visit.save(force_insert=True)
        link.opened_at = link.opened_at or now
        link.save(update_fields=["opened_at", "codes"])
        if link.code_way != Way.SPOKEN and link.code_contact is not None:
            try:
                _send_code(actor, link, link.code_contact, code)
            except (Conflict, Invalid) as error:
                raise NoCode from error
    return secret


def code_enter(*, actor: Actor, token: str, cookie: str, code: str) -> str:
    """Let this browser in when the code is right: the new secret for its cookie.

    Wrong ones are counted for the browser and for the link, and told in the trail, folded; they stay counted whatever
    is answered. A told code lets one browser in. Raises DeadLink, WrongCode (also for a browser that asked for none).
    """
    now = timezone.now()
    with tenant_atomic():
        link = _open_link(token)
        visit = visit_of(link, cookie, lock=True)
        right = visit is not None and _is_right(link, visit, code, now)
        if visit is not None and right:
            secret = new_token()
            visit.digest, visit.code_digest = digest("visit", secret, of=link.id), None
            visit.passed_at = visit.used_at = now
            visit.audit_event_id = audit.record(
                actor=actor, action="messaging.link.passed", object_type=OBJECT, object_id=link.id,
                loan_id=link.loan_id,
            )  # fmt: skip
            visit.save()
            link.uses, link.wrong = link.uses + 1, 0
            link.passed_at = link.passed_at or now
            if link.code_way == Way.SPOKEN:
                link.spoken_digest = link.spoken_until = None
            link.save(update_fields=["uses", "wrong", "passed_at", "spoken_digest", "spoken_until"])
            return secret
        if visit is not None:
            LinkVisit.objects.filter(id=visit.id).update(wrong=visit.wrong + 1)
        OneTimeLink.objects.filter(id=link.id).update(wrong=link.wrong + 1)
    bursts.refuse(
        actor=actor, action="messaging.code.refused", object_type=OBJECT, object_id=link.id, reason_code="wrong_code",
        source=("code", link.id),
    )  # fmt: skip
    raise WrongCode


def link_finish(*, actor: Actor, link: OneTimeLink) -> None:
    """The borrower says that everything is sent: the link is over. May be asked twice."""
    with tenant_atomic():
        held = OneTimeLink.objects.select_for_update(of=("self",)).get(id=link.id)
        if held.finished_at is not None:
            return
        held.finished_at = timezone.now()
        held.audit_event_id = audit.record(
            actor=actor, action="messaging.link.finished", object_type=OBJECT, object_id=held.id, loan_id=held.loan_id
        )
        held.save(update_fields=["finished_at", "audit_event_id"])


def _open_link(token: str) -> OneTimeLink:
    link = link_of_token(token, lock=True)
    if link is None or standing_of(link, timezone.now()) is not Standing.OPEN:
        raise DeadLink
    return link


def _send_code(actor: Actor, link: OneTimeLink, contact: ContactPoint, code: str) -> None:
    message_queue(
        actor=actor,
        kind=kind_of(DOOR_CODE),
        channel=link.code_way,
        contact=contact,
        language=link.language,
        values={"code": code, "minutes": str(CODE_LIFE.seconds // 60)},
        loan=link.loan,
        link=link,
    )


def _is_right(link: OneTimeLink, visit: LinkVisit, code: str, now: object) -> bool:
    """In the same time, whatever is wrong with it."""
    if link.code_way == Way.SPOKEN:
        stored, until = link.spoken_digest, link.spoken_until
        same = is_same(stored, digest("spoken", code, of=link.id))
    else:
        stored, until = visit.code_digest, visit.code_until
        same = is_same(stored, digest("code", code, of=visit.id))
    return (
        same and stored is not None and until is not None and until > now  # type: ignore[operator]
        and visit.wrong < WRONG_A_CODE and link.uses < USES
    )  # fmt: skip
