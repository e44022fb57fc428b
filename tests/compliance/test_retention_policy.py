"""Pure decisions of retention: ends of periods, phases, the law's floors, what a rule may say."""

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from carloan.compliance.policies.floors import FLOORS, Nature, floors_for
from carloan.compliance.policies.retention import Phase, Rule, Span, last_day, rule_problems, standing
from carloan.lib.problems import codes

TODAY = date(2026, 11, 30)
USUAL = Span(1, 5, 10)


@pytest.mark.parametrize(
    ("since", "years", "last"),
    [
        ("2024-02-29", 1, "2025-02-28"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2024-02-29", 10, "2034-02-28"),
        ("2023-02-28", 1, "2024-02-28"),
        ("2024-12-31", 10, "2034-12-31"),
        ("2024-05-31", 0, "2024-05-31"),
    ],
)
def test_a_period_ends_with_the_corresponding_day_or_the_end_of_the_month(since: str, years: int, last: str) -> None:
    assert last_day(date.fromisoformat(since), years) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("today", "phase", "next_on"),
    [
        ("2024-02-28", Phase.LIVING, "2024-02-29"),
        ("2024-02-29", Phase.ACTIVE, "2025-03-01"),
        ("2025-02-28", Phase.ACTIVE, "2025-03-01"),
        ("2025-03-01", Phase.ARCHIVE, "2029-03-01"),
        ("2029-02-28", Phase.ARCHIVE, "2029-03-01"),
        ("2029-03-01", Phase.SEALED, "2034-03-01"),
        ("2034-02-28", Phase.SEALED, "2034-03-01"),
        ("2034-03-01", Phase.DUE, None),
    ],
)
def test_a_leap_day_settlement_goes_through_its_phases(today: str, phase: Phase, next_on: str | None) -> None:
    leap = date(2024, 2, 29)
    found = standing(USUAL, since=leap, lawful_since=leap, floor_years=10, today=date.fromisoformat(today))
    assert (found.phase, found.keep_until) == (phase, date(2034, 2, 28))
    assert found.next_on == (date.fromisoformat(next_on) if next_on else None)


def test_the_law_counts_from_its_own_day_and_the_longer_period_wins() -> None:
    settled, last_paid = date(2010, 1, 1), date(2012, 6, 30)
    found = standing(USUAL, since=settled, lawful_since=last_paid, floor_years=10, today=date(2021, 1, 1))
    assert (found.phase, found.keep_until) == (Phase.SEALED, date(2022, 6, 30))
    longer = standing(Span(1, 5, 20), since=settled, lawful_since=last_paid, floor_years=10, today=date(2023, 1, 1))
    assert (longer.phase, longer.keep_until) == (Phase.SEALED, date(2030, 1, 1))


def test_nothing_is_due_while_the_law_does_not_count_yet() -> None:
    found = standing(USUAL, since=date(2000, 1, 1), lawful_since=None, floor_years=10, today=TODAY)
    assert (found.phase, found.keep_until, found.next_on) == (Phase.SEALED, None, None)


@pytest.mark.parametrize(
    ("nature", "licence", "on", "years"),
    [
        (Nature.IDENTITY, "bank", TODAY, [10]),
        (Nature.IDENTITY, "auto_finance", TODAY, [10]),
        (Nature.TRANSACTION, "bank", TODAY, [10]),
        (Nature.IDENTITY, "leasing", TODAY, [10]),
        (Nature.CONTRACT, "bank", TODAY, [5]),
        (Nature.IDENTITY, "bank", date(2024, 12, 31), []),
    ],
)
def test_floors_go_by_record_and_licence_and_day(nature: Nature, licence: str, on: date, years: list[int]) -> None:
    assert [floor.years for floor in floors_for(nature, licence=licence, jurisdiction="CN", on=on)] == years


def test_another_country_has_no_floors_that_are_known() -> None:
    assert floors_for(Nature.IDENTITY, licence="bank", jurisdiction="US", on=TODAY) == []


def test_only_what_was_read_in_the_law_is_confirmed() -> None:
    confirmed = {floor.code for floor in FLOORS if floor.confirmed}
    assert confirmed == {"aml-identity", "aml-transaction"}


@pytest.mark.parametrize(
    ("span", "more", "found"),
    [
        ((1, 5, 10), {}, []),
        ((1, 5, 9), {}, ["total_years"]),
        ((5, 1, 10), {}, ["total_years"]),
        ((1, 5, 101), {}, ["total_years"]),
        ((1, 5, 15), {}, ["basis", "review_on"]),
        ((1, 5, 15), {"basis": "车辆报废前的解押证据", "review_on": date(2030, 1, 1)}, []),
        ((1, 5, 15), {"basis": "车辆报废前的解押证据", "review_on": TODAY}, ["review_on"]),
        ((1, 5, 15), {"basis": "  ", "review_on": date(2030, 1, 1)}, ["basis"]),
    ],
)
def test_a_rule_never_undercuts_the_law_and_says_why_it_goes_beyond(
    span: tuple[int, int, int], more: dict[str, Any], found: list[str]
) -> None:
    floors = floors_for(Nature.IDENTITY, licence="bank", jurisdiction="CN", on=TODAY)
    assert codes(rule_problems(Rule(span=Span(*span), **more), floors, today=TODAY)) == found


def test_the_refusal_cites_the_article() -> None:
    floors = floors_for(Nature.IDENTITY, licence="bank", jurisdiction="CN", on=TODAY)
    with override("zh-hans"):
        (problem,) = rule_problems(Rule(span=Span(1, 5, 5)), floors, today=TODAY)
        assert "《反洗钱法》" in str(problem.message)
        assert "第三十四条" in str(problem.message)


def test_where_no_law_is_known_every_period_states_its_basis() -> None:
    assert codes(rule_problems(Rule(span=Span(1, 5, 7)), [], today=TODAY)) == ["basis", "review_on"]
