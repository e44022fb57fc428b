"""What the health of the seal says to people: how old each part is, whether that is late, and what to do then."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carloan.compliance.adapters.tsa import SANDBOX
from carloan.compliance.selectors.seal_health import SealHealth
from carloan.lib.timestamp import common_name

# A witness is asked after every checkpoint; one that is silent for an hour is away.
WITNESS_PATIENCE: Final = timedelta(hours=1)
# A day is stamped after it has ended; a second day without a stamp is late.
STAMP_PATIENCE: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the seal's health: what it is, how it stands (a class of colour and a word), since when, and what to
    do when it is late."""

    what: str
    tone: str
    state: str
    at: Any
    age: str
    detail: str
    advice: str = ""


def lines_of(health: SealHealth) -> list[Line]:
    return [_sealed(health), _checkpoint(health), _witness(health), _stamp(health)]


def _sealed(health: SealHealth) -> Line:
    detail = ngettext("%(count)s event waits", "%(count)s events wait", health.unsealed) % {
        "count": f"{health.unsealed:,}"
    }
    what = _("Oldest unsealed event")
    if health.oldest_unsealed is None:
        return Line(what, "st-green", _("Everything is sealed"), None, "", detail)
    age = age_of(health.unsealed_age)
    if not health.late:
        return Line(what, "st-green", _("On time"), health.oldest_unsealed, age, detail)
    advice = _(
        "The sealer does not seal. Ask whoever runs the installation whether its process lives (/healthz) and whether "
        "a transaction has been open for long: nothing is sealed before an older transaction has ended. Nothing is "
        "lost meanwhile: events are safe, and are sealed when it is back."
    )
    return Line(what, "st-red", _("Late"), health.oldest_unsealed, age, detail, advice)


def _checkpoint(health: SealHealth) -> Line:
    what = _("Last checkpoint")
    if health.checkpoint_at is None:
        advice = _("The sealer has signed nothing yet. Ask whoever runs the installation whether its process runs.")
        return Line(what, "st-orange", _("None yet"), None, "", "", advice)
    detail = _("over %(count)s events") % {"count": f"{health.size:,}"}
    # A quiet trail needs no new one: only what waits can make it late.
    tone, state = ("st-red", _("Late")) if health.late else ("st-green", _("On time"))
    return Line(what, tone, state, health.checkpoint_at, age_of(health.checkpoint_age), detail)


def _witness(health: SealHealth) -> Line:
    what = _("Last witness")
    if not health.witnesses:
        advice = _(
            "No witness has co-signed: whoever holds the ledger's key and the database could show others another "
            "history. Have a witness set up outside this installation, at the bank or at the auditor."
        )
        return Line(what, "st-orange", _("None yet"), None, "", "", advice)
    latest = health.witnesses[0]
    detail = _("%(name)s saw %(count)s events") % {"name": latest.name, "count": f"{latest.size:,}"}
    age = health.witnessed_age
    if health.unwitnessed and age is not None and age > WITNESS_PATIENCE:
        advice = _(
            "The witness is not reached, or refuses. A refusal means that it saw another history: keep the databases "
            "as they are and have the ledger verified before anything else."
        )
        return Line(what, "st-red", _("Late"), latest.seen_at, age_of(age), detail, advice)
    return Line(what, "st-green", _("On time"), latest.seen_at, age_of(age), detail)


def _stamp(health: SealHealth) -> Line:
    what = _("Last time stamp")
    if health.stamped_at is None:
        advice = _("No time stamp was taken yet: when it was signed rests on this installation's clock alone.")
        return Line(what, "st-orange", _("None yet"), None, "", "", advice)
    by = common_name(health.authority)
    detail = _("day %(day)s, by %(authority)s") % {"day": health.stamped_day, "authority": by}
    age = health.stamped_age
    if age is not None and age > STAMP_PATIENCE:
        advice = _("The time-stamp authority is not reached. It is asked again; the days without a stamp follow then.")
        return Line(what, "st-red", _("Late"), health.stamped_at, age_of(age), detail, advice)
    advice = ""
    if by.startswith(SANDBOX):
        advice = _(
            "These stamps come from a sandbox on this machine and have no legal worth. Before somebody outside relies "
            "on them, have whoever runs the installation name an authority (CARLOAN_TSA)."
        )
    return Line(what, "st-green", _("On time"), health.stamped_at, age_of(age), detail, advice)


def age_of(age: timedelta | None) -> str:
    """An age in its largest whole unit."""
    if age is None:
        return ""
    seconds = int(age.total_seconds())
    if seconds < 120:
        return ngettext("%(count)s second ago", "%(count)s seconds ago", seconds) % {"count": seconds}
    if seconds < 2 * 3600:
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", seconds // 60) % {"count": seconds // 60}
    if seconds < 48 * 3600:
        return ngettext("%(count)s hour ago", "%(count)s hours ago", seconds // 3600) % {"count": seconds // 3600}
    days = seconds // 86400
    return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
