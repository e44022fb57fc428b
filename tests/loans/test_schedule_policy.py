"""Plans: exact sums, due days, and agreement with an independent computation."""

import calendar
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carloan.lib.problems import codes
from carloan.loans.policies.schedule import Due, ImpossibleTerms, Terms, coverage, custom_plan, next_due, plan, problems

METHODS = ["equal_instalment", "equal_principal", "interest_first", "balloon"]


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    principal = draw(st.integers(2, 10**10))
    method = draw(st.sampled_from(METHODS))
    return Terms(
        principal=principal,
        rate_ppm=draw(st.integers(0, 360_000)),
        term=draw(st.integers(1, 120)),
        method=method,  # type: ignore[arg-type]
        starts_on=draw(st.dates(date(2000, 1, 1), date(2060, 12, 31))),
        due_day=draw(st.integers(1, 31)),
        balloon=draw(st.integers(1, principal - 1)) if method == "balloon" else 0,
    )


@given(terms())
def test_every_plan_repays_the_principal_to_the_last_minor_unit(given_terms: Terms) -> None:
    dues = plan(given_terms)
    assert sum(due.principal for due in dues) == given_terms.principal
    assert dues[-1].balance == 0
    assert len(dues) == given_terms.term
    assert all(due.principal >= 0 and due.interest >= 0 and due.balance >= 0 for due in dues)


@given(terms(), st.integers(0, 2 * 10**10))
def test_what_is_covered_ends_where_something_is_due_next(given_terms: Terms, paid: int) -> None:
    dues = plan(given_terms)
    covered = coverage(dues, paid)
    assert sum(covered) == min(paid, sum(due.total for due in dues))
    open_ones = [(due.due_on, due.total - part) for due, part in zip(dues, covered, strict=True) if part < due.total]
    assert (open_ones[0] if open_ones else (None, 0)) == next_due(dues, paid)


@given(terms())
def test_due_dates_keep_their_day_and_advance_month_by_month(given_terms: Terms) -> None:
    days = [due.due_on for due in plan(given_terms)]
    for earlier, later in pairwise(days):
        assert (later.year * 12 + later.month) - (earlier.year * 12 + earlier.month) == 1
    for day in days:
        assert day.day == min(given_terms.due_day, calendar.monthrange(day.year, day.month)[1])


@given(terms())
def test_interest_is_the_balance_times_the_monthly_rate_rounded_half_up(given_terms: Terms) -> None:
    balance = given_terms.principal
    for due in plan(given_terms):
        if due.number > 1:
            exact = Fraction(balance * given_terms.rate_ppm, 12_000_000)
            assert abs(due.interest - exact) <= Fraction(1, 2)
        balance = due.balance


@given(terms())
def test_level_payments_are_level(given_terms: Terms) -> None:
    dues = plan(given_terms)[1:-1]
    if given_terms.method == "equal_instalment" and given_terms.principal > 10_000 * given_terms.term:
        assert len({due.total for due in dues}) <= 1
    if given_terms.method == "equal_principal":
        assert {due.principal for due in dues} <= {given_terms.principal // given_terms.term}
    if given_terms.method == "interest_first":
        assert {due.principal for due in dues} <= {0}


def test_an_annuity_agrees_with_the_textbook() -> None:
    # 100,000.00 at 12 % over 12 months: the textbook's 8,884.88 a month.
    dues = plan(Terms(10_000_000, 120_000, 12, "equal_instalment", date(2026, 1, 15), 15))
    assert {due.total for due in dues[:-1]} == {888_488}
    assert dues[0] == Due(1, date(2026, 2, 15), 788_488, 100_000, 9_211_512)
    assert abs(dues[-1].total - 888_488) < 12
    assert sum(due.interest for due in dues) == sum(due.total for due in dues) - 10_000_000


def test_a_balloon_leaves_about_the_balloon_for_the_last_day() -> None:
    dues = plan(Terms(10_000_000, 120_000, 12, "balloon", date(2026, 1, 15), 15, balloon=4_000_000))
    assert abs(dues[-1].total - dues[0].total - 4_000_000) < 12


@pytest.mark.parametrize(
    ("start", "due_day", "expected"),
    [
        (date(2025, 12, 31), 31, [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]),
        (date(2023, 12, 29), 29, [date(2024, 1, 29), date(2024, 2, 29), date(2024, 3, 29), date(2024, 4, 29)]),
        (date(2026, 10, 5), 5, [date(2026, 11, 5), date(2026, 12, 5), date(2027, 1, 5), date(2027, 2, 5)]),
    ],
)
def test_due_days_29_to_31_return_to_their_own_day(start: date, due_day: int, expected: list[date]) -> None:
    assert [due.due_on for due in plan(Terms(400, 0, 4, "equal_principal", start, due_day))] == expected


def test_a_broken_first_period_bears_interest_by_days() -> None:
    whole = Terms(10_000_000, 72_000, 12, "equal_instalment", date(2026, 1, 15), 15)
    broken = Terms(10_000_000, 72_000, 12, "equal_instalment", date(2026, 1, 15), 25, first_due_on=date(2026, 2, 25))
    assert plan(whole)[0].interest == 60_000
    assert plan(broken)[0].interest == 10_000_000 * 72_000 * 41 // 360_000_000
    assert plan(broken)[1].interest == plan(whole)[1].interest


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"principal": 0}, "principal"),
        ({"term": 0}, "term"),
        ({"term": 481}, "term"),
        ({"rate_ppm": -1}, "rate"),
        ({"due_day": 32}, "due_day"),
        ({"balloon": 5}, "balloon"),
        ({"method": "balloon"}, "balloon"),
        ({"first_due_on": date(2025, 1, 1)}, "first_due_on"),
        ({"method": "custom"}, "method"),
    ],
)
def test_impossible_terms_are_named(changes: dict[str, object], code: str) -> None:
    good = {
        "principal": 100_000,
        "rate_ppm": 50_000,
        "term": 12,
        "method": "equal_instalment",
        "starts_on": date(2026, 1, 1),
        "due_day": 1,
    }
    bad = Terms(**{**good, **changes})  # type: ignore[arg-type]
    assert codes(problems(bad)) == [code]
    with pytest.raises(ImpossibleTerms):
        plan(bad)


def test_a_custom_plan_must_sum_and_run_forward() -> None:
    rows = [(date(2026, 1, 1), 40, 5), (date(2026, 3, 1), 60, 2)]
    assert custom_plan(100, rows)[-1] == Due(2, date(2026, 3, 1), 60, 2, 0)
    for principal, bad, code in (
        (101, rows, "sum"),
        (100, rows[::-1], "order"),
        (0, [], "instalments"),
        (100, [(date(2026, 1, 1), 120, 0), (date(2026, 2, 1), -20, 0)], "negative"),
    ):
        with pytest.raises(ImpossibleTerms) as raised:
            custom_plan(principal, bad)
        assert code in codes(raised.value.problems)
