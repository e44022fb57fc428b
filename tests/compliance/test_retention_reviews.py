"""Reviews of longer periods: confirmed, let lapse, or overdue and back at the law's own period."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.compliance.models import RetentionPolicy, RetentionRule
from carloan.compliance.policies.floors import FLOORS, Floor, Nature, floors_for
from carloan.compliance.policies.retention import (
    Rule,
    Span,
    rule_problems,
    span_on,
    standing,
    without_longer,
)
from carloan.compliance.retention import RecordClass, register_record_class
from carloan.compliance.selectors.retention import policy_in_force, reviews_due, said, standing_of
from carloan.compliance.services.retention import policy_draft
from carloan.compliance.services.retention_reviews import Verdict, reviews_decide
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.lib.problems import codes
from tests.cast import Lender
from tests.compliance.retained import BASIS, ended_loan, longer, noon, record, sweep

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
TODAY = date(2026, 11, 30)
CONTRACT = floors_for(Nature.CONTRACT, licence="bank", jurisdiction="CN", on=TODAY)
IDENTITY = floors_for(Nature.IDENTITY, licence="bank", jurisdiction="CN", on=TODAY)


def rule_of(policy: RetentionPolicy, trigger: str = "settled") -> Rule:
    return said(RetentionRule.objects.get(policy=policy, record_class="contract", trigger=trigger))


def test_after_its_review_a_longer_period_has_lost_its_basis() -> None:
    rule = Rule(span=Span(2, 8, 15), basis=BASIS, review_on=TODAY)
    assert span_on(rule, CONTRACT, TODAY) == Span(2, 8, 15)
    assert span_on(rule, CONTRACT, TODAY + timedelta(days=1)) == Span(2, 5, 5)
    assert span_on(rule, [], TODAY + timedelta(days=1)) == Span(2, 8, 15), "no law is known to fall back to"
    assert without_longer(Span(1, 5, 10), IDENTITY) == Span(1, 5, 10)
    assert without_longer(Span(7, 8, 9), CONTRACT) == Span(5, 5, 5)


def test_what_falls_due_by_a_missed_review_waits_for_its_appraisal_and_is_not_destroyed(bank: Lender) -> None:
    with bank.open():
        review = timezone.localdate() + timedelta(days=30)
        longer(bank, review)
        loan = ended_loan(bank, 1, date(2015, 5, 1))
        sweep(bank, noon(review))
        assert (record("contract", loan.id).phase, record("contract", loan.id).keep_until) == (
            "sealed",
            date(2030, 5, 1),
        )
        sweep(bank, noon(review + timedelta(days=1)))
        row = record("contract", loan.id)
        assert (row.phase, row.keep_until) == ("due", date(2020, 5, 1))
        held = standing_of("loan", [loan.id], now=noon(review + timedelta(days=1)))[loan.id]
        assert {each.record_class: each.phase for each in held}["contract"] == "due"
        # Confirmed late it is kept again.
        sweep(bank, noon(review))
        assert record("contract", loan.id).phase == "sealed"


def test_confirmed_or_lapsed_it_is_a_new_version(bank: Lender) -> None:
    with bank.open():
        today = timezone.localdate()
        policy = longer(bank, today + timedelta(days=30))
        due = reviews_due(policy, today)
        assert [(each.rule.record_class, each.rule.trigger, each.overdue) for each in due] == [
            ("contract", "declined", False),
            ("contract", "settled", False),
        ]
        actor = bank.actor("compliance")
        later = today + timedelta(days=400)
        new = reviews_decide(
            actor=actor,
            policy=policy,
            verdicts={
                ("contract", "settled"): Verdict(confirmed=True, basis="诉讼时效", review_on=later),
                ("contract", "declined"): Verdict(confirmed=False),
            },
            note="到期复核",
        )
        assert (new.version, new.state, new.cooling_days) == (2, "published", 9)
        assert rule_of(new) == Rule(span=Span(2, 8, 15), basis="诉讼时效", review_on=later)
        assert rule_of(new, "declined") == Rule(span=Span(2, 5, 5))
        assert rule_of(policy).basis == BASIS, "what was published stands"
        in_force = policy_in_force(today)
        assert in_force is not None
        assert in_force.id == new.id
        assert reviews_due(new, today) == []
        assert [each.overdue for each in reviews_due(new, later + timedelta(days=1))] == [True]


def test_what_a_review_refuses(bank: Lender) -> None:
    with bank.open():
        today = timezone.localdate()
        policy = longer(bank, today + timedelta(days=30))
        actor, key = bank.actor("compliance"), ("contract", "settled")
        good = {key: Verdict(confirmed=True, basis="诉讼时效", review_on=today + timedelta(days=200))}
        with pytest.raises(Forbidden):
            reviews_decide(actor=bank.actor("archivist"), policy=policy, verdicts=good, note="复核")
        for verdicts in (
            {},
            {("identity", "settled"): Verdict(confirmed=False)},
            {key: Verdict(confirmed=True, basis="", review_on=today + timedelta(days=200))},
            {key: Verdict(confirmed=True, basis="诉讼时效", review_on=today)},
            {key: Verdict(confirmed=True, basis="诉讼时效")},
        ):
            with pytest.raises(Invalid):
                reviews_decide(actor=actor, policy=policy, verdicts=verdicts, note="复核")
        assert RetentionPolicy.objects.count() == 1, "nothing is left of what was refused"
        reviews_decide(actor=actor, policy=policy, verdicts=good, note="复核")
        with pytest.raises(Conflict):
            reviews_decide(actor=actor, policy=policy, verdicts=good, note="复核")
        policy_draft(actor=actor)
        current = policy_in_force(today)
        assert current is not None
        lapse = {("contract", "declined"): Verdict(confirmed=False)}
        with pytest.raises(Conflict):
            reviews_decide(actor=actor, policy=current, verdicts=lapse, note="复核")


def test_the_page_and_its_tile(client_of: Any, bank: Lender) -> None:
    address = "/compliance/retention/reviews/"
    with bank.open():
        longer(bank, timezone.localdate() + timedelta(days=30))
    client = client_of(bank, "compliance")
    assert address in client.get("/home/").content.decode()
    assert address in client.get("/compliance/retention/").content.decode()
    assert client_of(bank, "archivist").get(address).status_code == 403
    page = client.get(address)
    assert BASIS in page.content.decode()
    form = page.context["form"]
    given = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    given |= {"note": "到期复核", "contract__settled__verdict": "confirm", "contract__settled__basis": ""}
    assert "reauthenticate" in client.post(address, given).url
    client.confirmed()
    assert client.post(address, given).status_code == 422
    given |= {"contract__settled__basis": "诉讼时效", "contract__declined__verdict": "lapse"}
    assert client.post(address, given).status_code == 302
    assert "无待复核事项" in client.get(address).content.decode()
    with bank.open():
        assert RetentionPolicy.objects.get(version=2).note == "到期复核"


def floor(code: str, days: int, record_classes: set[str]) -> Floor:
    return Floor(
        code=code, nature=Nature.RECORDING, licences=frozenset({"bank"}), years=0, days=days, since=TODAY, citation="",
        counts_from="", confirmed=False, record_classes=frozenset(record_classes),
    )  # fmt: skip


def test_a_floor_may_count_days_and_name_a_record_class() -> None:
    """As rules for recordings and for evidence of releases are wont to."""
    video, every = floor("a", 180, {"interview"}), floor("b", 90, set())
    found = floors_for(
        Nature.RECORDING, licence="bank", jurisdiction="CN", on=TODAY, record_class="interview", rows=(every, video)
    )
    assert [each.code for each in found] == ["a", "b"]
    others = floors_for(Nature.RECORDING, licence="bank", jurisdiction="CN", on=TODAY, rows=(every, video))
    assert [each.code for each in others] == ["b"]
    assert [each.whole_years for each in (video, *CONTRACT)] == [1, 5]
    assert codes(rule_problems(Rule(span=Span(0, 0, 0)), found, today=TODAY)) == ["total_years"]
    assert rule_problems(Rule(span=Span(0, 0, 1)), found, today=TODAY) == []
    leap = date(2024, 2, 29)
    kept = standing(Span(0, 0, 0), since=leap, lawful_since=leap, floor_years=0, floor_days=180, today=TODAY)
    assert kept.keep_until == leap + timedelta(days=180)
    assert not any(each.days for each in FLOORS), "none was read in a law yet"


def test_a_record_class_of_a_unit_that_nobody_registered_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody registered"):
        register_record_class(
            RecordClass(code="interview", label="", unit="interview", nature=Nature.RECORDING, triggers={}, clocks="")
        )
