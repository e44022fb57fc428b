"""A page that was open too long (its CSRF token is stale): an answer of ours in every shape, and nothing is done."""

from typing import Any

import pytest
from django.test import Client

from carloan.core.models import AuditEvent
from tests.cast import Lender

pytestmark = [pytest.mark.django_db(databases=["default", "keystore"]), pytest.mark.usefixtures("clean_cache")]
WORDS = "页面打开时间过长"


@pytest.fixture
def stale(client_of: Any, bank: Lender) -> Any:
    client = client_of(bank, "officer")
    client.handler.enforce_csrf_checks = True
    return client


def test_a_stale_form_says_what_to_do_and_names_its_request(stale: Any) -> None:
    answer = stale.post("/loans/new/", {})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert WORDS in page
    assert answer["X-Request-ID"] in page
    assert 'class="shell"' in page
    assert "已记入审计轨迹" not in page
    assert "<style" not in page


def test_a_fragment_gets_a_fragment(stale: Any) -> None:
    page = stale.post("/loans/new/", {}, headers={"HX-Request": "true"}).content.decode()
    assert WORDS in page
    assert "data-message" in page
    assert "<html" not in page


def test_a_door_of_many_steps_answers_as_the_others(stale: Any) -> None:
    answer = stale.post("/archives/upload/", {}, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "csrf"
    page = stale.post("/archives/upload/", {})
    assert WORDS in page.content.decode()


def test_the_sign_in_page_too() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert WORDS in answer.content.decode()


def test_a_browser_at_the_api_is_told_so_and_nothing_is_called_a_refused_right(stale: Any, bank: Lender) -> None:
    answer = stale.post("/api/v1/papers/", {})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "csrf"
    assert answer.json()["error"]["message"].startswith(WORDS)
    with bank.open():
        assert not AuditEvent.objects.filter(action="core.request.refused").exists()


def test_it_is_told_in_the_trail_once_a_minute(stale: Any, bank: Lender) -> None:
    """Another site may send a person's browser here as often as it likes."""
    for _number in range(3):
        assert stale.post("/loans/new/", {}).status_code == 403
        assert stale.post("/archives/upload/", {}).status_code == 403
        assert stale.post("/api/v1/papers/", {}).status_code == 403
    with bank.open():
        (event,) = AuditEvent.objects.filter(outcome=AuditEvent.Outcome.REFUSED)
        assert (event.action, event.reason_code, event.object_type) == ("core.form.refused", "csrf", "loans:new")
        assert event.actor_id == bank.actor("officer").id
