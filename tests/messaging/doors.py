"""What the tests of messaging share: a loan, a gateway that is a process of its own, and a visitor's browser."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import Client

from carloan.core.sealed import clear
from carloan.lib.http import Away, ask
from carloan.loans.models import ContactPoint, Loan, LoanParty
from carloan.messaging.adapters.sms.sandbox import secret_of
from carloan.messaging.errands import errand_of
from carloan.messaging.models import Gateway, Message
from carloan.messaging.services.links import Made, link_make
from carloan.messaging.services.sending import SEPARATOR
from carloan.messaging.services.setup import gateway_set
from tests.cast import Lender
from tests.loans.book import open_loan

COOKIE = "visit"


@dataclass
class Sandbox:
    """The twin of an SMS gateway, in another process."""

    url: str
    secret: str

    def misbehave(self, how: str, times: int = 1) -> None:
        self._ask("POST", "/misbehave", json.dumps({"how": how, "times": times}).encode())

    def taken(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._ask("GET", "/taken"))["messages"]
        return found

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        return ask(method, f"{self.url}{path}", body).body


@contextmanager
def running_sandbox(folder: Path) -> Iterator[Sandbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    secret = secret_of(folder)
    command = [
        sys.executable,
        "-m",
        "carloan.messaging.adapters.sms.sandbox",
        "--state",
        str(folder),
        "--listen",
        place,
    ]
    process = subprocess.Popen(command)
    try:
        found = Sandbox(f"http://{place}", secret)
        until(lambda: _answers(found), "the sandbox answers")
        yield found
    finally:
        process.terminate()
        process.wait()


def until(is_so: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.05)


def _answers(sandbox: Sandbox) -> bool:
    try:
        sandbox.taken()
    except Away:
        return False
    return True


def sms_gateway(lender: Lender) -> Gateway:
    """The sandbox as the lender's gateway."""
    return gateway_set(
        actor=lender.actor("admin"), channel="sms", address="sandbox", account="test", secret="", sender="华信",
        is_active=True,
    )  # fmt: skip


def a_loan(lender: Lender, serial: int = 1) -> Loan:
    return open_loan(lender.system, serial, branch_id=lender.branches["east"].id)


def borrower(loan: Loan) -> LoanParty:
    return LoanParty.objects.select_related("party").get(loan=loan, role="borrower")


def mobile(loan: Loan) -> ContactPoint:
    return ContactPoint.objects.get(party=borrower(loan).party, kind="mobile")


def a_link(lender: Lender, loan: Loan, *, channel: str = "screen", **more: Any) -> Made:
    """A link for the borrower's ID card; its code is told where no gateway is set up."""
    errand = errand_of("papers")
    assert errand is not None
    given: dict[str, Any] = {
        "wants": ["id_card_front", "id_card_back"],
        "contact": mobile(loan) if channel == "sms" else None,
        "language": "zh-hans",
        **more,
    }
    return link_make(
        actor=lender.actor("officer"), loan=loan, errand=errand, row=borrower(loan), channel=channel, **given
    )


def token_of(made: Made) -> str:
    return made.url.rstrip("/").rpartition("/")[2]


def secret_in(message: Message) -> str:
    """The one secret that a waiting message holds."""
    (pair,) = clear(message, "secret").split(SEPARATOR)
    return pair.partition("=")[2]


@dataclass
class Visitor:
    """A browser at a link, of somebody without an account."""

    client: Client
    path: str

    @classmethod
    def at(cls, lender: Lender, made: Made, client: Client | None = None) -> "Visitor":
        return cls(client or Client(), f"/t/{lender.tenant.slug}/d/{token_of(made)}/")

    def get(self, more: str = "", **headers: Any) -> Any:
        return self.client.get(f"{self.path}{more}", headers=headers)

    def post(self, more: str, **data: Any) -> Any:
        return self.client.post(f"{self.path}{more}", data)

    def put(self, upload_id: str, start: int, data: bytes) -> Any:
        return self.client.put(
            f"{self.path}uploads/{upload_id}/", data, content_type="application/octet-stream",
            headers={"X-Start": str(start), "Accept": "application/json"},
        )  # fmt: skip

    def begin(self, want: str, data: bytes, sha256: str) -> Any:
        return self.client.post(
            f"{self.path}uploads/", {"want": want, "name": "front.png", "size": len(data), "sha256": sha256},
            headers={"Accept": "application/json"},
        )  # fmt: skip

    def come_in(self, code: str) -> Any:
        assert self.post("code/").status_code == 302
        return self.post("enter/", code=code)
