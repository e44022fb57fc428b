"""A sandbox of an SMS gateway for the session; each test finds it well-behaved."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.messaging.doors import Sandbox, running_sandbox


@pytest.fixture(scope="session")
def _sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sms")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_sandbox_process: Sandbox, settings: Any) -> Sandbox:
    settings.SMS_SANDBOX, settings.SMS_SANDBOX_SECRET = _sandbox_process.url, _sandbox_process.secret
    return _sandbox_process


@pytest.fixture(autouse=True)
def daylight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages of the tests leave at whatever hour the suite runs; quiet hours are tried by themselves."""
    monkeypatch.setattr("carloan.messaging.services.sending.may_leave_at", lambda now: now)
    monkeypatch.setattr("carloan.messaging.services.delivering.may_leave_at", lambda now: now)
