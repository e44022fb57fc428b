"""A client of an SMS gateway over HTTP: signed requests, one key a message for life, and what became of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast
from urllib.parse import urlsplit

from django.conf import settings

from carloan.lib.http import Answer, ask
from carloan.messaging.adapters import Away, Letter, Refused, Report

from .protocol import signed

SECONDS: Final = 8
# Answers after which the same message may be taken later.
LATER: Final = frozenset({"BUSY", "LIMIT_OF_ACCOUNT"})
STATUSES: Final = ("accepted", "delivered", "failed")


def is_address(address: str) -> bool:
    """https anywhere; plain http only to hosts that the operator named."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    bare = not parts.username and not parts.query and not parts.fragment and port != 0
    return bool(host) and bare and (parts.scheme == "https" or (parts.scheme == "http" and _is_named(host)))


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """One account at a gateway. `sender` is the signature that stands before every text; receipts go to `receipts`.
    `inside`: it is a part of this installation and may lie anywhere."""

    address: str
    account: str
    secret: str
    sender: str
    receipts: str
    inside: bool = False

    def send(self, letter: Letter) -> str:
        body = {
            "key": letter.key, "phone": letter.to, "sign": self.sender, "text": letter.body, "receipts": self.receipts,
        }  # fmt: skip
        answer = self._ask("POST", "/messages", json.dumps(body, ensure_ascii=False).encode())
        found = _read(answer)
        if answer.status == 200 and found.get("code") == "OK":
            return str(found.get("id", ""))[:100]
        raise Refused(code := str(found.get("code") or f"http_{answer.status}"), again=_later(answer, code))

    def find(self, key: str) -> Report | None:
        answer = self._ask("GET", f"/messages/{key}")
        found = _read(answer)
        if answer.status == 404 and found.get("code") == "NOT_FOUND":
            return None
        if answer.status != 200 or (report := report_of(found)) is None or report.key != key:
            raise Away(f"answered {answer.status}")
        return report

    def _ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        url = f"{self.address.rstrip('/')}{path}"
        headers = signed(self.account, self.secret, method, urlsplit(url).path, body)
        public = not self.inside and not _is_named(urlsplit(url).hostname or "")
        answer = ask(
            method, url, body or None, headers={**headers, "Content-Type": "application/json"}, seconds=SECONDS,
            public=public,
        )  # fmt: skip
        if answer.status >= 500:
            # Whether it took the message before it fell over, nobody knows.
            raise Away(f"answered {answer.status}")
        return answer


def report_of(found: Mapping[str, Any]) -> Report | None:
    """A report as the gateway writes it; None for what is none."""
    key, status = found.get("key"), found.get("status")
    if not isinstance(key, str) or status not in STATUSES:
        return None
    return Report(
        key=key, status=cast("Any", status), reference=str(found.get("id") or "")[:100],
        code=str(found.get("reason") or "")[:40], at=_moment(found.get("at")),
    )  # fmt: skip


def _read(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise Away("no JSON") from error
    if not isinstance(found, dict):
        raise Away("no JSON")
    return found


def _later(answer: Answer, code: str) -> bool:
    return answer.status == 429 or code in LATER


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, int) or not 0 < value < 1 << 34:
        return None
    return datetime.fromtimestamp(value, UTC)


def _is_named(host: str) -> bool:
    return host.lower() in settings.MESSAGE_HOSTS
