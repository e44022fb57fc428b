"""Retention over the book: who is where, when a clock stops, what publishing refuses, and pages that say so."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from carloan.compliance.models import RetentionPolicy, RetentionRecord, RetentionRule, RetentionSweep
from carloan.compliance.policies import retention as policies
from carloan.compliance.policies.retention import Rule, Span, standing
from carloan.compliance.retention import record_class
from carloan.compliance.selectors import retention as selectors
from carloan.compliance.selectors.retention import may_go, standing_of
from carloan.compliance.selectors.retention_dry_runs import simulate
from carloan.compliance.services.retention import (
    policy_change,
    policy_draft,
    policy_publish,
    rule_keys,
)
from carloan.compliance.services.sweeping import retention_sweep
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent, Branch
from carloan.loans.models import Loan
from carloan.loans.services.loans import loan_move
from carloan.loans.services.payments import payment_book
from tests.cast import Lender
from tests.compliance.destroyed import due_loans
from tests.compliance.retained import borrower, ended_loan, noon, published, record, rules_with, sweep
from tests.loans.book import open_loan, person
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
LEAP = date(2012, 2, 29)


def change(lender: Lender, policy: RetentionPolicy, effective_on: date | None = None, **changes: Rule) -> Any:
    return policy_change(
        actor=lender.actor("compliance"),
        policy=policy,
        revision=policy.revision,
        effective_on=effective_on or timezone.localdate(),
        cooling_days=10,
        note="年度评审",
        rules=rules_with(policy, **changes),
    )


def test_without_a_policy_nothing_has_a_phase_and_nothing_may_go(bank: Lender) -> None:
    with bank.open():
        loan = ended_loan(bank, 1, LEAP)
        sweep(bank)
        assert not RetentionRecord.objects.exists()
        assert not may_go("loan", standing_of("loan", [loan.id])[loan.id])


def test_a_class_that_the_policy_does_not_know_keeps_its_unit(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later release registers classes that no published policy speaks of."""
    (loan,) = due_loans(bank, 1)
    with bank.open():
        assert may_go("loan", standing_of("loan", [loan.id])[loan.id])
        known = selectors.rules_of

        def without_transactions(policy: RetentionPolicy) -> dict[tuple[str, str], RetentionRule]:
            return {key: rule for key, rule in known(policy).items() if key[0] != "transactions"}

        monkeypatch.setattr(selectors, "rules_of", without_transactions)
        held = standing_of("loan", [loan.id])[loan.id]
        assert {each.record_class: each.phase for each in held} == {"contract": "due", "transactions": "sealed"}
        assert not may_go("loan", held)


def test_the_sweep_says_for_every_day_what_the_pure_policy_says(bank: Lender) -> None:
    with bank.open():
        published(bank)
        loan = ended_loan(bank, 1, LEAP)
        span = Span(1, 5, 10)
        future = date(2027, 2, 28)
        later = ended_loan(bank, 2, future, people=[person(2)])
        for day in (future, future + timedelta(days=1), date(2028, 2, 28), date(2028, 2, 29), date(2032, 2, 28),
                    date(2032, 2, 29), date(2037, 2, 28), date(2037, 3, 1)):  # fmt: skip
            sweep(bank, noon(day))
            row = record("identity", borrower(later).id)
            expected = standing(span, since=future, lawful_since=future, floor_years=10, today=day)
            assert (row.phase, row.keep_until, row.next_on) == (expected.phase, expected.keep_until, expected.next_on)
            assert record("contract", loan.id).phase == "due"


def test_the_relationship_ends_with_the_last_loan_of_the_person(bank: Lender) -> None:
    with bank.open():
        published(bank)
        one = person(1)
        first = ended_loan(bank, 1, date(2010, 5, 1), people=[one])
        second = open_loan(bank.actor("admin"), 2, people=[one])
        who = borrower(first)
        sweep(bank)
        assert not RetentionRecord.objects.filter(record_class="identity", object_id=who.id).exists()
        assert record("contract", first.id).phase == "due"
        Loan.objects.filter(id=second.id).update(state="settled", settled_on=date(2024, 5, 1))
        sweep(bank)
        row = record("identity", who.id)
        assert (row.phase, row.since, row.keep_until) == ("archive", date(2024, 5, 1), date(2034, 5, 1))


def test_a_payment_booked_late_moves_the_laws_day_for_transactions(bank: Lender) -> None:
    with bank.open():
        published(bank)
        loan = ended_loan(bank, 1, date(2012, 1, 1), state="servicing")
        paid_on = loan.disbursed_on
        assert paid_on is not None
        payment_book(actor=bank.actor("admin"), loan=loan, amount=100, reference="late", value_on=paid_on)
        Loan.objects.filter(id=loan.id).update(state="settled", settled_on=date(2012, 1, 1))
        held = {each.record_class: each for each in standing_of("loan", [loan.id])[loan.id]}
        assert held["contract"].phase == "due"
        assert (held["transactions"].phase, held["transactions"].keep_until) == (
            "sealed",
            policies.last_day(timezone.localdate(), 10),
        )
        assert not may_go("loan", list(held.values()))


def test_a_reopened_loan_stops_its_clock_and_what_did_not_move_is_not_written(bank: Lender) -> None:
    with bank.open():
        published(bank)
        loan = ended_loan(bank, 1, date(2026, 1, 2))
        sweep(bank)
        before = RetentionSweep.objects.count()
        assert before > 0
        sweep(bank)
        assert RetentionSweep.objects.count() == before
        loan_move(actor=bank.actor("admin"), loan=loan, event="reopen", reason="误结清")
        assert standing_of("loan", [loan.id])[loan.id] == []
        sweep(bank)
        row = record("contract", loan.id)
        assert (row.phase, row.since, row.keep_until) == ("living", None, None)
        event = AuditEvent.objects.filter(action="compliance.retention.swept").latest("id")
        assert RetentionSweep.objects.get(audit_event_id=event.id).stopped == 1


def test_days_are_those_of_the_branch(bank: Lender) -> None:
    """At 20:00 UTC it is tomorrow in Urumqi and Shanghai, and still today in New York."""
    with bank.open():
        published(bank)
        day = date(2027, 6, 1)
        here = ended_loan(bank, 1, day, branch_id=bank.branches["east"].id)
        Branch.objects.filter(id=bank.branches["west"].id).update(time_zone="America/New_York")
        there = ended_loan(bank, 2, day, people=[person(2)], branch_id=bank.branches["west"].id)
        sweep(bank, datetime(2027, 5, 31, 20, tzinfo=UTC))
        assert (record("contract", here.id).phase, record("contract", there.id).phase) == ("active", "living")


def test_declined_loans_count_from_the_step_that_ended_them(bank: Lender) -> None:
    with bank.open():
        published(bank)
        loan = open_loan(bank.actor("admin"), 1)
        Loan.objects.filter(id=loan.id).update(state="approval")
        loan.refresh_from_db()
        loan_move(actor=bank.actor("admin"), loan=loan, event="decline", reason="收入不足")
        sweep(bank)
        row = record("contract", loan.id)
        assert (row.trigger, row.phase, row.since) == ("declined", "active", timezone.localdate())
        assert not RetentionRecord.objects.filter(record_class="transactions", object_id=loan.id).exists()


def test_a_policy_below_the_law_is_refused_with_its_article(bank: Lender) -> None:
    with bank.open():
        policy = policy_draft(actor=bank.actor("compliance"))
        with pytest.raises(Invalid) as refused:
            change(bank, policy, identity=Rule(span=Span(1, 5, 5)))
        assert set(refused.value.fields) == {"identity__settled__total_years", "identity__declined__total_years"}
        # A row that went past the service is held against the law once more.
        RetentionRule.objects.filter(policy=policy, record_class="identity").update(total_years=6)
        with pytest.raises(Invalid):
            policy_publish(actor=bank.actor("compliance"), policy=policy, revision=policy.revision)


def test_one_draft_one_revision_and_nobody_without_the_right(bank: Lender) -> None:
    with bank.open():
        policy = policy_draft(actor=bank.actor("compliance"))
        with pytest.raises(Conflict):
            policy_draft(actor=bank.actor("compliance"))
        change(bank, policy)
        with pytest.raises(Conflict):
            policy_publish(actor=bank.actor("compliance"), policy=policy, revision=1)
        with pytest.raises(Forbidden):
            policy_publish(actor=bank.actor("archivist"), policy=policy, revision=2)
        with pytest.raises(Forbidden):
            retention_sweep(actor=bank.actor("compliance"), record_class=record_class("contract"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compliance_retentionpolicy SET cooling_days = 8",
        "UPDATE compliance_retentionpolicy SET state = 'draft'",
        "DELETE FROM compliance_retentionpolicy",
        "UPDATE compliance_retentionrule SET total_years = 1, archive_years = 1",
        "DELETE FROM compliance_retentionrule",
        "INSERT INTO compliance_retentionrule SELECT tenant_id, gen_random_uuid(), 'x', trigger, 0, 0, 0, '', NULL,"
        " policy_id FROM compliance_retentionrule LIMIT 1",
        "DELETE FROM compliance_retentionsweep",
    ],
)
def test_what_is_published_stands_also_for_plain_sql(bank: Lender, statement: str) -> None:
    with bank.open():
        published(bank)
        ended_loan(bank, 1, LEAP)
        sweep(bank)
        if "INSERT" in statement:
            with connection.cursor() as cursor:
                columns = (
                    "tenant_id, id, record_class, trigger, active_years, archive_years, total_years, basis, review_on"
                )
                statement = statement.replace(
                    "compliance_retentionrule SELECT", f"compliance_retentionrule ({columns}, policy_id) SELECT"
                )
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_policys_states_are_walked(bank: Lender) -> None:
    with bank.open():
        policy = policy_draft(actor=bank.actor("compliance"))
        states = RetentionPolicy.State.values
        taken = walk(
            policy,
            policies.MOVES,
            states,
            lambda row, event: policy_publish(actor=bank.actor("compliance"), policy=row, revision=row.revision),
        )
        assert taken == (1, 1)


def test_a_dry_run_says_how_many_move_and_writes_nothing(bank: Lender) -> None:
    with bank.open():
        published(bank)
        for serial, day in ((1, date(2010, 1, 1)), (2, date(2014, 1, 1)), (3, date(2025, 12, 31))):
            ended_loan(bank, serial, day, people=[person(serial)])
        sweep(bank)
        draft = policy_draft(actor=bank.actor("compliance"))
        longer = Rule(span=Span(2, 5, 15), basis="车辆报废前的解押证据", review_on=date(2030, 1, 1))
        draft = change(bank, draft, contract=longer)
        events = AuditEvent.objects.count()
        found = simulate(bank.actor("archivist"), draft)
        shifts = {(each.record_class, each.before, each.after): each.count for each in found.shifts}
        assert shifts == {("contract", "due", "sealed"): 1}
        due = {each.year: (each.before, each.after) for each in found.years if each.record_class == "contract"}
        assert due == {2015: (1, 0), 2019: (1, 0), 2031: (1, 0), 2025: (0, 1), 2029: (0, 1), 2041: (0, 1)}
        assert AuditEvent.objects.count() == events
        assert record("contract", Loan.objects.earliest("settled_on").id).policy_version == 1


def test_pages_tell_the_article_and_lead_from_draft_to_publication(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "compliance")
    page = client.get("/compliance/retention/").content.decode()
    assert "第三十四条" in page
    assert "尚无生效" in page
    draft = client.post("/compliance/retention/draft/", follow=True)
    address = draft.redirect_chain[-1][0]
    form = draft.context["form"]
    given = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    wrong = client.post(address, {**given, "identity__settled__total_years": "5"})
    assert wrong.status_code == 422
    assert "《反洗钱法》" in wrong.content.decode()
    assert client.post(address, given).status_code == 302
    revision = client.get(address).context["policy"].revision
    asked = client.post(f"{address}publish/", {"revision": revision})
    assert "reauthenticate" in asked.url
    assert client.confirmed().post(f"{address}publish/", {"revision": revision}).status_code == 302
    assert client_of(bank, "archivist").get("/compliance/retention/").context["policy"].version == 1
    assert client_of(bank, "officer").get("/compliance/retention/").status_code == 403
    assert client_of(bank, "archivist").post("/compliance/retention/draft/").status_code == 403
    with bank.open():
        assert [key[0].code for key in rule_keys()].count("identity") == 2
