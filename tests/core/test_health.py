"""/healthz looks at every part, but not for everybody who asks."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.http import JsonResponse
from django.test import RequestFactory

from carloan import health
from carloan.core import alarms


@pytest.fixture(autouse=True)
def _afresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(alarms, "standing", dict)
    health.CHECK.forget()
    yield
    health.CHECK.forget()


def _asked(_number: int = 0) -> JsonResponse:
    return health.healthz(RequestFactory().get("/healthz"))


def _parts(monkeypatch: pytest.MonkeyPatch, **parts: Any) -> None:
    monkeypatch.setattr(health, "probes", lambda: iter({"broker": lambda: None, **parts}.items()))


def test_many_who_ask_at_once_cause_one_check(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    _parts(monkeypatch, storage=lambda: looked.append(1))
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(_asked, range(24)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(looked) == 1


def test_a_part_that_fails_is_told_once_the_moment_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"well": True}

    def part() -> None:
        if not state["well"]:
            raise health.NotAliveError

    monkeypatch.setattr(health, "GOOD_FOR", 0.0)
    _parts(monkeypatch, database=part)
    assert _asked().status_code == 200
    state["well"] = False
    failing = _asked()
    assert failing.status_code == 503
    assert json.loads(failing.content)["components"] == {"broker": "ok", "database": "no sign of life"}
    state["well"] = True
    assert _asked().status_code == 200


def test_few_months_ahead_of_the_trail_are_told_and_take_nothing_out_of_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _parts(monkeypatch)
    monkeypatch.setattr(health, "GOOD_FOR", 0.0)
    monkeypatch.setattr(health, "months_left", lambda now: 5)
    answer = _asked()
    assert (answer.status_code, json.loads(answer.content)["alarms"]) == (200, {"trail-months": 5})
    monkeypatch.setattr(health, "months_left", lambda now: 6)
    assert "alarms" not in json.loads(_asked().content)
