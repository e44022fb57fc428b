"""What stands out is found once, asked of a person, answered with a reason, and never goes away."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from carloan.archives.services.viewing import paper_viewed
from carloan.compliance.models import Anomaly, AnomalyRule
from carloan.compliance.policies import anomalies as policy
from carloan.compliance.policies.anomalies import HOUSE, MOVES, Seen
from carloan.compliance.selectors.anomalies import rules_in_force
from carloan.compliance.services import anomalies as service
from carloan.core import audit
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.lib.workdays import WorkdayTable
from tests.archives.conftest import received
from tests.cast import Lender
from tests.compliance.anomalies import make_anomaly
from tests.compliance.test_trail import newest
from tests.machines import walk
from tests.tenancy.routes import BLANK_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 22)
WORKDAYS = WorkdayTable()


def day(*, hour: int = 10, start: date = MONDAY) -> datetime:
    return datetime(start.year, start.month, start.day, hour, tzinfo=UTC)


def seen(number: int, at: datetime, *, look: bool = True, **more: Any) -> Seen:
    facts = {
        "id": UUID(int=number + 1), "action": "tests.looked", "is_look": look, "is_export": False, "outcome": "done",
        "object_id": UUID(int=1_000 + number), "reason_code": "",
    }  # fmt: skip
    return Seen(**{**facts, **more, "at": at})


def found(events: list[Seen], *, on: date = MONDAY) -> dict[str, dict[str, int]]:
    return {one.kind: one.numbers for one in policy.findings(events, HOUSE, day=on, workdays=WORKDAYS)}


def spread(count: int, **more: Any) -> Iterator[Seen]:
    """Looks at different things, in no order, a minute apart."""
    for number in range(count):
        at = day(hour=9) + timedelta(minutes=number)
        yield seen(number, at, object_id=UUID(int=number * 7_919 % 100_003 + 1), **more)


def test_many_different_things_in_a_day_are_asked_about_and_the_same_one_again_is_not() -> None:
    most = HOUSE["mass_viewing"]["objects"]
    assert "mass_viewing" not in found(list(spread(most)))
    assert found(list(spread(most + 1)))["mass_viewing"] == {"objects": most + 1, "looks": most + 1}
    assert "mass_viewing" not in found([seen(0, day(), object_id=UUID(int=5)) for _ in range(most * 2)])


@pytest.mark.parametrize(
    ("hour", "on", "asked"),
    [
        (10, MONDAY, False), (21, MONDAY, False), (22, MONDAY, True), (5, MONDAY, True), (6, MONDAY, False),
        (10, SUNDAY, True),
    ],
)  # fmt: skip
def test_looks_at_night_and_on_days_off_are_asked_about(hour: int, on: date, asked: bool) -> None:
    most = HOUSE["night_access"]["looks"]
    events = [seen(0, day(hour=hour, start=on), object_id=UUID(int=5)) for _ in range(most + 1)]
    assert ("night_access" in found(events, on=on)) is asked
    assert "night_access" not in found(events[:-1], on=on)


def test_a_make_up_day_is_a_working_day() -> None:
    worked = WorkdayTable.of([(SUNDAY, False)])
    events = [seen(0, day(start=SUNDAY), object_id=UUID(int=5)) for _ in range(40)]
    assert list(policy.findings(events, HOUSE, day=SUNDAY, workdays=worked)) == []


def test_many_reveals_are_asked_about() -> None:
    most = HOUSE["many_reveals"]["reveals"]
    events = [seen(0, day(), outcome="revealed", object_id=UUID(int=5)) for _ in range(most + 1)]
    assert found(events)["many_reveals"] == {"reveals": most + 1}
    assert "many_reveals" not in found(events[:-1])


def test_addresses_that_lead_nowhere_are_asked_about_where_they_come_close_together() -> None:
    most = HOUSE["scraping"]["not_found"]
    missed: dict[str, Any] = {"look": False, "outcome": "refused", "reason_code": "not_found"}
    close = [seen(number, day() + timedelta(seconds=number), **missed) for number in range(most + 1)]
    assert found(close)["scraping"]["not_found"] == most + 1
    apart = [seen(number, day(hour=0) + timedelta(minutes=number), **missed) for number in range(most * 4)]
    assert "scraping" not in found(apart)


def test_looks_along_the_order_of_ids_are_asked_about_unless_work_lies_between() -> None:
    most = HOUSE["scraping"]["in_order"]
    ordered = [seen(number, day() + timedelta(seconds=number)) for number in range(most + 1)]
    assert found(ordered)["scraping"] == {"not_found": 0, "in_order": most + 1}
    assert (
        found([*reversed([seen(n, day() - timedelta(seconds=n)) for n in range(most + 1)])])["scraping"]["in_order"]
        > most
    )
    assert "scraping" not in found(ordered[:-1])
    worked = [*ordered[:20], seen(500, ordered[20].at, look=False), *ordered[20:]]
    assert "scraping" not in found(worked)
    rested = [*ordered[:20], *(seen(n, day() + timedelta(minutes=30 + n)) for n in range(20, most + 1))]
    assert "scraping" not in found(rested)
    assert "scraping" not in found(list(spread(150)))


def test_many_exports_or_many_rows_are_asked_about() -> None:
    most = HOUSE["large_exports"]
    export: dict[str, Any] = {"look": False, "is_export": True, "object_id": None}
    assert (
        found([seen(n, day(), count=1, **export) for n in range(most["exports"] + 1)])["large_exports"]["exports"] == 6
    )
    assert found([seen(0, day(), count=most["rows"] + 1, **export)])["large_exports"]["rows"] == most["rows"] + 1
    assert "large_exports" not in found([seen(0, day(), count=most["rows"], **export)])


def looks_in_order(lender: Lender, count: int) -> None:
    papers = [received(lender, BLANK_PAGE + bytes([n]), name=f"{n}.png") for n in range(count)]
    for paper in papers:
        paper_viewed(actor=lender.actor("archivist"), paper=paper)


def test_the_sweep_asks_once_and_the_page_leads_to_the_events(
    client_of: Any, bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(HOUSE, "scraping", {"not_found": 30, "in_order": 4, "minutes": 10})
    monkeypatch.setitem(HOUSE, "night_access", {"looks": 1_000, "from_hour": 22, "to_hour": 6})
    with bank.open():
        looks_in_order(bank, 5)
        assert service.anomalies_find(actor=bank.system) == 1
        assert service.anomalies_find(actor=bank.system) == 0
        row = Anomaly.objects.get()
        assert (row.kind, row.actor_id, row.numbers["in_order"]) == ("scraping", bank.members["archivist"].id, 5)
        assert row.audit_event_id == newest(bank, "compliance.anomaly.found").id
    reader = client_of(bank, "compliance")
    body = reader.get("/compliance/anomalies/").content.decode()
    assert bank.members["archivist"].display_name in body
    assert "批量爬取" in body
    page = reader.get(f"/compliance/anomalies/{row.id}/").content.decode()
    assert page.count("<tr data-href") == 5
    assert f"actor_id={row.actor_id}" in page
    assert '<span class="value">1</span>' in reader.get("/home/").content.decode().replace("\n", "")


def test_it_is_answered_by_somebody_else_with_a_reason_and_stays(client_of: Any, bank: Lender) -> None:
    with bank.open():
        row = make_anomaly(bank, bank.members["officer"].id)
        own = make_anomaly(bank, bank.members["compliance"].id)
    reader = client_of(bank, "compliance")
    path = f"/compliance/anomalies/{row.id}/"
    assert reader.post(path, {"reason_code": "business", "reason": "x"}).status_code == 422
    assert reader.post(path, {"reason_code": "business", "reason": "月末集中核对逾期档案"}).status_code == 302
    with bank.open():
        row.refresh_from_db()
        assert (row.state, clear(row, "reason"), row.closed_by_id) == (
            "closed", "月末集中核对逾期档案", bank.members["compliance"].id,
        )  # fmt: skip
        assert newest(bank, "compliance.anomaly.closed").reason_code == "business"
    assert "月末集中核对逾期档案" in reader.get(path).content.decode()
    assert reader.post(path, {"reason_code": "business", "reason": "再次答复一遍"}).status_code == 409
    assert reader.post(f"{path}reopen/").status_code == 302
    answer = reader.post(f"/compliance/anomalies/{own.id}/", {"reason_code": "business", "reason": "是我自己"})
    assert answer.status_code == 403
    assert client_of(bank, "officer").get(path).status_code == 403
    assert client_of(bank, "admin").post(path, {"reason_code": "business", "reason": "管理员不答复"}).status_code == 403
    with bank.open(), pytest.raises(Forbidden):
        service.anomaly_close(actor=bank.system, row=row, reason_code="business", reason="机器答复")
    with bank.open(), pytest.raises(DatabaseError), transaction.atomic():
        Anomaly.objects.filter(id=row.id).delete()


def test_every_event_of_an_anomaly_in_every_state(bank: Lender) -> None:
    def act(row: Anomaly, event: str) -> None:
        actor = bank.actor("compliance")
        if event == "close":
            service.anomaly_close(actor=actor, row=row, reason_code="rule", reason="规则过严")
        else:
            service.anomaly_reopen(actor=actor, row=row)

    with bank.open():
        row = make_anomaly(bank, bank.members["officer"].id)
        assert walk(row, MOVES, Anomaly.State.values, act) == (2, 2)


def test_a_lender_may_only_ask_sooner_and_each_version_stays(client_of: Any, bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("compliance")
        for wrong in ({"reveals": 61}, {"reveals": -1}, {}, {"reveals": 5, "more": 1}):
            with pytest.raises(Invalid):
                service.anomaly_rule_set(actor=actor, kind="many_reveals", numbers=wrong)
        with pytest.raises(Invalid):
            service.anomaly_rule_set(
                actor=actor, kind="night_access", numbers={"looks": 5, "from_hour": 23, "to_hour": 6}
            )
        with pytest.raises(Forbidden):
            service.anomaly_rule_set(actor=bank.actor("admin"), kind="many_reveals", numbers={"reveals": 5})
    reader = client_of(bank, "compliance")
    for most in (20, 10, 10):
        answer = reader.post("/compliance/anomalies/rules/", {"kind": "many_reveals", "reveals": most})
        assert answer.status_code == 302
    assert reader.post("/compliance/anomalies/rules/", {"kind": "many_reveals", "reveals": 99}).status_code == 422
    with bank.open():
        assert [rule.version for rule in AnomalyRule.objects.order_by("version")] == [1, 2]
        assert rules_in_force()["many_reveals"].numbers == {"reveals": 10}
        assert rules_in_force()["scraping"].version == 0
        rule = AnomalyRule.objects.latest("version")
    with bank.open(), pytest.raises(DatabaseError), transaction.atomic():
        AnomalyRule.objects.filter(id=rule.id).update(version=7)


def test_nobody_is_judged_by_it(bank: Lender) -> None:
    """The sweep writes anomalies and their events, and nothing else (PIPL 24)."""
    with bank.open():
        for _ in range(HOUSE["many_reveals"]["reveals"] + 1):
            audit.record(
                actor=bank.actor("officer"), action="compliance.field.revealed", object_type="loans.party",
                object_id=uuid7(), outcome="revealed",
            )  # fmt: skip
        before = AuditEvent.objects.latest("id").id
        rights = bank.actor("officer").rights
        service.anomalies_find(actor=bank.system)
        assert Anomaly.objects.filter(kind="many_reveals", actor_id=bank.members["officer"].id).exists()
        told = set(AuditEvent.objects.filter(id__gt=before).values_list("action", flat=True))
        assert told == {"compliance.anomaly.found"}
        assert bank.actor("officer").rights == rights


def test_the_pages_cost_a_fixed_number_of_queries(
    client_of: Any, bank: Lender, django_assert_max_num_queries: Any
) -> None:
    with bank.open():
        for _ in range(30):
            make_anomaly(bank, uuid7())
    reader = client_of(bank, "compliance")
    reader.get("/compliance/anomalies/")
    with django_assert_max_num_queries(18):
        reader.get("/compliance/anomalies/")
    with django_assert_max_num_queries(22):
        reader.get("/compliance/seal/")


def test_what_is_answered_cannot_be_answered_again(bank: Lender) -> None:
    with bank.open():
        row = make_anomaly(bank, bank.members["officer"].id)
        stale = Anomaly.objects.get(id=row.id)
        actor = bank.actor("compliance")
        service.anomaly_close(actor=actor, row=row, reason_code="rule", reason="规则过严")
        with pytest.raises(Conflict):
            service.anomaly_close(actor=actor, row=stale, reason_code="rule", reason="规则过严")
