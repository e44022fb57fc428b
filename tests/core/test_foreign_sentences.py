"""What Django and its libraries say of a request reaches people in their language, as one sentence."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from carloan.core.models import Role, RoleCapability
from carloan.core.services.api_keys import api_key_make
from carloan.loans.models import Loan
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
# Names, values and units of machines stand in Chinese sentences as they are; three words of English in a row do not.
ENGLISH = re.compile(r"[A-Za-z]{2,}[ ,'’]+[A-Za-z]{2,}[ ,'’]+[A-Za-z]{2,}")
LOANS, PAPERS, IMPORT = "/api/v1/loans/", "/api/v1/papers/", "/api/v1/loans/import/"
LOAN = {"principal": 10_000_000, "rate_ppm": 68_700, "term": 36, "people": [{"name": "李蓝"}]}
FORM = "multipart/form-data; boundary=x"


def part(name: str, value: bytes = b"1", file: str = "") -> bytes:
    more = f'; filename="{file}"' if file else ""
    return b"--x\r\n" + f'Content-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n"


def body(place: str, content: bytes, kind: str = "application/json", **headers: str) -> Callable[..., Any]:
    return lambda send: send("POST", place, content, kind, headers)


def any_way(method: str, place: str, **headers: str) -> Callable[..., Any]:
    return lambda send: send(method, place, b"", "application/json", headers)


END = b"--x--\r\n"
REQUESTS: dict[str, tuple[int, Callable[..., Any]]] = {
    "no JSON": (400, body(LOANS, b"{")),
    "JSON of words": (400, body(LOANS, b"principal=1")),
    "an empty body": (422, body(LOANS, b"")),
    "no UTF-8": (400, body(LOANS, b"\xff\xfe")),
    "an encoding that is none": (422, body(LOANS, b"{}", "application/json; charset=klingon")),
    "no number": (400, body(LOANS, b'{"principal": NaN}')),
    "endless": (400, body(LOANS, b'{"principal": -Infinity}')),
    "a number of 5,000 digits": (400, body(LOANS, b'{"principal": ' + b"9" * 5_000 + b"}")),
    "too deep": (400, body(LOANS, b"[" * 100_000)),
    "a NUL": (400, body(LOANS, b'{"product": "\\u0000"}')),
    "a list": (422, body(LOANS, b"[]")),
    "a word": (422, body(LOANS, b'"x"')),
    "null": (400, body(LOANS, b"null")),
    "twice": (422, body(LOANS, b'{"term": 1, "term": 1}')),
    "too large": (413, body(LOANS, b'{"product": "' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}')),
    "a form for JSON": (415, body(LOANS, b"a=1", "application/x-www-form-urlencoded")),
    "a type that is none": (415, body(LOANS, b"a", "x")),
    "JSON for a form": (415, body(PAPERS, b"{}")),
    "an answer nobody gives": (406, any_way("GET", LOANS, Accept="application/x-unheard-of")),
    "another method": (405, any_way("DELETE", LOANS)),
    "a method that is none": (405, any_way("BREW", LOANS)),
    "an address that is none": (404, any_way("GET", "/api/v1/nothing/")),
    "an id that is none": (404, any_way("GET", LOANS + "x/")),
    "a key that is none": (401, any_way("GET", LOANS, Authorization="Bearer nobody")),
    "no key": (401, any_way("GET", LOANS, Authorization="")),
    "another host": (400, any_way("GET", LOANS, Host="evil.example")),
    "a name of 200 kB": (400, body(PAPERS, part("file", file="名" * 70_000) + END, FORM)),
    "a name of 10 MB": (400, body(PAPERS, part("file", file="x" * 10_000_000) + END, FORM)),
    "a name of 200 kB for an import": (400, body(IMPORT, part("file", file="x" * 200_000) + END, FORM)),
    "a field with a name of 200 kB": (400, body(PAPERS, part("x" * 200_000) + END, FORM)),
    "a form without a boundary": (400, body(PAPERS, b"x", "multipart/form-data")),
    "a form with a boundary that is none": (400, body(PAPERS, b"x", "multipart/form-data; boundary=é")),
    "a form that is none": (422, body(PAPERS, b"nothing of that kind", FORM)),
    "a form with nothing in it": (422, body(PAPERS, END, FORM)),
    "a file without a file": (422, body(PAPERS, part("file") + END, FORM)),
    "too many fields": (
        413, body(IMPORT, part("a") * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1) + END, FORM)
    ),
    "too many files": (
        413, body(IMPORT, part("file", file="a") * (settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1) + END, FORM)
    ),
    "no file": (422, body(IMPORT, part("profile") + END, FORM)),
    "a switch that is none": (422, body(IMPORT, part("file", file="a.csv") + part("dry_run", b"?") + END, FORM)),
    "every field wrong": (
        422,
        body(
            LOANS,
            json.dumps({
                "contract_no": 7, "currency": "X", "principal": "1", "rate_ppm": -1, "term": 10**9, "method": [],
                "balloon": None, "due_day": 99, "opened_on": "x", "disbursed_on": 1, "first_due_on": "2025-02-30",
                "branch": {}, "officer": "x" * 500, "product": True, "rows": [{"due_on": "x"}, 1], "vehicle": 5,
                "people": [{"role": "x", "name": "", "phones": "x", "kind": 0}, {"phones": ["1"] * 50}, "x"],
            }).encode(),
        ),
    ),
    "more people than a loan has": (422, body(LOANS, json.dumps({"people": [{"name": "x"}] * 99}).encode())),
}  # fmt: skip


@pytest.mark.parametrize("what", REQUESTS)
def test_a_request_that_is_none_is_told_in_the_language_of_its_sender(bank: Lender, what: str) -> None:
    def send(method: str, place: str, content: bytes, kind: str, headers: dict[str, str]) -> Any:
        given = {"Authorization": bank.key("admin"), "Accept-Language": "zh-hans", **headers}
        return Client(raise_request_exception=False).generic(method, place, content, kind, headers=given)

    status, ask = REQUESTS[what]
    answer = ask(send)
    assert answer.status_code == status, answer.content
    error = answer.json()["error"]
    sentences = [error["message"], *(line for lines in error.get("fields", {}).values() for line in lines)]
    for sentence in sentences:
        assert re.search(r"[一-鿿]", sentence), sentence
        assert not ENGLISH.search(sentence), sentence


def test_a_name_that_is_too_long_is_told_on_pages_too(bank: Lender, client_of: Any) -> None:
    for place in ("/archives/", "/loans/imports/new/"):
        content = part("file", file="x" * 200_000) + END
        answer = client_of(bank, "admin").generic("POST", place, content, FORM)
        assert answer.status_code in {400, 405}, answer.status_code
        if answer.status_code == 400:
            assert "文件名过长" in answer.content.decode()


def test_who_may_open_a_loan_beyond_what_they_see_hears_that_and_there_is_none(bank: Lender) -> None:
    with bank.open():
        before = Loan.objects.count()
        role = Role.objects.get(key="officer")
        RoleCapability.objects.filter(role=role, capability="loans.view").update(scope="own")
        RoleCapability.objects.filter(role=role, capability="loans.edit").update(scope="all")
    answer = Client().post(LOANS, json.dumps(LOAN), "application/json", headers={"Authorization": bank.key("officer")})
    assert (answer.status_code, answer.json()["error"].get("missing")) == (403, "loans.view")
    with bank.open():
        assert Loan.objects.count() == before


def test_who_may_act_and_not_look_hears_which_right_is_missing(bank: Lender) -> None:
    with bank.open():
        role = Role.objects.get(key="officer")
        _key, token = api_key_make(actor=bank.actor("admin"), name="writes", role=role, scopes=["loans.edit"])
    answer = Client().post(LOANS, json.dumps(LOAN), "application/json", headers={"Authorization": f"Bearer {token}"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["missing"]) == (403, "forbidden", "loans.view")
    assert error["message"] == "此 API 密钥缺少权限 loans.view。"
