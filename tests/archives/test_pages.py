"""The pages of the archive through HTTP: the desk, one paper, checking, filing, moving, looking."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from carloan.archives.models import Paper, PaperField, PaperPage
from carloan.archives.services.filing import paper_file
from carloan.archives.services.reading import paper_recognise
from carloan.archives.services.receiving import files_receive
from carloan.core.access import actor_again
from carloan.core.models import ApiKey, AuditEvent
from carloan.core.sealed import clear
from carloan.loans.models import Loan
from carloan.loans.services.loans import loan_move
from carloan.loans.timeline import timeline_of
from tests.archives.conftest import loan_for, original_of, received, transcribed
from tests.archives.test_receiving import archive, picture
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture(autouse=True)
def _fast(fast_recognition: None) -> None:
    return None


@pytest.fixture
def id_card(bank: Lender, loan: Loan, shared_data: Path) -> Paper:
    with bank.open():
        paper = received(bank, (shared_data / "documents/id-card-demo.png").read_bytes(), loan=loan)
        paper_recognise(paper_id=paper.id)
        return Paper.objects.get(id=paper.id)


def again(lender: Lender, paper: Paper) -> Paper:
    with lender.open():
        return Paper.objects.select_related("loan").get(id=paper.id)


def values(lender: Lender, paper: Paper) -> dict[str, str]:
    with lender.open():
        return {f.name: clear(f, "value") for f in PaperField.objects.filter(paper=paper).select_related("paper")}


def corrected(paper: Paper, **more: str) -> dict[str, Any]:
    """The form as somebody fills it in who knows 李蓝 of the loan."""
    return {
        "revision": paper.revision, "kind": "id_card_front", "f_name": "李蓝", "f_sex": "女", "f_ethnicity": "满",
        "f_birth": "1990年1月1日", "f_address": "河北省承德市围场满族蒙古族自治县金车路",
        "f_number": "110101199001011229", **more,
    }  # fmt: skip


def test_the_desk_shows_what_waits_and_takes_files(client_of: Any, bank: Lender, id_card: Paper) -> None:
    page = client_of(bank, "officer").get("/archives/").content.decode()
    assert f"/archives/papers/{id_card.id}/" in page
    assert "data-upload" in page


def test_a_dropped_file_is_answered_for_the_list_and_polled(client_of: Any, bank: Lender, loan: Loan) -> None:
    client = client_of(bank, "officer")
    answer = client.post(
        "/archives/upload/", {"file": SimpleUploadedFile("a.png", picture()), "loan": loan.contract_no},
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 201
    body = answer.json()
    assert body["state"] == "received"
    (line,) = client.get(body["poll"].removeprefix("/t/bank"), {"id": body["id"]}).json()["papers"]
    assert line["label"] == body["label"]
    assert client.get(f"/archives/papers/{body['id']}/state/").json()["label"] == body["label"]
    assert f"/archives/papers/{body['id']}/" in client.get(f"/archives/loans/{loan.id}/").content.decode()


def test_many_lines_are_told_with_one_question_and_nothing_of_what_is_beyond_reach(
    client_of: Any, bank: Lender, other: Lender, django_assert_max_num_queries: Any
) -> None:
    client = client_of(bank, "officer")
    made = [client.post("/archives/upload/", {"file": SimpleUploadedFile(f"{n}.png", picture(str(n)))},
                        headers={"Accept": "application/json"}).json()["id"] for n in range(12)]  # fmt: skip
    with CaptureQueriesContext(connection) as few:
        assert len(client.get("/archives/papers/states/", {"id": made[:2]}).json()["papers"]) == 2
    with django_assert_max_num_queries(len(few)):
        answer = client.get("/archives/papers/states/", {"id": made})
    assert {line["id"] for line in answer.json()["papers"]} == set(made)
    assert client_of(other, "officer").get("/archives/papers/states/", {"id": made}).json() == {"papers": []}
    assert client.get("/archives/papers/states/", {"id": ["x"]}).status_code == 404
    assert client.get("/archives/papers/states/").json() == {"papers": []}


def test_an_upload_needs_the_csrf_token(bank: Lender, client_of: Any) -> None:
    client = client_of(bank, "officer")
    client.handler.enforce_csrf_checks = True
    answer = client.post("/archives/upload/", {"file": SimpleUploadedFile("a.png", picture())})
    assert answer.status_code == 403


def test_a_zip_is_unpacked_and_names_what_was_not_taken(client_of: Any, bank: Lender) -> None:
    data = archive(a__png=picture("1"), b__png=picture("2"), c__txt=b"text")
    answer = client_of(bank, "officer").post(
        "/archives/upload/", {"file": SimpleUploadedFile("a.zip", data)}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 201
    assert "c.txt" in answer.json()["message"]


@pytest.mark.parametrize(("names", "label"), [(("a",), "1 paper taken"), (("a", "b"), "2 papers taken")])
def test_one_paper_is_no_papers(client_of: Any, bank: Lender, names: tuple[str, ...], label: str) -> None:
    client = client_of(bank, "officer")
    client.cookies["django_language"] = "en"
    data = archive(c__txt=b"text", **{f"{name}__png": picture(name) for name in names})
    file = {"file": SimpleUploadedFile("a.zip", data)}
    assert client.post("/archives/upload/", file, headers={"Accept": "application/json"}).json()["label"] == label


def test_a_refused_file_says_why_in_words(client_of: Any, bank: Lender) -> None:
    answer = client_of(bank, "officer").post(
        "/archives/upload/", {"file": SimpleUploadedFile("a.svg", b"<svg/>")}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "type_svg"


def test_the_page_of_a_paper_shows_picture_fields_and_problems(client_of: Any, bank: Lender, id_card: Paper) -> None:
    page = client_of(bank, "officer").get(f"/archives/papers/{id_card.id}/").content.decode()
    assert "389201199001245580" in page
    assert f"/archives/papers/{id_card.id}/pages/1/" in page
    assert 'data-box="0.' in page
    assert "style=" not in page.split("<main")[1]


def test_readers_see_masked_values_and_no_picture(client_of: Any, bank: Lender, id_card: Paper) -> None:
    client = client_of(bank, "compliance")
    page = client.get(f"/archives/papers/{id_card.id}/").content.decode()
    for secret in ("389201199001245580", "李蓝", "金车路"):
        assert secret not in page
    assert client.get(f"/archives/papers/{id_card.id}/pages/1/").status_code == 403
    assert client.get(f"/archives/papers/{id_card.id}/original/").status_code == 403


def test_a_page_is_drawn_once_kept_sealed_and_every_look_is_in_the_trail(
    client_of: Any, bank: Lender, id_card: Paper
) -> None:
    client = client_of(bank, "officer")
    first, second = (client.get(f"/archives/papers/{id_card.id}/pages/1/") for _ in range(2))
    assert first.status_code == 200
    assert (first["Content-Type"], first.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert first.content != second.content, "each look has an id of its own"
    assert "no-store" in first.headers["Cache-Control"]
    with bank.open():
        assert PaperPage.objects.get(paper=id_card, number=1).rendition
        assert AuditEvent.objects.filter(action="archives.page.viewed", object_id=id_card.id).count() == 2
    assert client.get(f"/archives/papers/{id_card.id}/pages/9/").status_code == 404


def test_the_picture_is_what_the_boxes_were_read_on_and_the_page_as_it_came_is_there_too(
    client_of: Any, bank: Lender, id_card: Paper
) -> None:
    # The specimen was photographed askew: 800 by 600 as it came, levelled for reading.
    client = client_of(bank, "officer")
    with bank.open():
        page = PaperPage.objects.get(paper=id_card, number=1)
        assert page.corners is not None
        assert (page.source, page.width > 800, page.height > 600) == (1, True, True)
    shown = Image.open(io.BytesIO(client.get(f"/archives/papers/{id_card.id}/pages/1/").content))
    assert shown.size == (page.width, page.height)
    link = f'href="/t/{bank.tenant.slug}/archives/papers/{id_card.id}/pages/1/received/"'
    assert link in client.get(f"/archives/papers/{id_card.id}/").content.decode()
    came = client.get(f"/archives/papers/{id_card.id}/pages/1/received/")
    assert Image.open(io.BytesIO(came.content)).size == (800, 600)
    with bank.open():
        looks = AuditEvent.objects.filter(action="archives.page.viewed", object_id=id_card.id)
        assert looks.count() == 2
    assert client.get(f"/archives/papers/{id_card.id}/pages/9/received/").status_code == 404
    masked = client_of(bank, "compliance")
    assert masked.get(f"/archives/papers/{id_card.id}/pages/1/received/").status_code == 403


@pytest.mark.parametrize(
    "name", ['a"; filename="evil.html', "a\r\nSet-Cookie: x=1.png", "\u202egnp.fdp.exe", "合同，第一页.png"]
)
def test_no_name_of_a_file_breaks_out_of_the_header(client_of: Any, bank: Lender, name: str) -> None:
    with bank.open():
        paper = received(bank, picture(name), name=name)
    answer = original_of(client_of(bank, "officer").confirmed(), paper)
    told = answer.headers["Content-Disposition"]
    assert (answer.status_code, told.partition(";")[0]) == (200, "attachment")
    assert told.count('"') in {0, 2}
    assert not set("\r\n\u202e") & set(told)
    assert "Set-Cookie" not in answer.headers
    assert "no-store" in answer["Cache-Control"]


def test_the_original_comes_as_a_download(client_of: Any, bank: Lender, id_card: Paper, shared_data: Path) -> None:
    answer = original_of(client_of(bank, "officer").confirmed(), id_card)
    assert answer.content == (shared_data / "documents/id-card-demo.png").read_bytes()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with bank.open():
        assert AuditEvent.objects.filter(action="archives.paper.downloaded", object_id=id_card.id).exists()


def test_a_correction_keeps_the_machine_s_value_beside_it_and_ends_the_problems(
    client_of: Any, bank: Lender, id_card: Paper
) -> None:
    answer = client_of(bank, "officer").post(
        f"/archives/papers/{id_card.id}/correct/", corrected(id_card, f_birth="1990-01-01")
    )
    assert answer.status_code == 302
    paper = again(bank, id_card)
    assert paper.problems == []
    assert paper.state == "review"
    with bank.open():
        number = PaperField.objects.select_related("paper").get(paper=paper, name="number")
        assert clear(number, "value") == "110101199001011229"
        assert clear(number, "original") == "389201199001245580"
        assert number.source == "person"
        assert number.verified_by_id == bank.members["officer"].id
        name = PaperField.objects.get(paper=paper, name="name")
        # Vouched for, and how sure the machine was stays beside it.
        assert (name.source, name.verified_by_id) == ("machine", bank.members["officer"].id)
        assert 900 < name.confidence < 1000


def test_confirm_and_file_does_both(client_of: Any, bank: Lender, id_card: Paper) -> None:
    client_of(bank, "officer").post(
        f"/archives/papers/{id_card.id}/correct/", corrected(id_card, f_birth="1990-01-01", file="1")
    )
    paper = again(bank, id_card)
    assert paper.state == "filed"
    assert paper.verified_by_id == bank.members["officer"].id
    assert paper.filed_at is not None


def test_filing_against_a_problem_needs_a_reason_and_nothing_half_is_saved(
    client_of: Any, bank: Lender, id_card: Paper
) -> None:
    client = client_of(bank, "officer")
    answer = client.post(
        f"/archives/papers/{id_card.id}/correct/",
        corrected(id_card, f_number="389201199001245580", f_name="张三", file="1"),
    )
    assert answer.status_code == 422
    assert again(bank, id_card).state == "review"
    assert values(bank, id_card)["name"] == "李蓝"
    answer = client.post(
        f"/archives/papers/{id_card.id}/correct/",
        corrected(id_card, f_number="389201199001245580", file="1", reason="原件已核对"),
    )
    assert answer.status_code == 302
    paper = again(bank, id_card)
    assert paper.state == "filed"
    assert "id_check" in [problem["code"] for problem in paper.problems]


def test_a_value_that_cannot_be_is_told_by_its_name(client_of: Any, bank: Lender, id_card: Paper) -> None:
    answer = client_of(bank, "officer").post(
        f"/archives/papers/{id_card.id}/correct/", corrected(id_card, f_birth="30 February")
    )
    assert answer.status_code == 422
    assert "30 February" in answer.content.decode()


def test_an_old_page_cannot_overwrite_a_newer_state(client_of: Any, bank: Lender, id_card: Paper) -> None:
    client = client_of(bank, "officer")
    form = corrected(id_card)
    assert client.post(f"/archives/papers/{id_card.id}/correct/", form).status_code == 302
    assert client.post(f"/archives/papers/{id_card.id}/correct/", form).status_code == 409


def test_moving_a_paper_wraps_its_key_anew_and_leaves_its_bytes(
    client_of: Any, bank: Lender, id_card: Paper, shared_data: Path
) -> None:
    with bank.open():
        target = loan_for(bank, contract_no="HX-2025-000888", people=[], vehicle=None)
    before = bytes(id_card.wrapped_key)
    client = client_of(bank, "officer").confirmed()
    answer = client.post(
        f"/archives/papers/{id_card.id}/move/",
        {"revision": id_card.revision, "loan": target.contract_no, "reason": "放错了"},
    )
    assert answer.status_code == 302
    paper = again(bank, id_card)
    assert (paper.loan_id, paper.stored) == (target.id, id_card.stored)
    assert bytes(paper.wrapped_key) != before
    assert values(bank, paper)["name"] == "李蓝"
    assert original_of(client, paper).content == (shared_data / "documents/id-card-demo.png").read_bytes()
    assert client.get(f"/archives/papers/{paper.id}/pages/1/").status_code == 200


def test_a_paper_goes_back_to_the_desk(client_of: Any, bank: Lender, id_card: Paper) -> None:
    client_of(bank, "officer").post(
        f"/archives/papers/{id_card.id}/move/", {"revision": id_card.revision, "loan": "", "reason": "待查"}
    )
    paper = again(bank, id_card)
    assert (paper.loan_id, paper.dossier_id) == (None, None)
    assert values(bank, paper)["name"] == "李蓝"


def test_moving_into_a_dossier_that_has_the_file_is_a_conflict(
    client_of: Any, bank: Lender, id_card: Paper, shared_data: Path
) -> None:
    with bank.open():
        target = loan_for(bank, contract_no="HX-2025-000888", people=[], vehicle=None)
        received(bank, (shared_data / "documents/id-card-demo.png").read_bytes(), loan=target)
    answer = client_of(bank, "officer").post(
        f"/archives/papers/{id_card.id}/move/",
        {"revision": id_card.revision, "loan": target.contract_no, "reason": "移动"},
    )
    assert answer.status_code == 409
    assert again(bank, id_card).loan_id == id_card.loan_id


@pytest.mark.parametrize(("button", "state"), [({}, "review"), ({"refuse": "1"}, "refused")])
def test_returning_and_refusing_need_a_reason_that_stays_visible(
    client_of: Any, bank: Lender, id_card: Paper, button: dict[str, str], state: str
) -> None:
    client = client_of(bank, "officer")
    path = f"/archives/papers/{id_card.id}/return/"
    assert client.post(path, {"revision": id_card.revision, "reason": "", **button}).status_code == 422
    assert client.post(path, {"revision": id_card.revision, "reason": "照片模糊", **button}).status_code == 302
    assert again(bank, id_card).state == state
    assert "照片模糊" in client.get(f"/archives/papers/{id_card.id}/").content.decode()


def test_another_branch_s_officer_and_strangers_find_nothing(
    client_of: Any, bank: Lender, shared_data: Path, stranger: Any, id_card: Paper
) -> None:
    assert stranger.get(f"/archives/papers/{id_card.id}/").status_code == 404
    assert client_of(bank, "collector").post(f"/archives/papers/{id_card.id}/correct/", {}).status_code == 403


def test_the_loan_page_has_its_papers(client_of: Any, bank: Lender, id_card: Paper, loan: Loan) -> None:
    answer = client_of(bank, "officer").get(f"/loans/{loan.id}/", {"tab": "papers"})
    if answer.status_code == 404:
        pytest.skip("the loan page is not built yet")
    assert f"/archives/papers/{id_card.id}/" in answer.content.decode()


def test_the_line_of_time_names_the_keys_of_other_systems(bank: Lender, loan: Loan) -> None:
    with bank.open():
        key = ApiKey.objects.get(name="officer")
        system = actor_again("key", key.id, name=key.name)
        assert system is not None
        files_receive(actor=system, files=[("a.png", picture("key"))], loan=loan, source=Paper.Source.API)
        loan_move(actor=system, loan=loan, event="submit")
        entries = timeline_of(bank.actor("compliance"), loan)
        for title in ("收到材料", "提交审批"):
            assert [entry.who for entry in entries if str(entry.title) == title] == ["API 密钥 officer"]


def test_what_happened_to_a_paper_stands_once_on_the_line_of_time(bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = transcribed(bank, {"name": "王小明"})
        paper_file(actor=bank.actor("officer"), paper=paper, revision=paper.revision, loan=loan, reason="已核对")
        entries = timeline_of(bank.actor("compliance"), loan)
        for title, who in (("收到材料", "officer"), ("材料归档", "officer")):
            (entry,) = [entry for entry in entries if str(entry.title) == title]
            assert entry.who == bank.members[who].display_name


@pytest.mark.parametrize("act", ["correct", "move", "return"])
def test_the_address_of_a_refused_form_opens_the_paper(bank: Lender, loan: Loan, client_of: Any, act: str) -> None:
    with bank.open():
        paper = received(bank, picture("refused"), loan=loan)
    client = client_of(bank, "officer")
    opened = client.get(f"/archives/papers/{paper.id}/{act}/")
    assert opened.status_code == 302
    assert opened["Location"].endswith(f"/archives/papers/{paper.id}/")
