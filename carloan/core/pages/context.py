"""What the frame of every page needs: navigation, tenant, theme, language. Wired as a context processor."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from carloan.core.actors import Actor

from .factor_changes import sessions_asked
from .nav import NavSection, place_of, sections_for
from .words import SCRIPT_WORDS

THEMES = ("auto", "light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    match = request.resolver_match
    theme, shortcuts = _taste(request)
    nav = _navigation(request, actor, match.view_name if match else "") if actor is not None else []
    return {
        "frame": "base.html" if actor is not None else "base_plain.html",
        "nav": nav,
        "place": place_of(nav),
        "tenant": getattr(request, "tenant", None),
        "actor": actor,
        "preview": getattr(request, "preview", None),
        "session_life": getattr(request, "session_life", None),
        "sessions_asked": sessions_asked(request),
        "session_ended": getattr(request, "session_ended", None),
        "theme": theme,
        "shortcuts": shortcuts,
        "languages": settings.LANGUAGES,
        "strings": {key: str(word) for key, word in SCRIPT_WORDS.items()},
    }


def _navigation(request: HttpRequest, actor: Actor, here: str) -> list[NavSection]:
    return sections_for(actor, here, opened=_remembered(request, "groups").split("."))


def _remembered(request: HttpRequest, name: str) -> str:
    """What scripts set (frontend/src/js/cookies.js)."""
    return request.COOKIES.get(f"{settings.COOKIE_PREFIX}{name}", "")


def _taste(request: HttpRequest) -> tuple[str, bool]:
    """The person's theme, and whether single keys work. The page that says "no database" needs an answer too."""
    try:
        user = getattr(request, "user", None)
        theme, shortcuts = getattr(user, "theme", ""), bool(getattr(user, "shortcuts", True))
    except DatabaseError:
        theme, shortcuts = "", False
    chosen = _remembered(request, "theme")
    return chosen if chosen in THEMES else theme or "auto", shortcuts
