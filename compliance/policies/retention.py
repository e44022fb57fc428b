"""Periods of retention: which phase a record is in on a day, and what a rule may say.

A period begins on the day after its trigger and ends with the corresponding day of its last year, or with the last day
of the month where there is none (《民法典》 art. 201, 202). The sweep counts the same in SQL (services/sweeping.py).
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from carloan.compliance.policies.floors import Floor
from carloan.core.moves import Move, Moves
from carloan.lib.problems import Problem

MOVES = Moves(Move("draft", "publish", "published"), refusal=_("A published policy stands. Changes are a new version."))

LONGEST = 100
COOLING_DAYS = (7, 14)


class Phase(StrEnum):
    """Where a record stands: in use, in the active year, in the archive, sealed apart, to be appraised, destroyed."""

    LIVING = "living"
    ACTIVE = "active"
    ARCHIVE = "archive"
    SEALED = "sealed"
    DUE = "due"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Span:
    """The ends of a rule's phases, in years from the trigger."""

    active_years: int
    archive_years: int
    total_years: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`keep_until` is the last day on which the record must be there; None: that day is not known yet."""

    phase: Phase
    keep_until: date | None
    next_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a draft says of one record class and trigger."""

    span: Span
    basis: str = ""
    review_on: date | None = None


# So many days ahead a longer period is to be reviewed.
REVIEW_AHEAD: Final = timedelta(days=60)


def without_longer(span: Span, floors: Sequence[Floor]) -> Span:
    """The span that the law asks for: what is left of a longer one when nobody says any more why it is needed.

    Where no law is known nothing can be left, and the span stays.
    """
    if not floors:
        return span
    total = min(span.total_years, floors[0].whole_years)
    return Span(min(span.active_years, total), min(span.archive_years, total), total)


def span_on(rule: Rule, floors: Sequence[Floor], today: date) -> Span:
    """The span that counts on a day. A longer period whose review is past has lost its basis (PIPL art. 19, 47): until
    it is confirmed anew the law's own period counts. What falls due by that waits for its appraisal like the rest."""
    if rule.review_on is None or rule.review_on >= today:
        return rule.span
    return without_longer(rule.span, floors)


def is_longer(span: Span, floors: Sequence[Floor]) -> bool:
    """Whether it goes beyond what the law asks for."""
    return not floors or span.total_years > floors[0].whole_years


def last_day(since: date, years: int) -> date:
    """The last day of a period of whole years that was triggered on `since`."""
    year = since.year + years
    return since.replace(year=year, day=min(since.day, monthrange(year, since.month)[1]))


def standing(
    span: Span, *, since: date, lawful_since: date | None, floor_years: int, today: date, floor_days: int = 0
) -> Standing:
    """Where a record stands on a day. The longer of the rule's and the law's period keeps it; a trigger in the future
    has not happened, and while the law's period has not begun nothing is due."""
    active, archive = last_day(since, span.active_years), last_day(since, span.archive_years)
    total = last_day(since, span.total_years)
    lawful = last_day(lawful_since, floor_years) + timedelta(days=floor_days) if lawful_since else None
    keep_until = max(total, lawful) if lawful else None
    if since > today:
        return Standing(Phase.LIVING, keep_until, since)
    if today <= active:
        return Standing(Phase.ACTIVE, keep_until, _after(active))
    if today <= archive:
        return Standing(Phase.ARCHIVE, keep_until, _after(archive))
    if keep_until is None or today <= keep_until:
        return Standing(Phase.SEALED, keep_until, _after(keep_until) if keep_until else None)
    return Standing(Phase.DUE, keep_until, None)


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def rule_problems(rule: Rule, floors: Sequence[Floor], *, today: date) -> list[Problem]:
    """What a rule may not say. `floors` are those of its class, the longest first."""
    span = rule.span
    if not 0 <= span.active_years <= span.archive_years <= span.total_years <= LONGEST:
        return [Problem("total_years", _("The years of the phases follow each other and end within a hundred."))]
    binding = floors[0] if floors else None
    if binding and span.total_years < binding.whole_years:
        said = _("The law asks for %(years)s years from %(counts_from)s: %(citation)s.")
        about = {"years": binding.whole_years, "counts_from": binding.counts_from, "citation": binding.citation}
        return [Problem("total_years", said % about)]
    if not is_longer(span, floors):
        return []
    found = []
    if not rule.basis.strip():
        words = _("Longer than the law asks for: state the basis (Personal Information Protection Law, art. 19, 47).")
        found.append(Problem("basis", words))
    if rule.review_on is None or rule.review_on <= today:
        found.append(Problem("review_on", _("Say on which day to come this longer period is reviewed.")))
    return found
