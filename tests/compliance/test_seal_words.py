"""What is late is called late, with what to do; what is not there yet is not called late."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from carloan.compliance.adapters.tsa import SANDBOX
from carloan.compliance.seal_words import age_of, lines_of
from carloan.compliance.selectors.seal_health import SealHealth, Witnessed

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def health(
    *, waits: timedelta | None = None, signed: timedelta | None = timedelta(seconds=3),
    seen: timedelta | None = timedelta(minutes=1), behind: int = 0, stamped: timedelta | None = timedelta(hours=9),
    authority: str = "CN=Time",
) -> SealHealth:  # fmt: skip
    return SealHealth(
        at=NOW, unsealed=0 if waits is None else 7, oldest_unsealed=None if waits is None else NOW - waits,
        size=100 if signed is not None else 0, checkpoint_at=None if signed is None else NOW - signed,
        witnesses=() if seen is None else (Witnessed("bank.example", "bank.example+1+A", 100 - behind, NOW - seen),),
        stamped_day=None if stamped is None else date(2026, 11, 29),
        stamped_at=None if stamped is None else NOW - stamped, authority=authority,
    )  # fmt: skip


def told(found: SealHealth) -> list[tuple[str, bool]]:
    """Each line's colour, and whether it says what to do."""
    with translation.override("en"):
        return [(line.tone, bool(line.advice)) for line in lines_of(found)]


GREEN = ("st-green", False)


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (health(), [GREEN] * 4),
        (health(waits=timedelta(seconds=2)), [GREEN] * 4),
        (health(waits=timedelta(minutes=5)), [("st-red", True), ("st-red", False), GREEN, GREEN]),
        (health(signed=None, seen=None, stamped=None), [GREEN, *[("st-orange", True)] * 3]),
        # A witness that has seen everything is not late, however quiet the trail.
        (health(seen=timedelta(days=3)), [GREEN] * 4),
        (health(seen=timedelta(hours=2), behind=1), [GREEN, GREEN, ("st-red", True), GREEN]),
        (health(stamped=timedelta(days=3)), [GREEN, GREEN, GREEN, ("st-red", True)]),
        # On time, and worth nothing in court.
        (health(authority=f"CN={SANDBOX}\\, signer"), [GREEN, GREEN, GREEN, ("st-green", True)]),
    ],
)
def test_each_part_says_how_it_stands_and_what_to_do(found: SealHealth, lines: list[tuple[str, bool]]) -> None:
    assert told(found) == lines


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=1), "1 second ago"), (timedelta(seconds=119), "119 seconds ago"),
        (timedelta(minutes=5), "5 minutes ago"), (timedelta(hours=47), "47 hours ago"),
        (timedelta(days=3), "3 days ago"), (None, ""),
    ],
)  # fmt: skip
def test_an_age_is_told_in_its_largest_whole_unit(age: timedelta | None, words: str) -> None:
    with translation.override("en"):
        assert age_of(age) == words
