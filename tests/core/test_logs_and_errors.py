"""Nothing personal in logs, no forged lines, one shape of errors, and clear words when a part is down."""

import logging
import sys
import time
from dataclasses import replace
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.test import Client
from redis import RedisError

from benchmarks.faults.outage import away
from carloan.core import logs
from carloan.core.logs import LineFormatter, ScrubFilter
from carloan.core.postgres.outage import is_outage
from carloan.core.sight import show_text
from tests.cast import Lender
from tests.plugin import servers

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def line(message: str, *args: object) -> str:
    record = logging.LogRecord("carloan", logging.INFO, "file", 1, message, args, None)
    ScrubFilter().filter(record)
    return LineFormatter("%(message)s").format(record)


@pytest.mark.parametrize("secret", ["13812345678", "11010519491231002X", "6222021234567890123", "110105194912310021"])
def test_long_numbers_do_not_reach_the_log(secret: str) -> None:
    assert secret not in line("客户 %s 来电", secret)
    assert secret not in line(f"身份证号{secret}已核对")
    assert secret not in line(f"{secret:0>32}"), "an id has letters"
    assert secret not in line(f"a{secret}-{secret}")


@pytest.mark.parametrize(
    "told",
    [
        "车架号 LSVAA49J0E0000011 已抵押",
        "vin=lsvaa49j0e0000011",
        "车辆粤B12345过户",
        "粤B·D12345 and 京A1234警",
        "使014578 parked",
        "from lan.li@example.com.cn",
    ],
)
def test_vehicles_plates_and_mail_addresses_do_not_reach_the_log(told: str) -> None:
    for secret in ("LSVAA49J0E0000011", "lsvaa49j0e0000011", "B12345", "D12345", "1234", "014578", "lan.li"):
        if secret in told:
            assert secret not in line(told)
            assert secret not in line("%s", told)


@pytest.mark.parametrize(
    "told",
    [
        "party name=李蓝, state=active",
        'body {"name": "李蓝", "state": "active"}',
        "party(name='李蓝', state='active')",
        "address: 李蓝路1号，state active",
        "DETAIL:  Key (tenant_id, display_name)=(0190, 李蓝) already exists; state active",
        "DETAIL:  Failing row contains (1, 李蓝, active).",
    ],
)
def test_fields_that_are_masked_on_pages_are_masked_in_the_log(told: str) -> None:
    assert "李蓝" not in line(told)
    assert ("state" in line(told)) is ("state" in told), "the rest stays readable"


def test_a_trace_is_scrubbed_like_a_message() -> None:
    try:
        raise ValueError("no loan of LSVAA49J0E0000011, name='李蓝'")
    except ValueError:
        record = logging.LogRecord("carloan", logging.ERROR, "file", 1, "broken", (), sys.exc_info())
    text = LineFormatter("%(message)s").format(record)
    assert "ValueError" in text
    assert "LSVAA49J0E0000011" not in text
    assert "李蓝" not in text


@pytest.mark.parametrize(
    "plain",
    [
        "GET /t/bank/loans/0190d2b4-7f1c-7a30-8b1e-3c5d7e9f1a2b/ 200",
        "celery@host ready",
        "Task carloan.archives.tasks.recognise_paper[4f1c] succeeded in 1.25s",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "lost: 01a228cb-9468-7427-8ccc-2220d15d5772/49/01a228cbd7e375949294eafd5e213a49.1.original",
        "paper 01a228cb-9468-7427-8ccc-138123456789 is gone",
    ],
)
def test_what_is_nobodys_stays_as_it_is(plain: str) -> None:
    assert line(plain) == plain


# What begins like something that is masked, and never ends.
BEGINNINGS = (
    "a", "1", "A1", "1X", "1-", "x.", "@", "a@", "a@b", "a@b.", "a.b-", "clk_", "clk_a_", "Key (", "Key (a(", "Key ()=",
    "Failing row contains (", "name", "name ", "name=", "name:\t", 'name="', "'name\" ", "LSVA", "LSVAA49J0E000001",
    "京", "京A", "WJ京", "民航", " ", "\n", "\x00", '"', ":", "a1-", "1-1a", "01a228cb-9468-7427-8ccc-13812",
)  # fmt: skip


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_a_line_takes_time_by_its_length_and_not_by_its_square(beginning: str) -> None:
    """Whoever reaches the broker or a form has a line of a million signs written."""
    text = (beginning * (1_000_000 // len(beginning) + 1))[:1_000_000]
    began = time.process_time()
    for end in ("", "!"):
        logs._mask(text + end)
        logs._CONTROL.sub("", text + end)
    assert time.process_time() - began < 10


def test_a_long_line_is_shortened_before_it_is_masked_and_no_secret_shows_at_the_cut() -> None:
    secret = "13812345678"
    for place in (*range(logs.LONGEST - logs.TAIL - 12, logs.LONGEST - logs.TAIL + 2), 500_000, 1_000_000 - logs.TAIL):
        told = line("begins " + "长 " * (place // 2) + secret + " 长" * 500_000 + " ends")
        assert len(told) < logs.LONGEST + 100
        assert told.startswith("begins")
        assert told.endswith("ends")
        assert "characters left out" in told
        assert secret[:4] not in told
    assert len(line("a" * 1_000_000)) < logs.LONGEST + 100


def test_api_keys_do_not_reach_the_log(bank: Lender) -> None:
    token = bank.tokens["officer"]
    assert token.split("_", 3)[3] not in line("key %s", token)


def test_a_message_cannot_forge_a_line() -> None:
    assert "\n" not in line("name: %s", "x\n2026-01-01 INFO carloan admin signed in")
    assert "\x1b" not in line("name: %s", "\x1b[31mred")


def test_a_dead_database_is_a_503_in_words(client_of: Any, bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(bank, "compliance")

    def dead(*args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("carloan.compliance.views.trail.trail_page", dead)
    answer = client.get("/compliance/trail/", headers={"Accept-Language": "zh-hans"})
    assert answer.status_code == 503
    assert "server closed" not in answer.content.decode()


def test_a_crash_is_a_500_without_a_trace_and_with_a_number(
    client_of: Any, bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(bank, "compliance")
    client.raise_request_exception = False

    def crash(*args: object, **kwargs: object) -> None:
        raise RuntimeError("SECRET-INNARDS")

    monkeypatch.setattr("carloan.compliance.views.trail.trail_page", crash)
    answer = client.get("/compliance/trail/")
    assert answer.status_code == 500
    body = answer.content.decode()
    assert "SECRET-INNARDS" not in body
    assert "Traceback" not in body
    assert answer["X-Request-ID"] in body


class Lost(Exception):
    """What a driver raises; `pgcode` is None when the connection broke."""

    def __init__(self, pgcode: str | None) -> None:
        self.pgcode = pgcode


@pytest.mark.parametrize(
    ("error", "state", "away"),
    [
        (OperationalError, None, True),
        (InterfaceError, None, True),
        (OperationalError, "57P01", True),
        (OperationalError, "53100", True),
        (OperationalError, "08006", True),
        (OperationalError, "40P01", False),
        (OperationalError, "57014", False),
        (OperationalError, "54000", False),
        (ProgrammingError, None, False),
    ],
)
def test_a_database_that_is_away_is_told_from_one_that_refuses(
    error: type[Exception], state: str | None, away: bool
) -> None:
    raised = error("…")
    raised.__cause__ = Lost(state)
    assert is_outage(raised) is away


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("part", [OperationalError("gone"), RedisError("gone")])
def test_a_part_that_goes_where_no_view_notices_is_a_503_in_words(
    client_of: Any, bank: Lender, monkeypatch: pytest.MonkeyPatch, part: Exception, language: str
) -> None:
    client = client_of(bank, "compliance")
    client.raise_request_exception = False

    def gone(*args: object, **kwargs: object) -> None:
        raise part

    monkeypatch.setattr("carloan.core.middleware.actor_of_person", gone)
    answer = client.get("/compliance/trail/", headers={"Accept-Language": language})
    assert answer.status_code == 503
    assert ("一分钟后重试" if language == "zh-hans" else "try again in a minute") in answer.content.decode()


def test_signing_in_while_the_broker_is_away_is_a_503_in_words(bank: Lender, clean_cache: None) -> None:
    """The limits of signing in are counted there."""
    if "broker" not in servers:
        pytest.skip("the broker of this run is not ours to stop")
    client = Client(raise_request_exception=False)
    fields = {"login": "officer@bank", "password": "no-such-password"}
    with away(servers["broker"]):
        answer = client.post("/accounts/login/", fields, headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "try again in a minute" in answer.content.decode()
    assert client.post("/accounts/login/", fields).status_code == 200


def test_a_session_that_cannot_be_saved_is_no_bad_request(
    client_of: Any, bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(bank, "compliance")
    client.raise_request_exception = False

    def gone(*args: object, **kwargs: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("django.contrib.sessions.models.Session.save_base", gone)
    assert client.get("/compliance/trail/").status_code == 503


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "内容不存在"), ("en", "There is nothing here")])
def test_errors_speak_the_persons_language(client_of: Any, bank: Lender, language: str, words: str) -> None:
    answer = client_of(bank, "compliance").get("/nowhere/", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert words in answer.content.decode()


@pytest.mark.parametrize("role", ["officer", "collector", "service"])
def test_masks_depend_on_the_role_and_the_door(bank: Lender, role: str) -> None:
    from carloan.core.registry import Field

    phone = Field("C2", mask="phone", guarded=True, export="masked")
    name = Field("C2", mask="name", export="masked")
    with bank.open():
        actor = bank.actor(role)
    clear, person = role == "officer", bank.members["service"]
    key = replace(actor, kind="key")
    assert (show_text(key, phone, "13812345678", of=person, door="api").text == "13812345678") is clear
    assert show_text(actor, phone, "13812345678", of=person, door="api").text == "138****5678", (
        "a browser at the API is a page"
    )
    assert show_text(actor, phone, "13812345678", of=person, door="page").text == "138****5678"
    assert show_text(actor, phone, "13812345678", of=person, door="export").text == "138****5678"
    assert (show_text(actor, name, "王小明", of=person, door="page").text == "王小明") is clear
    assert show_text(actor, Field("C3", export="never"), "secret", of=person).text == ""


@pytest.mark.parametrize("path", ["/accounts/login/", "/nothing", "/api/v1/search/"])
def test_a_strange_host_name_is_one_line_of_warning(caplog: pytest.LogCaptureFixture, path: str) -> None:
    answer = Client().get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert (record.name, record.levelname) == ("django.security.DisallowedHost", "WARNING")
    assert record.exc_info is None
