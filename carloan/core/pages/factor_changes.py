"""After a change of how somebody signs in, their other sessions end or they are asked whether these should (ASVS 5.0,
7.4.3): who began them may be the reason for the change."""

from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from carloan.core.doors import open_door
from carloan.core.selectors_sign_on import is_only_factor
from carloan.core.services.sessions import living_sessions, others_close

# In a session: a change has happened in it, and it is not answered yet what becomes of the others.
CHANGED: Final = "factors_changed"


def factor_added(request: Any, factor: Authenticator) -> None:
    """The first factor ends the sessions that began without one; each further one asks. So does an administrator's
    reset, behind which the next factor is the first again."""
    if factor.type != Authenticator.Type.RECOVERY_CODES and is_only_factor(factor):
        others_close(request=request)
    else:
        factors_changed(request)


def factors_changed(request: Any) -> None:
    """Ask on the next page what becomes of the other sessions."""
    request.session[CHANGED] = True


def sessions_asked(request: Any) -> int:
    """How many other sessions the person is asked about on this page; 0 asks nothing."""
    if getattr(request, "session_life", None) is None or CHANGED not in request.session:
        return 0
    others = len(living_sessions(request.user)) - 1
    if others < 1:
        del request.session[CHANGED]
    return others


@require_POST
@open_door("one's own account belongs to no lender")
@login_required
def sessions_keep(request: Any) -> HttpResponse:
    """The person leaves the other sessions as they are; it is not asked again until the next change."""
    request.session.pop(CHANGED, None)
    return redirect("core:profile")
