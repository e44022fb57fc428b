"""What a person agreed to, by purpose and channel: whether they may be contacted or their data used for it at a moment.

Pure: it reads what was said and nothing else. Whoever contacts people asks it beside rules of their own (times of day,
counters); what it denies stays denied.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

ANY: Final = "any"
# Ways of reaching somebody; uses of data that reach nobody are agreed to for `any`.
CHANNELS: Final[dict[str, Any]] = {
    ANY: _("Every way"),
    "call": _("Telephone call"),
    "sms": _("Text message"),
    "email": _("E-mail"),
    "wechat": _("WeChat"),
    "app": _("App message"),
    "letter": _("Letter"),
    "visit": _("Visit"),
}


class Basis(StrEnum):
    """On what the purpose stands (PIPL art. 13)."""

    CONTRACT = "contract"
    DUTY = "duty"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """`sensitive`: it takes a separate consent (单独同意). `reaches`: it is a contact, agreed to by channel."""

    label: Any
    basis: Basis
    citation: Any
    sensitive: bool = False
    reaches: bool = True


PURPOSES: Final = {
    "notice": Purpose(
        label=_("Statutory notices and papers of a court"),
        basis=Basis.DUTY,
        citation=_("Personal Information Protection Law, art. 13 para. 1 (3)"),
    ),
    "service": Purpose(
        label=_("Running the loan"),
        basis=Basis.CONTRACT,
        citation=_("Personal Information Protection Law, art. 13 para. 1 (2)"),
    ),
    "collection": Purpose(
        label=_("Contact about a debt"),
        basis=Basis.CONTRACT,
        citation=_("Personal Information Protection Law, art. 13 para. 1 (2)"),
    ),
    "marketing": Purpose(
        label=_("Offers"),
        basis=Basis.CONSENT,
        citation=_("Personal Information Protection Law, art. 13 para. 1 (1), art. 24 para. 2"),
    ),
    "credit_query": Purpose(
        label=_("Query at a credit bureau"),
        basis=Basis.CONSENT,
        citation=_("Regulation on the Credit Reporting Industry (2013), art. 18"),
        reaches=False,
    ),
    "credit_report": Purpose(
        label=_("Report to a credit bureau"),
        basis=Basis.CONSENT,
        citation=_("Regulation on the Credit Reporting Industry (2013), art. 29 para. 2"),
        reaches=False,
    ),
    "location": Purpose(
        label=_("Position of the vehicle"),
        basis=Basis.CONSENT,
        citation=_("Personal Information Protection Law, art. 28 and 29"),
        sensitive=True,
        reaches=False,
    ),
    "biometric": Purpose(
        label=_("Face or voice recognition"),
        basis=Basis.CONSENT,
        citation=_("Personal Information Protection Law, art. 28 and 29"),
        sensitive=True,
        reaches=False,
    ),
}
SENSITIVE: Final = frozenset(code for code, purpose in PURPOSES.items() if purpose.sensitive)


def channels_of(purpose: str) -> list[str]:
    """What a purpose can be agreed to for. Raises KeyError for a purpose that nobody knows."""
    return list(CHANNELS) if PURPOSES[purpose].reaches else [ANY]


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that a person said: given or withdrawn, for a purpose and a channel, when; `separate` by itself and not
    within other terms. `recorded` is when it was entered; it orders what was said at one moment."""

    id: UUID
    purpose: str
    channel: str
    given: bool
    separate: bool
    said_at: datetime
    recorded: datetime


class Why(StrEnum):
    """Codes of an answer."""

    CONTRACT = "contract"
    DUTY = "duty"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"
    NOT_SEPARATE = "not_separate"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


WHY_LABELS: Final[dict[str, Any]] = {
    Why.CONTRACT: _("needed for the contract, no consent asked for"),
    Why.DUTY: _("a duty of the law, no consent asked for"),
    Why.GIVEN: _("consent given"),
    Why.WITHDRAWN: _("consent withdrawn"),
    Why.MISSING: _("no consent on record"),
    Why.NOT_SEPARATE: _("no separate consent on record"),
    Why.STOPPED: _("processing is stopped"),
    Why.UNKNOWN: _("no such purpose or channel"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it may be, why, by which article, and what the person said that decides (None where nothing did).

    `late`: at the moment that was asked about nobody had entered it yet, so whoever acted then relied on nothing that
    was on record.
    """

    allowed: bool
    why: Why
    citation: Any = ""
    saying: Saying | None = None
    late: bool = False


def judge(sayings: Iterable[Saying], purpose: str, channel: str, at: datetime, *, stopped: bool = False) -> Answer:
    """Whether a person may be contacted (or their data used) for a purpose by a channel at a moment.

    The last thing said by then about the channel, or about every way, counts; a withdrawal said at the same moment
    wins. A purpose that needs no consent is still closed on a channel that the person withdrew, except a duty of the
    law. What nobody knows, and what is missing, is denied. While processing is stopped only duties of the law go on
    (art. 47 para. 2).
    """
    known = PURPOSES.get(purpose)
    if known is None or channel not in channels_of(purpose):
        return Answer(False, Why.UNKNOWN)
    if known.basis is Basis.DUTY:
        return Answer(True, Why.DUTY, known.citation)
    if stopped:
        return Answer(False, Why.STOPPED, _("Personal Information Protection Law, art. 47 para. 2"))
    said = [
        each for each in sayings if each.purpose == purpose and each.channel in (channel, ANY) and each.said_at <= at
    ]
    last = max(said, key=lambda each: (each.said_at, not each.given, each.recorded), default=None)
    if last is not None and not last.given:
        return Answer(False, Why.WITHDRAWN, _("Personal Information Protection Law, art. 15"), last, last.recorded > at)
    if known.basis is Basis.CONTRACT:
        return Answer(True, Why.CONTRACT, known.citation)
    if last is None:
        return Answer(False, Why.MISSING, known.citation)
    if known.sensitive and not last.separate:
        return Answer(False, Why.NOT_SEPARATE, known.citation, last, last.recorded > at)
    return Answer(True, Why.GIVEN, known.citation, last, last.recorded > at)
