"""Single sign-on: a provider that is slow, drips or is away holds up nobody for long."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from carloan.core import oidc
from tests.core.providers.dripping import Dripping
from tests.core.providers.liar import lying


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> None:
    oidc.forget()
    settings.SIGN_ON_HOSTS = ["127.0.0.1"]


@pytest.mark.parametrize(
    "beginning", [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"]
)
def test_a_provider_that_drips_is_waited_for_once(monkeypatch: pytest.MonkeyPatch, beginning: bytes) -> None:
    monkeypatch.setattr(oidc, "PATIENCE", 0.5)
    with Dripping(beginning) as slow:
        began = time.monotonic()
        with pytest.raises(oidc.Distrust, match="no_answer"):
            oidc.provider_of(slow.issuer)
        assert 0.4 < time.monotonic() - began < 3
        with pytest.raises(oidc.Distrust, match="no_answer"):
            oidc.provider_of(slow.issuer)
        assert len(slow.came) == 1, "remembered"
        monkeypatch.setattr(oidc, "_away", dict.fromkeys(oidc._away, time.monotonic()))
        with pytest.raises(oidc.Distrust, match="no_answer"):
            oidc.provider_of(slow.issuer)
        assert len(slow.came) == 2, "for a while"


def test_few_wait_for_providers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "PATIENCE", 60)
    with lying() as liar:
        with ThreadPoolExecutor(oidc.AT_ONCE) as pool:
            with Dripping(b"HTTP/1.1 200 OK\r\nX-Long: ") as slow:
                waiting = [pool.submit(oidc.provider_of, slow.issuer) for _each in range(oidc.AT_ONCE)]
                until = time.monotonic() + 20
                while len(slow.came) < oidc.AT_ONCE and time.monotonic() < until:
                    threading.Event().wait(0.02)
                assert len(slow.came) == oidc.AT_ONCE
                with pytest.raises(oidc.Distrust, match="no_answer"):
                    oidc.provider_of(liar.issuer)
            assert {type(each.exception()) for each in waiting} == {oidc.Distrust}
        assert oidc.provider_of(liar.issuer)["issuer"] == liar.issuer, "refused for the moment only"
