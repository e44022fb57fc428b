"""What a one-time link is worth at a moment: pure rules over its facts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LIFE: Final = timedelta(days=7)
LONGEST: Final = timedelta(days=30)
# A code that was sent is typed at once; one that is told on the telephone or lies printed on a desk takes longer.
CODE_LIFE: Final = timedelta(minutes=10)
SPOKEN_LIFE: Final = timedelta(hours=24)
# Without use, and whatever is done.
VISIT_IDLE: Final = timedelta(minutes=30)
VISIT_LIFE: Final = timedelta(hours=4)
# Wrong codes of one browser, and of all browsers together; codes sent; browsers that begin where none is sent; browsers
# let in. Who makes a link or sends it again begins anew.
WRONG_A_CODE: Final = 5
WRONG_A_LINK: Final = 15
CODES_A_LINK: Final = 6
VISITS_A_LINK: Final = 40
USES: Final = 5


class Standing(StrEnum):
    """How a link stands, for whoever made it. Visitors hear of any but OPEN only that it does not work."""

    OPEN = "open"
    LOCKED = "locked"
    FINISHED = "finished"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class LinkFacts:
    expires_at: datetime
    revoked: bool
    finished: bool
    wrong: int


def standing(facts: LinkFacts, now: datetime) -> Standing:
    """How the link stands: revoked before finished before expired before locked."""
    if facts.revoked:
        return Standing.REVOKED
    if facts.finished:
        return Standing.FINISHED
    if now >= facts.expires_at:
        return Standing.EXPIRED
    return Standing.LOCKED if facts.wrong >= WRONG_A_LINK else Standing.OPEN


def visit_lasts(passed_at: datetime, used_at: datetime, now: datetime) -> bool:
    """Whether a browser that passed the code is still let in: it ends without use, and by age."""
    return now - used_at < VISIT_IDLE and now - passed_at < VISIT_LIFE


def code_way(link_by: str, *, can_sms: bool, can_email: bool) -> str:
    """By which way the code goes, when the link goes by `link_by`: never by the same one.

    The telephone first, because a number was seen on paper more often than a mail address; told by the officer where
    nothing else is left.
    """
    if can_sms and link_by != "sms":
        return "sms"
    if can_email and link_by != "email":
        return "email"
    return "spoken"
