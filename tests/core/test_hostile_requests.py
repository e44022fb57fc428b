"""An integrator who does everything wrong: a right status and one shape of words, never an error of ours."""

import base64
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from carloan.lib.bodies import SMALL_BODY
from tests.cast import Lender
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def ask(bank: Lender) -> Any:
    """`ask("/api/v1/loans/", limit=1)`: with the officer's key."""

    def get(path: str, query: Any = None, method: str = "get", **headers: str) -> Any:
        return getattr(Client(), method)(path, query or {}, headers={"Authorization": bank.key("officer"), **headers})

    return get


@pytest.fixture
def send(bank: Lender) -> Any:
    def post(body: Any, content_type: str = "application/json", path: str = "/api/v1/loans/", **headers: str) -> Any:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        key = {"Authorization": bank.key("officer"), **headers}
        return Client().generic("POST", path, data, content_type=content_type, headers=key)

    return post


def cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


SOME_ID = "0" * 32
LOAN = {"principal": 10_000_000, "rate_ppm": 68_700, "term": 36}


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("papers", "state", "nonsense"),
        ("papers", "kind", "passport"),
        ("papers", "after", "junk"),
        ("papers", "limit", "0"),
        ("papers", "limit", "201"),
        ("papers", "limit", "１０"),
        ("papers", "limit", "9" * 5_000),
        ("loans", "state", "nonsense"),
        ("loans", "age", "1-31"),
        ("loans", "sort", "secret"),
        ("loans", "sort", "--opened"),
        ("loans", "limit", "-1"),
        ("loans", "limit", "1.5"),
        ("loans", "limit", "NaN"),
    ],
)
def test_a_parameter_out_of_its_set_is_told_and_never_taken_for_everything(
    ask: Any, path: str, name: str, value: str
) -> None:
    answer = ask(f"/api/v1/{path}/", {name: value})
    assert answer.status_code == 422
    (line,) = answer.json()["error"]["fields"][name]
    assert len(line) > 5


@pytest.mark.parametrize(
    ("path", "name"), [("loans", "stage__x"), ("loans", "page_size"), ("papers", "page_size"), ("search", "limit")]
)
def test_a_parameter_that_nobody_reads_is_told_by_name(ask: Any, path: str, name: str) -> None:
    answer = ask(f"/api/v1/{path}/", {name: "1"})
    assert answer.status_code == 422
    (line,) = answer.json()["error"]["fields"][name]
    assert "q" in line


def test_a_name_that_stands_twice_is_refused_at_every_depth(send: Any) -> None:
    twice = send('{"principal": 1, "rate_ppm": 68700, "term": 36, "principal": 100000}')
    deep = send('{"principal": 100000, "rate_ppm": 68700, "term": 36, "people": [{"name": "王", "name": "李"}]}')
    for answer, name in ((twice, "principal"), (deep, "name")):
        assert answer.status_code == 422
        assert list(answer.json()["error"]["fields"]) == [name]


def test_the_words_of_a_wrong_parameter_name_the_right_ones(ask: Any) -> None:
    line = ask("/api/v1/loans/", {"state": "nonsense"}).json()["error"]["fields"]["state"][0]
    assert "servicing" in line
    assert "nonsense" in line


@pytest.mark.parametrize(
    "value",
    [
        "junk",
        "%%%",
        "é",
        "bnVsbA",
        cursor(["x"]),
        cursor([1, SOME_ID]),
        cursor([None, SOME_ID]),
        cursor(["a\0b", SOME_ID]),
        cursor(["\ud800", SOME_ID]),
        cursor(["HX", "not an id"]),
        cursor(["HX", 7]),
        cursor({"a": 1}),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
        "A" * 50_001,
    ],
)
def test_a_place_that_is_in_no_list_is_told(ask: Any, value: str) -> None:
    for side in ("after", "before"):
        assert ask("/api/v1/loans/", {"sort": "number", side: value}).status_code == 422


def test_a_place_beyond_every_number_is_told(ask: Any) -> None:
    for value in (10**30, -(10**30), True, 1.5):
        assert ask("/api/v1/loans/", {"sort": "amount", "after": cursor([value, SOME_ID])}).status_code == 422
    assert ask("/api/v1/loans/", {"after": cursor([20250101, SOME_ID])}).status_code == 422


@pytest.mark.parametrize("query", [" ", "　", "\u200b", "\u00ad\u2060", "\t\n"])
def test_a_search_for_nothing_finds_nothing(bank: Lender, ask: Any, query: str) -> None:
    with bank.open():
        open_loan(bank.system, branch_id=bank.branches["east"].id)
    for path in ("/api/v1/loans/", "/api/v1/papers/", "/api/v1/search/"):
        assert ask(path).json().get("results") or path != "/api/v1/loans/"
        assert ask(path, {"q": query}).json()["results"] == [], path


def test_a_parameter_given_twice_is_told(ask: Any) -> None:
    for path in ("/api/v1/loans/", "/api/v1/papers/"):
        answer = ask(f"{path}?q=1&q=2")
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["q"])


@pytest.mark.parametrize(
    "change",
    [
        {"principal": 100.0},
        {"principal": 1.5},
        {"principal": "100"},
        {"principal": "１００"},
        {"principal": True},
        {"principal": -1},
        {"principal": 10**30},
        {"principal": None},
        {"rate_ppm": "6.87%"},
        {"term": 10**9},
        {"opened_on": "2026-02-30"},
        {"currency": "BTC"},
        {"contract_no": {"a": 1}},
        {"contract_no": "x" * 65},
        {"baloon": 1},
        {"people": "nobody"},
        {"people": [None]},
        {"people": [{"name": "李蓝", "nmae": "x"}]},
        {"vehicle": {"model_year": 99_999}},
        {"vehicle": {"price": -1}},
        {"rows": [{"due_on": "2026-01-01", "principal": 1.0, "interest": 0}]},
        {"branch": "nowhere"},
    ],
)
def test_a_loan_with_one_wrong_value_is_told_by_field(send: Any, change: dict[str, Any]) -> None:
    answer = send({**LOAN, **change})
    assert answer.status_code == 422, answer.content
    assert next(iter(answer.json()["error"]["fields"])).startswith(next(iter(change)))


def test_half_a_character_is_no_text_wherever_it_stands(send: Any) -> None:
    for change in ({"contract_no": "\ud800"}, {"currency": "\udfff"}, {"\ud800": 1}, {"people": [{"name": "a\ud800"}]}):
        assert send({**LOAN, **change}).status_code == 400


@pytest.mark.parametrize(
    "body", ["", "{", "null", "[]", '"text"', "NaN", '{"principal": NaN}', "1" * 5_000, b"\xff\xfe"]
)
def test_a_body_that_is_no_object_is_told(send: Any, body: Any) -> None:
    answer = send(body)
    assert answer.status_code in {400, 422}
    assert set(answer.json()["error"]) >= {"code", "message", "request_id"}


def test_other_kinds_of_bodies_and_answers_are_refused(send: Any, ask: Any) -> None:
    assert send("a=1", "application/x-www-form-urlencoded").status_code == 415
    assert send("<a/>", "text/xml").status_code == 415
    assert send("{}", "nonsense").status_code == 415
    assert send("{}", path="/api/v1/papers/").status_code == 415
    assert send("x", "multipart/form-data", "/api/v1/papers/").status_code == 400
    assert send("x", "multipart/form-data; boundary=é", "/api/v1/papers/").status_code == 400
    assert ask("/api/v1/loans/", Accept="text/xml").status_code == 406


def test_methods_nobody_offers_are_405_with_those_that_are(bank: Lender, ask: Any) -> None:
    for method in ("put", "patch", "delete", "options", "trace"):
        answer = ask("/api/v1/papers/", method=method)
        assert answer.status_code == 405, method
        assert answer["Allow"] == "GET, HEAD, POST"
    assert ask("/api/v1/papers/", method="head").status_code == 200


def test_more_than_a_request_may_hold_is_413_in_words(bank: Lender, send: Any, client_of: Any) -> None:
    answer = send(b'{"contract_no": "' + b"x" * (20 << 20) + b'"}')
    assert answer.status_code == 413
    assert "5 MB" in answer.json()["error"]["message"]
    files = [SimpleUploadedFile(f"{n}.png", b"x") for n in range(300)]
    answer = Client().post("/api/v1/loans/import/", {"file": files}, headers={"Authorization": bank.key("officer")})
    assert answer.status_code == 413
    assert "200" in answer.json()["error"]["message"]
    with translation.override(None):
        page = client_of(bank, "officer").post(
            "/archives/upload/", {"file": files}, headers={"Accept-Language": "zh-hans"}
        )
    assert page.status_code == 413
    assert "200" in page.content.decode()
    assert "分批" in page.content.decode()


def test_no_answer_about_a_person_is_kept_by_anybody(client_of: Any, bank: Lender) -> None:
    """One's own account, sign-in, the choice of the lender, previews, errors and redirects too; whole and in parts."""
    client = client_of(bank, "officer")
    paths = ["/t/bank/profile/", "/profile/", "/lenders/", "/", "/accounts/sessions/", "/accounts/2fa/", "/nowhere/"]
    paths += ["/accounts/login/", "/accounts/password/forgotten/", "/accounts/logout/"]
    paths += ["/t/bank/home/", "/t/bank/search/?q=x1", "/t/bank/loans/", "/t/bank/archives/", "/t/bank/api/v1/loans/"]
    for path in paths:
        # The plain client: /profile/ is meant outside of every lender.
        answer = Client.generic(client, "GET", path)
        assert "no-store" in answer["Cache-Control"], path
        assert answer["X-Content-Type-Options"] == "nosniff", path


@pytest.mark.parametrize(
    ("body", "words"), [("[" * 100_000, "JSON 嵌套层次过深"), ('{"a": "\\u0000"}', "JSON 中含有空字符")]
)
def test_json_that_cannot_be_read_is_refused_in_one_language(send: Any, body: str, words: str) -> None:
    answer = send(body)
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]
    english = send(body, **{"Accept-Language": "en"}).json()["error"]["message"]
    assert english.startswith("The body of this request cannot be read: JSON ")


def test_a_stranger_sends_nothing_large(bank: Lender) -> None:
    """Asked before a byte of it is read: here there is none."""
    large: dict[str, Any] = {"CONTENT_LENGTH": str(SMALL_BODY + 1), "wsgi.input": Unread()}
    for headers in ({}, {"Authorization": bank.key("officer")}, {"Cookie": "sessionid=invented"}):
        for path in ("/accounts/login/", "/t/bank/archives/", "/nothing"):
            answer = Client(headers=headers).generic("POST", path, **large)
            assert answer.status_code == 413, path
            assert "登录" in answer.content.decode()
    answer = Client().generic("POST", "/api/v1/papers/", **large)
    assert answer.status_code == 401, "the API asks its door before it reads"
    assert Client().generic("POST", "/accounts/login/", b"login=" + b"x" * 60_000).status_code != 413


def test_a_body_without_a_length_is_told(bank: Lender) -> None:
    answer = Client().generic(
        "POST", "/api/v1/papers/", headers={"Authorization": bank.key("officer"), "Transfer-Encoding": "chunked"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (411, "length_required")


class Unread(io.RawIOBase):
    def read(self, *size: int) -> bytes:
        raise AssertionError("read before the door")


class Broken(io.RawIOBase):
    def read(self, *size: int) -> bytes:
        raise TimeoutError("too slow")


def test_a_body_that_does_not_arrive_is_no_error_of_ours(client_of: Any, bank: Lender) -> None:
    broken: dict[str, Any] = {"CONTENT_LENGTH": "100", "wsgi.input": Broken()}
    key = {"Authorization": bank.key("officer")}
    for content_type in ("application/json", "multipart/form-data; boundary=x"):
        path = "/api/v1/loans/" if "json" in content_type else "/api/v1/papers/"
        answer = Client(headers=key).generic("POST", path, CONTENT_TYPE=content_type, **broken)
        assert (answer.status_code, answer.json()["error"]["code"]) == (408, "too_slow")
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = client_of(bank, "officer").generic("POST", "/archives/upload/", CONTENT_TYPE=content_type, **broken)
        assert answer.status_code in {403, 408}
