"""How long a session still lasts: asked on each request, in one query, and written once a minute at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .middleware import Next
from .personal_trail import tell
from .services.sessions import ADMINISTRATOR, DISPLACED, ELSEWHERE, FACTORS, RULES, closed_note, session_begin
from .session_rules import Limit, SessionRules

SEEN_EVERY = timedelta(seconds=60)
# Scripts that ask by themselves say so: a page that nobody looks at uses no session.
UNATTENDED: Final = "X-Unattended"
# In the session of somebody who is not signed in: why the last one ended.
ENDED: Final = "session_ended"
WORDS: Final[dict[str, Any]] = {
    "idle": _("You were signed out after %(figure)s minutes without use. Sign in to go on."),
    "age": _("A sign-in lasts %(figure)s hours at most, and yours is over. Sign in to go on."),
    DISPLACED: _(
        "You were signed out here because you signed in elsewhere: %(figure)s at a time, and the oldest ends. "
        "If that was not you, change your password and tell your administrator."
    ),
    ELSEWHERE: _(
        "This sign-in was ended from another one of yours. "
        "If that was not you, change your password and tell your administrator."
    ),
    FACTORS: _(
        "The password or the second step of your account was changed from another sign-in, which ended this one. "
        "If that was not you, tell your administrator at once."
    ),
    ADMINISTRATOR: _("An administrator of your lender ended this sign-in. Sign in again, or ask why."),
}


@dataclass(frozen=True)
class SessionLife:
    """The session of a request. `end` and `limit` count as if it were not used any more."""

    rules: SessionRules
    end: datetime
    limit: Limit

    @property
    def left(self) -> int:
        """Whole seconds that are left of it."""
        return max(0, int((self.end - timezone.now()).total_seconds()))


class SessionLifeMiddleware:
    """Ends a session that is over, so that the request goes on as a stranger's, and says why on the next page.

    Sets `session_life` (None for strangers) and `session_ended` (words, or nothing) on the request.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.session_life, request.session_ended = None, None
        if key := request.session.session_key:
            if request.user.is_authenticated:
                self._go_on(request)
            elif request.session.session_key is None and (note := closed_note(key)):
                request.session[ENDED] = note
            if request.session_life is None:
                request.session_ended = _words(request.session.get(ENDED))
        return self.get_response(request)

    def _go_on(self, request: Any) -> None:
        row = UserSession.objects.filter(session_key=request.session.session_key).first()
        if row is None or row.user_id != request.user.pk or RULES not in row.data:
            row = session_begin(request=request)
        rules, now = SessionRules.read(row.data[RULES]), timezone.now()
        if limit := rules.over(began=row.created_at, seen=row.last_seen_at, now=now):
            tell(request.user, request, "core.session.expired")
            row.delete()
            request.session.flush()
            request.user = AnonymousUser()
            request.session[ENDED] = [limit, rules.figure(limit)]
            return
        if UNATTENDED not in request.headers and now - row.last_seen_at >= SEEN_EVERY:
            row.last_seen_at, row.ip = now, get_adapter(request).get_client_ip(request)
            row.save(update_fields=["last_seen_at", "ip"])
        request.session_life = SessionLife(rules, *rules.end(began=row.created_at, seen=row.last_seen_at))


def _words(kept: Any) -> Any:
    match kept:
        case [str(why), int(figure)] if why in WORDS:
            return WORDS[why] % {"figure": figure}
    return None
