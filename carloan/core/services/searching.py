"""Searching asks the blind index, which knows what the masks hide: each question is told, and strangers' are few."""

from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import TooMany
from carloan.core.search import Found
from carloan.core.services.quotas import quota_left, require_quota
from carloan.core.sight import SIGHT
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import fold_key

ASKED, READ = "core.search.asked", "core.search.read"
# Far above a day's work, far below guessing the numbers and names that are masked.
MOST_A_MINUTE, MOST_A_DAY = 60, 1_000
_WAIT = _("Too many searches. Wait a minute and go on; after many in one day, wait until tomorrow.")


def search_asked(*, actor: Actor, place: str, query: str) -> None:
    """Called before a search box is answered: one event (who, when, in which list), without what was searched for.

    What was searched for may be somebody's number; the trail must not keep it longer than the book does.
    Whoever does not see clear values everywhere could find out by searching what the masks hide: for them the trail is
    also the counter, and TooMany is raised above the quota of a minute or a day.
    """
    if not fold_key(query):
        return
    with tenant_atomic():
        if actor.branches(SIGHT) is not None:
            require_quota(
                actor=actor,
                actions=(ASKED,),
                most_a_minute=MOST_A_MINUTE,
                most_a_day=MOST_A_DAY,
                refusal=TooMany(_WAIT, code="search_quota", retry_after=60),
            )
        audit.record(actor=actor, action=ASKED, object_type=place)


def answers_left(actor: Actor) -> int | None:
    """How many comparisons with what is masked may still be answered to the actor; None without a bound, for whoever
    sees clear values everywhere.

    They count as searches (`answers_told`). Ask it in the transaction of the answer and before anything is compared:
    a refusal must not depend on what the comparison would tell.
    """
    if actor.branches(SIGHT) is None:
        return None
    left = quota_left(actor=actor, actions=(ASKED,), most_a_minute=MOST_A_MINUTE, most_a_day=MOST_A_DAY)
    return max(left, 0)


def answers_told(*, actor: Actor, place: str, count: int) -> None:
    """One event of a search for each of `count` comparisons that were answered; nothing of what was compared."""
    for _number in range(count):
        audit.record(actor=actor, action=ASKED, object_type=place)


def search_read(*, actor: Actor, found: Found) -> None:
    """One event for hits that another system gets in clear: how many, and which things. Nothing for a person's."""
    hits = [hit for _finder, group in found for hit in group]
    if not hits or actor.kind != "key" or not actor.can(SIGHT):
        return
    with tenant_atomic():
        audit.record(
            actor=actor,
            action=READ,
            object_type="core.search",
            count=len(hits),
            after={"hits": [f"{hit.kind} {hit.id}" for hit in hits]},
        )
