"""The register of rule changes: read, decided, done, each by whom and when."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.compliance.models import RuleChange
from carloan.compliance.policies import rule_changes as policies
from carloan.compliance.selectors.rule_changes import rule_changes_for, upcoming_count
from carloan.compliance.services.rule_changes import rule_change_decide, rule_change_finish, rule_change_read
from carloan.core.errors import Forbidden, Invalid
from carloan.core.models import AuditEvent
from tests.cast import Lender
from tests.compliance.governed import rule_change
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def act(lender: Lender, row: RuleChange, event: str, **changes: Any) -> RuleChange:
    given: dict[str, Any] = {"actor": lender.actor("compliance"), "change": row, "revision": row.revision}
    if event == "decide":
        decided = {"touches": ["retention"], "decision": "延长保管期", "due_on": row.effective_on}
        return rule_change_decide(**given, **{**decided, **changes})
    return {"read": rule_change_read, "finish": rule_change_finish}[event](**given)


def test_its_states_are_walked(bank: Lender) -> None:
    with bank.open():
        row = rule_change(bank)
        taken = walk(row, policies.MOVES, RuleChange.State.values, lambda fresh, event: act(bank, fresh, event))
        assert taken == (4, 8)


def test_who_read_decided_and_did_it_stands_there(bank: Lender) -> None:
    with bank.open():
        row = rule_change(bank)
        for event in ("read", "decide", "finish"):
            row = act(bank, row, event)
        row.refresh_from_db()
        mine = bank.members["compliance"].id
        assert (row.read_by_id, row.decided_by_id, row.done_by_id) == (mine, mine, mine)
        assert row.touches == ["retention"]
        acts = AuditEvent.objects.filter(object_id=row.id).order_by("id").values_list("action", flat=True)
        assert [each.rpartition(".")[2] for each in acts] == ["entered", "read", "decided", "finished"]


def test_a_decision_has_words_a_day_in_time_and_known_things(bank: Lender) -> None:
    with bank.open():
        row = act(bank, rule_change(bank), "read")
        for fault in (
            {"decision": " "}, {"due_on": None}, {"due_on": row.effective_on + timedelta(days=1)},
            {"touches": ["nothing"]}, {"decision": "客户身份证11010519491231002X"},
        ):  # fmt: skip
            with pytest.raises(Invalid):
                act(bank, row, "decide", **fault)
        assert act(bank, row, "decide", touches=[]).touches == [], "nothing here has to change: said as well"


def test_what_counts_soon_or_is_late_is_told(bank: Lender) -> None:
    today = timezone.localdate()
    with bank.open():
        soon, far = rule_change(bank), rule_change(bank, effective_on=today + timedelta(days=400), title="远期")
        late = rule_change(bank, effective_on=today - timedelta(days=1), title="已生效")
        actor = bank.actor("compliance")
        assert upcoming_count(actor, today) == 2
        assert {row.id for row in rule_changes_for(actor, only="upcoming", today=today)} == {soon.id, late.id}
        assert [row.id for row in rule_changes_for(actor, today=today)] == [late.id, soon.id, far.id]
        with pytest.raises(Forbidden):
            rule_changes_for(bank.actor("officer"), today=today)


def test_pages_lead_from_the_entry_to_done(client_of: Any, bank: Lender, other: Lender) -> None:
    client, day = client_of(bank, "compliance"), (timezone.localdate() + timedelta(days=30)).isoformat()
    form = {"title": "个人信息出境办法", "citation": "", "effective_on": day, "owner": str(bank.members["admin"].id)}
    assert client.post("/compliance/rules/new/", {**form, "owner": ""}).status_code == 422
    assert client.post("/compliance/rules/new/", form).status_code == 302
    with bank.open():
        path = f"/compliance/rules/{RuleChange.objects.get().id}/"
    assert client.post(f"{path}read/", {"revision": "1"}).status_code == 302
    assert client.post(f"{path}read/", {"revision": "1"}).status_code == 409
    decision = {"revision": "2", "touches": ["masking", "retention"], "decision": "不出境", "due_on": day}
    assert client.post(f"{path}decide/", {**decision, "decision": ""}).status_code == 422
    assert client.post(f"{path}decide/", decision).status_code == 302
    page = client.get(path).content.decode()
    assert 'href="/t/bank/compliance/masking/"' in page or "/compliance/masking/" in page
    assert client.post(f"{path}finish/", {"revision": "3"}).status_code == 302
    assert "个人信息出境办法" in client.get("/compliance/rules/?only=done").content.decode()
    assert "个人信息出境办法" not in client.get("/compliance/rules/").content.decode()
    assert client_of(other, "compliance").get(path).status_code == 404
