"""Time zones of lenders and branches, by the names of the IANA database."""

from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext_lazy as _

from carloan.core.errors import Invalid

# China's come first: the country has one zone, and branches in the west keep their own hours.
FIRST = {"Asia/Shanghai": _("Beijing time"), "Asia/Urumqi": _("Urumqi time")}


@cache
def zone_names() -> tuple[str, ...]:
    """The zones that somebody lives by, China's first, the others by name.

    The database's table of countries lists each by the one name that is kept today. Its other names are aliases and
    clocks without a place (PRC, localtime, Factory): they mean something else on another machine, or nothing.
    """
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    listed = {line.split("\t")[2].strip() for line in table.splitlines() if line and not line.startswith("#")}
    return (*FIRST, *sorted(listed & available_timezones() - FIRST.keys()))


def zone_choices() -> list[tuple[str, str]]:
    """(name, words beside it) of each zone, as it differs from UTC today; the words in the reader's language."""
    found = []
    for name in zone_names():
        differs = f"{datetime.now(ZoneInfo(name)):%z}"
        words = f"UTC{differs[:3]}:{differs[3:5]}"
        found.append((name, f"{FIRST[name]} {words}" if name in FIRST else words))
    return found


def zone_called(words: str) -> str:
    """The name of the zone that people call so in their language (北京时间); otherwise the words themselves."""
    return next((name for name, called in FIRST.items() if str(called).casefold() == words.casefold()), words)


def require_zone(name: str) -> None:
    """Raise Invalid (`time_zone`) for anything but the name of a zone that somebody lives by."""
    if name not in zone_names():
        raise Invalid(
            fields={"time_zone": [_("This time zone does not exist. Choose one of the list, such as Asia/Shanghai.")]}
        )
