"""What the frame of every page needs: navigation, tenant, theme, language. Wired as a context processor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .nav import sections_for
from .words import SCRIPT_WORDS

THEMES = ("auto", "light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    user = getattr(request, "user", None)
    match = request.resolver_match
    theme = request.COOKIES.get("theme", "")
    if theme not in THEMES:
        theme = getattr(user, "theme", "") or "auto"
    return {
        "nav": sections_for(actor, match.view_name if match else "") if actor is not None else [],
        "tenant": getattr(request, "tenant", None),
        "actor": actor,
        "theme": theme,
        "shortcuts": bool(getattr(user, "shortcuts", True)),
        "languages": settings.LANGUAGES,
        "strings": {key: str(word) for key, word in SCRIPT_WORDS.items()},
    }
