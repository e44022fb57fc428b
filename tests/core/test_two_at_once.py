"""Two people do the same in one moment: one is let in, the other hears a sentence, and nobody gets a 500."""

from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connections
from django.test import Client

from carloan.core import audit
from carloan.core.access import actor_of_key
from carloan.core.api_keys import key_of_token
from carloan.core.ids import uuid7
from carloan.core.models import Branch
from carloan.core.services import answered
from carloan.core.services.branches import require_open
from tests.cast import Lender
from tests.conftest import TenantClient


def test_the_second_one_hears_that_it_may_be_there_already(committed: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked and found nothing when the first one writes."""
    both_looked, record = Barrier(2), audit.record
    answers: list[Any] = []

    def recording(**facts: Any) -> Any:
        if facts["action"] == "core.branch.added":
            both_looked.wait(60)
        return record(**facts)

    form = {"code": "201", "name": "城南支行", "parent": str(committed.branches["head"].id)}
    clients = [TenantClient(committed.tenant.slug) for _ in range(2)]
    for client in clients:
        client.force_login(committed.users["admin"], backend="django.contrib.auth.backends.ModelBackend")
        client.cookies["django_language"] = "en"
    monkeypatch.setattr(audit, "record", recording)

    def add(client: TenantClient) -> None:
        answers.append(client.post("/branches/", form))
        connections.close_all()

    threads = [Thread(target=add, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    told = next(answer for answer in answers if answer.status_code == 409)
    assert "Somebody entered the same at this moment" in told.content.decode()
    with committed.open():
        assert Branch.objects.filter(code="201").count() == 1


def test_a_branch_stays_open_until_the_act_ends(committed: Lender) -> None:
    east = committed.branches["east"]
    told: list[str] = []

    def close() -> None:
        try:
            with committed.open():
                Branch.objects.select_for_update(nowait=True).get(id=east.id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the assertion names it
            told.append(repr(error))
        else:
            told.append("closed")
        finally:
            connections.close_all()

    with committed.open():
        require_open(east)
        other = Thread(target=close)
        other.start()
        other.join()
    assert "could not obtain lock" in told[0], told


def test_the_same_request_beside_itself_is_told_that_it_is_at_work(committed: Lender) -> None:
    inside, go_on = Event(), Event()
    made = uuid7()
    with committed.open():
        key = key_of_token(committed.tokens["officer"])
        assert key
        actor = actor_of_key(key)
    asked: dict[str, Any] = {"actor": actor, "place": "loans.loan", "key": "k", "body": b"{}"}

    def slow() -> Any:
        inside.set()
        assert go_on.wait(20)
        return made

    def first() -> None:
        with committed.open():
            answered.answered_once(**asked, act=slow)
        connections.close_all()

    thread = Thread(target=first)
    thread.start()
    try:
        assert inside.wait(20)
        with pytest.raises(answered.StillRunning), committed.open():
            answered.answered_once(**asked, act=uuid7)
        headers = {"Authorization": committed.key("officer"), "Idempotency-Key": "k"}
        loan = {"principal": 10_000_000, "rate_ppm": 68_700, "term": 36}
        told = Client().post("/api/v1/loans/", loan, content_type="application/json", headers=headers)
        assert (told.status_code, told.json()["error"]["code"]) == (409, "idempotency_in_progress")
        assert int(told.headers["Retry-After"]) > 0
    finally:
        go_on.set()
        thread.join()
    with committed.open():
        assert answered.answered_once(**asked, act=uuid7) == (made, False)


@pytest.mark.django_db(databases=["default", "keystore"])
def test_the_api_says_it_with_a_code(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    def entered_meanwhile(*args: Any, **options: Any) -> None:
        Branch.objects.create(code="101", name="x", audit_event_id=bank.branches["east"].audit_event_id)

    monkeypatch.setattr("carloan.core.api.search", entered_meanwhile)
    answer = Client().get("/api/v1/search/?q=HT-1", headers={"Authorization": bank.key("officer")})
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "taken"


@pytest.mark.django_db(databases=["default", "keystore"])
def test_any_other_broken_rule_stays_an_error_of_ours(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_an_event(*args: Any, **options: Any) -> None:
        Branch.objects.create(code="999", name="x")

    monkeypatch.setattr("carloan.core.api.search", without_an_event)
    with pytest.raises(IntegrityError):
        Client().get("/api/v1/search/?q=HT-1", headers={"Authorization": bank.key("officer")})
