"""The API of papers, through HTTP: sent, asked for, searched, masked."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from carloan.archives.models import Paper
from carloan.archives.recognition.reader import stamp
from carloan.archives.services.reading import paper_recognise
from carloan.core.models import AuditEvent
from carloan.loans.models import Loan
from tests.archives.conftest import received
from tests.archives.test_receiving import picture
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture(autouse=True)
def _fast(fast_recognition: None) -> None:
    return None


def send(lender: Lender, data: bytes, *, role: str = "officer", name: str = "a.png", **fields: str) -> Any:
    form = {"file": SimpleUploadedFile(name, data), **fields}
    return Client().post("/api/v1/papers/", form, headers={"Authorization": lender.key(role)})


def get(lender: Lender, path: str, *, role: str = "officer", **query: str) -> Any:
    return Client().get(f"/api/v1/papers/{path}", query, headers={"Authorization": lender.key(role)})


@pytest.fixture
def id_card(bank: Lender, shared_data: Path) -> Paper:
    """The specimen of 李蓝, read, on the desk of the east branch."""
    with bank.open():
        paper = received(bank, (shared_data / "documents/id-card-demo.png").read_bytes())
        paper_recognise(paper_id=paper.id)
    return paper


def test_a_paper_that_is_sent_is_answered_with_its_id_state_and_hash(bank: Lender, loan: Loan) -> None:
    data = picture("sent")
    answer = send(bank, data, loan=loan.contract_no)
    assert answer.status_code == 201
    assert answer.json()["state"] == "received"
    assert answer.json()["sha256"] == hashlib.sha256(data).hexdigest()
    with bank.open():
        assert str(Paper.objects.get(id=answer.json()["id"]).loan_id) == str(loan.id)


def test_the_same_bytes_again_are_200_and_the_same_id(bank: Lender, loan: Loan) -> None:
    first, again = send(bank, picture("x"), loan=loan.contract_no), send(bank, picture("x"), loan=loan.contract_no)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


def test_an_unreadable_file_is_422_with_code_and_words(bank: Lender) -> None:
    answer = send(bank, b"nothing", name="x.jpg")
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "type_unknown"
    assert answer.json()["error"]["message"]


def test_a_missing_file_and_an_unknown_loan_are_told_by_field(bank: Lender) -> None:
    nothing = Client().post("/api/v1/papers/", {}, headers={"Authorization": bank.key("officer")})
    assert nothing.status_code == 422
    assert "file" in nothing.json()["error"]["fields"]
    assert "loan" in send(bank, picture(), loan="NOBODY").json()["error"]["fields"]


def test_a_name_in_another_encoding_is_told_as_what_is_wrong(bank: Lender) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + "合同.png".encode("gbk")
    body = head + b'"\r\nContent-Type: image/png\r\n\r\n' + picture("x") + bytes(9000) + b"\r\n--b--\r\n"
    answer = Client().post(
        "/api/v1/papers/", body, "multipart/form-data; boundary=b",
        headers={"Authorization": bank.key("officer"), "Accept-Language": "en"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "UTF-8" in answer.json()["error"]["fields"]["file"][0]


def test_a_refused_file_leaves_a_refusal_in_the_trail(bank: Lender) -> None:
    send(bank, b"MZ program")
    with bank.open():
        assert AuditEvent.objects.filter(outcome="refused", reason_code="type_program").exists()


def test_an_officer_sees_clear_values_with_their_place(bank: Lender, id_card: Paper) -> None:
    body = get(bank, f"{id_card.id}/").json()
    assert body["state"] == "review"
    assert body["kind"] == "id_card_front"
    assert body["loan"] is None
    assert {"id_check", "id_division", "no_loan"} <= set(body["problems"])
    number = body["fields"]["number"]
    assert number["value"] == "389201199001245580"
    assert number["source"] == "machine"
    assert number["page"] == 1
    assert 0 < number["confidence"] <= 1
    x0, y0, x1, y1 = number["box"]
    assert 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1  # noqa: PT018
    assert "公民身份号码" in body["text"]
    assert all(detail["message"] for detail in body["problem_details"])


def test_others_see_masked_values_and_no_text_at_all(bank: Lender, id_card: Paper) -> None:
    answer = get(bank, f"{id_card.id}/", role="compliance")
    body = answer.json()
    for secret in ("李蓝", "389201199001245580", "金车路", "1990-01-24", "1990年1月24日"):
        assert secret not in answer.content.decode()
    assert body["fields"]["name"]["value"] == "李*"
    assert (body["text"], body["text_withheld"]) == ("", True)
    assert get(bank, f"{id_card.id}/").json()["text_withheld"] is False
    assert body["reader"] == stamp()


def test_reading_a_paper_leaves_an_event(bank: Lender, id_card: Paper) -> None:
    get(bank, f"{id_card.id}/")
    with bank.open():
        assert AuditEvent.objects.filter(action="archives.paper.viewed", object_id=id_card.id).exists()


@pytest.mark.parametrize(
    "query", ["金车路", "满", "金 车 路", "满族蒙古族自治县", "389201199001245580", "1990 年 1 月"]
)
def test_papers_are_found_by_any_substring_of_their_text(bank: Lender, id_card: Paper, query: str) -> None:
    results = get(bank, "", q=query).json()["results"]
    assert [one["id"] for one in results] == [str(id_card.id)]


@pytest.mark.parametrize("query", ["路车金", "李满", "110101199003078888"])
def test_scattered_characters_are_no_substring(bank: Lender, id_card: Paper, query: str) -> None:
    assert get(bank, "", q=query).json()["results"] == []


def test_searching_text_confirms_nothing_to_those_who_see_masked_values(bank: Lender, id_card: Paper) -> None:
    assert get(bank, "", role="compliance", q="金车路").json()["results"] == []


def test_papers_are_filtered_and_paged(bank: Lender, loan: Loan, id_card: Paper) -> None:
    sent = send(bank, picture("f"), loan=loan.contract_no).json()["id"]
    assert [one["id"] for one in get(bank, "", loan=loan.contract_no).json()["results"]] == [sent]
    assert [one["id"] for one in get(bank, "", kind="id_card_front").json()["results"]] == [str(id_card.id)]
    assert sent in [one["id"] for one in get(bank, "", state="received").json()["results"]]
    assert get(bank, "", state="nonsense").status_code == 422


def test_another_lender_finds_nothing(bank: Lender, other: Lender, id_card: Paper) -> None:
    assert get(other, f"{id_card.id}/").status_code == 404
    assert get(other, "", q="金车路").json()["results"] == []


def test_customer_service_may_not_see_papers(bank: Lender, id_card: Paper) -> None:
    assert get(bank, f"{id_card.id}/", role="service").status_code == 403
    assert send(bank, picture(), role="service").status_code == 403


def test_search_finds_papers_by_number_and_text(bank: Lender, id_card: Paper) -> None:
    for query in ("389201199001245580", "245580", "金车路"):
        answer = Client().get("/api/v1/search/", {"q": query}, headers={"Authorization": bank.key("officer")})
        assert str(id_card.id) in [hit["id"] for hit in answer.json()["results"]], query


def test_a_file_above_the_limit_is_413_and_reading_stops(bank: Lender) -> None:
    answer = send(bank, b"\x89PNG\r\n\x1a\n" + bytes(51 << 20))
    assert answer.status_code == 413


def test_two_files_in_one_request_are_refused_and_neither_is_taken(bank: Lender) -> None:
    key = {"Authorization": bank.key("officer")}
    for form in (
        {"file": [SimpleUploadedFile("a.png", picture("1")), SimpleUploadedFile("b.png", picture("2"))]},
        {"file": SimpleUploadedFile("a.png", picture("1")), "more": SimpleUploadedFile("b.png", picture("2"))},
    ):
        answer = Client().post("/api/v1/papers/", form, headers=key)
        assert answer.status_code == 422
        assert "file" in answer.json()["error"]["fields"]
    with bank.open():
        assert not Paper.objects.exists()


def test_fields_that_nobody_reads_and_fields_given_twice_are_refused(bank: Lender, loan: Loan) -> None:
    answer = send(bank, picture(), loan_number=loan.contract_no)
    assert answer.status_code == 422
    assert "loan" in answer.json()["error"]["fields"]["loan_number"][0]
    twice = {"file": SimpleUploadedFile("a.png", picture()), "loan": [loan.contract_no, "ANOTHER"]}
    answer = Client().post("/api/v1/papers/", twice, headers={"Authorization": bank.key("officer")})
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["loan"])
    assert send(bank, picture(), loan="a\0b").status_code == 422


def test_the_trail_tells_a_refused_upload_in_words(bank: Lender, client_of: Any) -> None:
    refused = send(bank, b"MZ" + bytes(200), name="a.png")
    assert refused.status_code == 422
    assert get(bank, f"{'0' * 8}-0000-7000-8000-{'0' * 12}/").status_code == 404
    body = client_of(bank, "compliance").get("/compliance/trail/?outcome=refused").content.decode()
    assert ">材料（API）<" in body
    assert ">单份材料（API）<" in body
    assert ">程序文件，不是材料<" in body
    assert "api-paper" not in body
