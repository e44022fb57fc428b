"""Sessions of people: begun under the rules of their lenders, few at once, and ended with a note that says why.

A session belongs to the person and to no lender; the strictest rules of all their lenders count, as they stood when the
session began, or stricter ones that a lender has set since.
"""

import hashlib
import logging
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

from carloan.core import audit
from carloan.core.access import tenants_of
from carloan.core.actors import Actor
from carloan.core.errors import Conflict
from carloan.core.models import AccessPolicy, Membership, User
from carloan.core.personal_trail import tell
from carloan.core.session_rules import MOST_HOURS, SessionRules, strictest
from carloan.core.tenancy import beside_tenants, tenant_atomic

logger = logging.getLogger(__name__)
RULES: Final = "rules"  # in the row of a session: those that count for it
# Why a session ended before its time.
DISPLACED: Final = "displaced"
ELSEWHERE: Final = "elsewhere"
ADMINISTRATOR: Final = "administrator"
FACTORS: Final = "factors"


def rules_of(user: Any) -> SessionRules:
    """The strictest rules of the lenders that a person works for. Two queries and one a lender."""
    found = []
    for tenant_id in tenants_of(user):
        with beside_tenants(), tenant_atomic(tenant_id):
            found.append((AccessPolicy.objects.first() or AccessPolicy()).session_rules)
    return strictest(found)


def session_begin(*, request: Any) -> UserSession:
    """Put the session of a request under the rules of its person's lenders, and end the oldest beyond the number that
    they allow; each of these is told in the trail. One that was begun before there were rules keeps its age."""
    user, key = request.user, request.session.session_key
    with transaction.atomic():
        # Two that begin at once end one after the other.
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
        own = UserSession.objects.filter(session_key=key, user_id=user.pk).first()
        if own is None:
            UserSession.objects.create_from_request(request)
            own = UserSession.objects.get(session_key=key)
        if RULES not in own.data:
            rules = rules_of(user)
            own.data[RULES] = rules.as_kept()
            own.save(update_fields=["data"])
            _end_beyond(request, own, rules)
    return own


def _end_beyond(request: Any, own: UserSession, rules: SessionRules) -> None:
    others = UserSession.objects.filter(user_id=own.user_id).exclude(pk=own.pk).order_by("-created_at", "-pk")
    for session in [each for each in others if not _is_gone(each)][rules.sessions_at_once - 1 :]:
        before = {"signed_in_at": session.created_at.isoformat(), "address": session.ip}
        tell(request.user, request, "core.session.displaced", before=before)
        session_close(session=session, why=DISPLACED, figure=rules.sessions_at_once)


def _is_gone(session: UserSession) -> bool:
    """Whether a session opens nothing any more; its row goes then."""
    rules = SessionRules.read(session.data[RULES]) if RULES in session.data else SessionRules()
    if rules.over(began=session.created_at, seen=session.last_seen_at, now=timezone.now()):
        session.end()
        return True
    return bool(session.purge())


def living_sessions(user: Any) -> list[UserSession]:
    """A person's sessions that open something, the one used last first."""
    rows = UserSession.objects.filter(user=user).order_by("-last_seen_at")
    return [each for each in rows if not _is_gone(each)]


def others_close(*, request: Any) -> int:
    """End all sessions of a person but the one of the request, because how they sign in has changed; returns how many.

    Each is told in the trail, and whoever comes back with it is told why.
    """
    others = [each for each in living_sessions(request.user) if each.session_key != request.session.session_key]
    for session in others:
        tell(request.user, request, "core.session.ended")
        session_close(session=session, why=FACTORS)
    return len(others)


def session_close(*, session: UserSession, why: str, figure: int = 0) -> None:
    """End a session; whoever comes back with it is told why (`closed_note`)."""
    try:
        cache.set(_note(session.session_key), [why, figure], MOST_HOURS * 3600)
    except RedisError as error:
        logger.warning("an ended session keeps no note: %s", error)
    session.end()


def closed_note(key: str) -> Any:
    """Why the session with this key was ended, as `session_close` noted it; None when it was not."""
    try:
        return cache.get(_note(key))
    except RedisError:
        return None


def _note(key: str) -> str:
    # The broker needs to know nobody's key, not even of a session that is over.
    return f"session-closed|{hashlib.sha256(key.encode()).hexdigest()}"


def member_sessions_end(*, actor: Actor, membership: Membership) -> None:
    """Sign a member out wherever they are signed in, at once: a device was lost, or somebody else seems to use it.

    It takes nothing away for good, so that who manages people or gives roles may do it to everybody who works here.
    Raises Conflict for oneself, who does it in the profile, and for people who left: their sessions open nothing here.
    """
    actor.require("people.manage", "rights.assign")
    if membership.id == actor.membership_id or not membership.is_active:
        raise Conflict
    with tenant_atomic():
        audit.record(
            actor=actor, action="core.member.sessions_ended", object_type="core.membership", object_id=membership.id
        )
        for session in UserSession.objects.filter(user=membership.user_id):
            session_close(session=session, why=ADMINISTRATOR)


def sessions_tighten(rules: SessionRules) -> None:
    """Let stricter rules of the open lender count for the sessions that its people have now; laxer ones change
    nothing there, because another lender may ask for what stands."""
    theirs = UserSession.objects.filter(
        user_id__in=Membership.objects.filter(is_active=True).values("user_id"), data__has_key=RULES
    )
    for data in list(theirs.values_list("data", flat=True).distinct()):
        stricter = SessionRules.read(data[RULES]).stricter(rules).as_kept()
        if stricter != data[RULES]:
            theirs.filter(data=data).update(data={**data, RULES: stricter})
