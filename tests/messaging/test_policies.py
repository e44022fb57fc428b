"""The pure rules: quiet hours, second ways, words, what a link is worth."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from carloan.messaging.guards import Asked, Decision, decide
from carloan.messaging.kinds import kinds
from carloan.messaging.policies import delivery, links, quiet, words
from carloan.messaging.policies.links import LinkFacts, Standing
from carloan.messaging.services.setup import template_faults

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
_ID = UUID(int=1)


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        ("2026-12-01 20:59", "2026-12-01 20:59"),
        ("2026-12-01 21:00", "2026-12-02 08:00"),
        ("2026-12-31 23:30", "2027-01-01 08:00"),
        ("2026-12-02 00:10", "2026-12-02 08:00"),
        ("2026-12-02 07:59", "2026-12-02 08:00"),
        ("2026-12-02 08:00", "2026-12-02 08:00"),
    ],
)
def test_what_is_written_in_quiet_hours_leaves_in_the_morning(written: str, leaves: str) -> None:
    local = datetime.fromisoformat(written).replace(tzinfo=SHANGHAI)
    assert quiet.next_moment(local, time(21), time(8)) == datetime.fromisoformat(leaves).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("from_", "until", "lawful"),
    [("21:00", "08:00", True), ("22:00", "08:00", True), ("22:01", "08:00", False), ("21:00", "07:59", False),
     ("12:00", "08:00", False), ("21:00", "12:00", False)],
)  # fmt: skip
def test_quiet_hours_are_never_shorter_than_the_night(from_: str, until: str, lawful: bool) -> None:
    assert quiet.is_lawful(time.fromisoformat(from_), time.fromisoformat(until)) is lawful


@pytest.mark.parametrize(
    ("link_by", "sms", "email", "way"),
    [
        ("email", True, True, "sms"),
        ("screen", True, True, "sms"),
        ("sms", True, True, "email"),
        ("sms", True, False, "spoken"),
        ("email", False, True, "spoken"),
        ("screen", False, True, "email"),
        ("screen", False, False, "spoken"),
    ],
)
def test_the_code_never_goes_the_way_of_the_link(link_by: str, sms: bool, email: bool, way: str) -> None:
    assert links.code_way(link_by, can_sms=sms, can_email=email) == way


def test_what_a_link_is_worth() -> None:
    later, before = NOW + timedelta(days=1), NOW - timedelta(seconds=1)
    told = [
        links.standing(LinkFacts(until, revoked, finished, wrong), NOW)
        for until, revoked, finished, wrong in (
            (later, False, False, 0), (later, False, False, links.WRONG_A_LINK), (before, False, False, 0),
            (NOW, False, False, 0), (later, False, True, 0), (before, True, True, 99),
        )
    ]  # fmt: skip
    assert told == [
        Standing.OPEN, Standing.LOCKED, Standing.EXPIRED, Standing.EXPIRED, Standing.FINISHED, Standing.REVOKED,
    ]  # fmt: skip


def test_a_visit_ends_without_use_and_by_age() -> None:
    assert links.visit_lasts(NOW - timedelta(hours=1), NOW - timedelta(minutes=29), NOW)
    assert not links.visit_lasts(NOW - timedelta(hours=1), NOW - timedelta(minutes=30), NOW)
    assert not links.visit_lasts(NOW - links.VISIT_LIFE, NOW, NOW)


def test_the_words_that_ship_are_right() -> None:
    """Every kind in both languages on both channels, with all that must stand in them and nothing unknown."""
    for kind in kinds():
        assert set(kind.words) == {(by, lang) for by in ("sms", "email") for lang in ("zh-hans", "en")}, kind.code
        for (channel, _language), each in kind.words.items():
            assert template_faults(kind, channel, each.subject, each.body) == {}, kind.code
            assert set(kind.secret) <= set(kind.variables)


def test_words_are_looked_at_when_they_are_saved() -> None:
    kind = next(each for each in kinds() if each.code == "papers.link")
    assert "body" in template_faults(kind, "sms", "", "没有链接"), "the link must stand in it"
    assert "body" in template_faults(kind, "sms", "", "{link} {name}"), "nothing knows a name"
    assert "body" in template_faults(kind, "sms", "", "{link} }"), "a brace that holds nothing"
    assert "subject" in template_faults(kind, "email", "", "{link}")
    assert "subject" in template_faults(kind, "email", "{link}", "{link}"), "no subject opens a door"
    assert "body" in template_faults(kind, "sms", "", "{link}" + "长" * 500)


@pytest.mark.parametrize(
    ("text", "parts"), [("好" * 70, 1), ("好" * 71, 2), ("好" * 134, 2), ("好" * 135, 3), ("😀" * 35, 1)]
)
def test_how_many_messages_a_text_is(text: str, parts: int) -> None:
    assert words.length(text).parts == parts


def test_filling_leaves_what_has_no_value() -> None:
    assert words.filled("{a}{b}{a}", {"a": "1"}) == "1{b}1"


def test_contact_about_a_debt_is_denied_while_nobody_guards_it() -> None:
    asked = Asked(
        message_id=_ID, party_id=_ID, loan_id=None, contact_id=_ID, purpose="collection", channel="sms", at=NOW
    )
    assert decide(asked) == Decision(allowed=False, why="no_guard")


def test_waiting_grows_and_ends() -> None:
    waits = [delivery.wait(attempt).total_seconds() for attempt in range(1, 12)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (15, 1800)


def test_words_run_nothing() -> None:
    """Whoever writes words puts values into them and nothing else: no attribute, no format, no tag is looked at."""
    kind = next(each for each in kinds() if each.code == "papers.link")
    tricks = "{link.__class__} {link!r} {link:>9999999} {0} {{7*7}} {% load i18n %} ${link} %(link)s #{7*7}"
    assert words.filled(tricks, {"link": "L"}) == tricks.replace("${link}", "$L")
    for trick in ("{link.__class__}", "{link!r}", "{link:>9}", "{{7*7}}", "{% now %}", "{}"):
        assert "body" in template_faults(kind, "sms", "", f"{{link}} {trick}"), trick
