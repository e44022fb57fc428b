"""The description of the API is true: real answers of every route, right and wrong ones, fit it."""

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.archives.conftest import transcribed
from tests.archives.test_receiving import archive, picture
from tests.cast import Lender
from tests.loans.book import core_file, open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def described(db: None) -> Any:
    return Client().get("/api/v1/schema/", {"format": "json"}).json()


def plain(schema: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema says null; and what is not described may not be there."""
    if isinstance(schema, list):
        return [plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: plain(part) for name, part in schema.items() if name != "nullable"}
    if "properties" in schema and isinstance(schema["properties"], dict):
        inner.setdefault("additionalProperties", False)
    return {"anyOf": [inner, {"type": "null"}]} if schema.get("nullable") is True else inner


def check(described: Any, path: str, method: str, answer: Any, *, named: bool) -> None:
    """The answer has a status that the description names (or falls under its default), and a body that fits it."""
    responses = described["paths"][path][method]["responses"]
    status = str(answer.status_code)
    assert (status in responses) is named, (path, method, status, answer.content[:200])
    schema = responses[status if named else "default"]["content"]["application/json"]["schema"]
    jsonschema.validate(
        answer.json(),
        plain({**schema, "components": described["components"]}),
        cls=jsonschema.Draft202012Validator,
        format_checker=jsonschema.FormatChecker(["uuid", "date"]),
    )


@pytest.fixture
def call(bank: Lender, described: Any) -> Any:
    """`call("get", "/api/v1/loans/", named=True)`: asks, checks against the description, returns the body."""

    def ask(
        method: str, template: str, data: Any = None, *, named: bool = True, role: str = "officer", **arguments: Any
    ) -> Any:
        headers = {"Authorization": bank.key(role)} if role else {}
        more = {"content_type": "application/json"} if isinstance(data, str) else {}
        answer = getattr(Client(), method)(template.format(**arguments), data or {}, headers=headers, **more)
        check(described, template, method, answer, named=named)
        return answer.json()

    return ask


NOBODY = "00000000-0000-7000-8000-000000000000"


def test_answers_about_loans_are_as_described(bank: Lender, call: Any) -> None:
    with bank.open():
        loan = open_loan(bank.system, branch_id=bank.branches["east"].id)
    path, one = "/api/v1/loans/", "/api/v1/loans/{loan_id}/"
    for role in ("officer", "service", "compliance"):
        assert call("get", path, role=role)["results"]
        call("get", one, loan_id=loan.id, role=role)
    body = {"principal": 10_000_000, "rate_ppm": 68_700, "term": 36, "people": [{"name": "李蓝"}]}
    call("post", path, json.dumps(body))
    call("post", path, json.dumps({**body, "term": 0}), named=False)
    call("post", path, "{", named=False)
    call("get", path, {"state": "nonsense"}, named=False)
    call("get", path, role="", named=False)
    call("get", one, loan_id=NOBODY, named=False)
    call("post", path, json.dumps(body), role="collector", named=False)
    call("patch", one, json.dumps({"revision": 1, "product": "新车贷"}), loan_id=loan.id)
    call("patch", one, json.dumps({"revision": 1, "product": "二手车贷"}), loan_id=loan.id, named=False)
    call("patch", one, json.dumps({"officer": ""}), loan_id=loan.id, named=False)


def test_answers_about_papers_are_as_described(bank: Lender, call: Any) -> None:
    path, one = "/api/v1/papers/", "/api/v1/papers/{paper_id}/"
    values = {"name": "李蓝", "number": "110101199001011229", "birth": "1990-01-01"}
    with bank.open():
        paper = transcribed(bank, values)
        invoice = transcribed(bank, {"total": "12800000", "buyer_name": "李蓝"}, kind="vehicle_sales_invoice")
    sent = call("post", path, {"file": SimpleUploadedFile("a.png", picture("schema"))})
    assert call("post", path, {"file": SimpleUploadedFile("a.png", picture("schema"))}) == sent
    data = archive(a__png=picture("in a zip"), b__txt=b"words")
    assert call("post", path, {"file": SimpleUploadedFile("a.zip", data)})["refused"]
    assert len(call("get", path)["results"]) == 4
    for role in ("officer", "compliance"):
        assert call("get", one, paper_id=paper.id, role=role)["fields"]
        call("get", one, paper_id=invoice.id, role=role)
    call("get", one, paper_id=sent["id"])
    call("post", path, {"file": SimpleUploadedFile("a.png", b"words")}, named=False)
    call("post", path, {"file": SimpleUploadedFile("a.zip", archive(a__txt=b"x", b__txt=b"y"))}, named=False)
    call("post", path, "{}", named=False)
    call("get", path, {"state": "nonsense"}, named=False)
    call("get", one, paper_id=NOBODY, named=False)
    call("get", one, paper_id=paper.id, role="service", named=False)


def test_answers_about_search_imports_and_jobs_are_as_described(bank: Lender, call: Any) -> None:
    with bank.open():
        loan = open_loan(bank.system, branch_id=bank.branches["east"].id)
    assert call("get", "/api/v1/search/", {"q": loan.contract_no})["results"]
    call("get", "/api/v1/search/", {"q": "x1"}, role="", named=False)
    taken = call("post", "/api/v1/loans/import/", {"file": SimpleUploadedFile("x.csv", core_file(1))}, role="admin")
    call("get", "/api/v1/jobs/{job_id}/", job_id=taken["job"], role="admin")
    call("get", "/api/v1/jobs/{job_id}/", job_id=NOBODY, role="admin", named=False)
    call("post", "/api/v1/loans/import/", {"profile": "none"}, role="admin", named=False)


def test_every_route_names_its_errors(described: Any) -> None:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert "default" in operation["responses"], (path, method)
