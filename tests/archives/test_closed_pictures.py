"""Pictures of a kind that the lender raised to class C3: nobody sees one alone."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from carloan.archives.models import Paper
from carloan.archives.services.filing import paper_correct
from carloan.compliance.models import Opening
from carloan.compliance.services.masking import masking_publish
from carloan.compliance.services.openings import opening_ask, opening_decide
from carloan.core.errors import Forbidden
from carloan.core.models import AuditEvent
from carloan.core.registry import Tighter
from tests.archives.conftest import received, to_check, transcribed
from tests.cast import Lender
from tests.tenancy.routes import BLANK_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def paper(bank: Lender) -> Paper:
    """The front of an ID card whose pictures are closed, with bytes of its own."""
    with bank.open():
        masking_publish(
            actor=bank.actor("compliance"),
            rules={"picture.id_card_front": Tighter(guarded=True)},
            effective_on=timezone.localdate(),
            reason="人脸信息",
            after=0,
        )
        found = received(bank, BLANK_PAGE)
        Paper.objects.filter(id=found.id).update(kind="id_card_front")
        return Paper.objects.get(id=found.id)


def test_a_closed_picture_is_seen_once_by_two_people(client_of: Any, bank: Lender, paper: Paper) -> None:
    officer, other = client_of(bank, "officer").confirmed(), client_of(bank, "compliance").confirmed()
    here = f"/archives/papers/{paper.id}"
    for address in (f"{here}/pages/1/", f"{here}/pages/1/received/", f"{here}/copy/", f"{here}/original/"):
        assert client_of(bank, "archivist").get(address).status_code == 403, address
    page = officer.get(f"{here}/").content.decode()
    assert f"{here}/picture/ask/" in page
    assert f"{here}/original/" not in page
    assert officer.get(f"{here}/picture/ask/").status_code == 200
    assert officer.post(f"{here}/picture/ask/", {"reason_code": "identity_check"}).status_code == 302
    with bank.open():
        opening = Opening.objects.get()
    path = f"/compliance/openings/{opening.id}"
    page = officer.get(f"{here}/").content.decode()
    assert "等待他人审批" in page
    assert f"{path}/" in page, "who has asked is led to the question, not to a second one"
    assert officer.post(f"{path}/open/").status_code == 409
    assert other.post(f"{path}/decide/", {"word": "approve"}).status_code == 302
    assert "立即调阅" in officer.get(f"{here}/").content.decode()
    opened = officer.post(f"{path}/open/")
    assert b"".join(opened).startswith(b"%PDF-"), "a marked copy, not the file"
    assert opened["Content-Security-Policy"] == "sandbox"
    assert officer.post(f"{path}/open/").status_code == 409
    with bank.open():
        assert AuditEvent.objects.filter(action="archives.paper.copied", object_id=paper.id).count() == 1
        assert not AuditEvent.objects.filter(action="archives.paper.downloaded")


def test_who_may_not_ask_for_a_picture_is_sent_to_a_colleague(client_of: Any, bank: Lender, paper: Paper) -> None:
    archivist, here = client_of(bank, "archivist"), f"/archives/papers/{paper.id}/"
    page = archivist.get(here).content.decode()
    assert "请由有权限的同事提出" in page
    assert "/picture/ask/" not in page
    assert archivist.get(f"{here}picture/ask/").status_code == 403


def test_other_kinds_stay_open_and_nobody_asks_for_what_is_open(client_of: Any, bank: Lender, paper: Paper) -> None:
    with bank.open():
        other = transcribed(bank, {"plate": "粤B12345"}, kind="vehicle_licence")
    officer = client_of(bank, "officer").confirmed()
    page = officer.get(f"/archives/papers/{other.id}/").content.decode()
    assert f"/archives/papers/{other.id}/pages/1/" in page
    assert officer.get(f"/archives/papers/{other.id}/picture/ask/").status_code == 404
    assert client_of(bank, "compliance").get(f"/archives/papers/{paper.id}/picture/ask/").status_code in (403, 404)


def close(bank: Lender, *keys: str) -> None:
    masking_publish(
        actor=bank.actor("compliance"),
        rules={key: Tighter(guarded=True) for key in keys},
        effective_on=timezone.localdate(),
        reason="人脸信息",
        after=0,
    )


def recorrect(bank: Lender, paper: Paper, kind: str, *, role: str = "archivist") -> Paper:
    now = Paper.objects.get(id=paper.id)
    return paper_correct(actor=bank.actor(role), paper=now, revision=now.revision, kind=kind, values={})


def test_nobody_opens_a_picture_alone_by_calling_the_paper_another_kind(client_of: Any, bank: Lender) -> None:
    with bank.open():
        close(bank, "picture.id_card_front", "picture.id_card_back")
        paper = to_check(bank, {"name": "李蓝"})
        with pytest.raises(Forbidden) as refused:
            recorrect(bank, paper, "other")
        assert refused.value.error_code == "kind_closed"
        assert recorrect(bank, paper, "id_card_back").kind == "id_card_back", "as closed as before"
        now = Paper.objects.get(id=paper.id)
    sent = {"revision": now.revision, "kind": "other", "loan": "", "reason": "", "why": ""}
    answer = client_of(bank, "archivist").post(f"/archives/papers/{paper.id}/correct/", sent)
    assert answer.status_code == 403
    with bank.open():
        assert Paper.objects.get(id=paper.id).kind == "id_card_back"


def test_whom_a_second_person_let_see_the_picture_may_say_that_it_is_another_kind(client_of: Any, bank: Lender) -> None:
    with bank.open():
        close(bank, "picture.id_card_front")
        paper, other = to_check(bank, {"name": "李蓝"}), to_check(bank, {"name": "王红"})
        asks = bank.actor("admin")
        opening = opening_ask(
            actor=asks, kind="archives.picture", asked={"paper": str(paper.id)}, reason_code="identity_check"
        )
        with pytest.raises(Forbidden):
            recorrect(bank, paper, "other", role="admin")
        opening_decide(actor=bank.actor("compliance"), opening=opening, approve=True)
        for somebody, which in (("archivist", paper), ("admin", other)):
            with pytest.raises(Forbidden):
                recorrect(bank, which, "other", role=somebody)
        assert recorrect(bank, paper, "other", role="admin").kind == "other"


def test_a_paper_that_nobody_has_read_is_closed_while_a_kind_is(client_of: Any, bank: Lender) -> None:
    with bank.open():
        unread = received(bank, BLANK_PAGE)
        assert not unread.kind
    address = f"/archives/papers/{unread.id}/original/"
    assert client_of(bank, "admin").get(address).status_code == 200
    with bank.open():
        close(bank, "picture.bank_card")
    assert client_of(bank, "admin").get(address).status_code == 403
    with bank.open():
        Paper.objects.filter(id=unread.id).update(state="refused")
        with pytest.raises(Forbidden):
            recorrect(bank, unread, "other", role="admin")
        assert recorrect(bank, unread, "bank_card", role="admin").kind == "bank_card"


def test_the_text_of_a_closed_paper_is_withheld_like_its_picture(client_of: Any, bank: Lender) -> None:
    with bank.open():
        paper = transcribed(bank, {"name": "李蓝"}, text="姓名李蓝 民族汉 编号秘密内容")
    page, key = f"/archives/papers/{paper.id}/", bank.key("officer")
    found = "/archives/search/?q=秘密内容"
    client = client_of(bank, "officer")
    assert "秘密内容" in client.get(page).content.decode()
    assert "<mark>" in client.get(found).content.decode()
    with bank.open():
        close(bank, "picture.id_card_front")
    client = client_of(bank, "officer")
    assert "秘密内容" not in client.get(page).content.decode()
    assert "编号" not in client.get(found).content.decode()
    told = Client().get(f"/api/v1/papers/{paper.id}/", headers={"Authorization": key}).json()
    assert (told["text"], told["text_withheld"]) == ("", True)


CARD = {"name": "李蓝", "birth": "1990-01-01", "number": "110101199001011229"}
CARD_TEXT = (
    "姓 名 李 蓝\n出生 1990 年 1 月 1 日\n公民身份号码 1101 0119 9001 0112 29\n另有一人 11010519491231002X\n尾注"
)


def test_what_a_field_hides_does_not_stand_clear_in_the_text_for_people(client_of: Any, bank: Lender) -> None:
    with bank.open():
        paper = transcribed(bank, CARD, text=CARD_TEXT)
    page, key = f"/archives/papers/{paper.id}/", bank.key("officer")
    before = client_of(bank, "officer").get(page).context["text"]
    assert "1990 年 1 月 1 日" in before, "nobody made the birthday guarded"
    assert "9001" not in before
    assert "11010519491231002X" not in before, "of whomever the number is"
    with bank.open():
        close(bank, "paper.name", "paper.birth")
    client = client_of(bank, "officer")
    text = client.get(page).context["text"]
    assert text == "姓 名 李*\n出生 1990-**-**\n公民身份号码 110***********1229\n另有一人 110***********002X\n尾注"
    assert "蓝" not in client.get("/archives/search/?q=尾注").content.decode()
    told = client.get(f"/api/v1/papers/{paper.id}/").json()
    assert told["text"] == text, "a session at the API is a person"
    told = Client().get(f"/api/v1/papers/{paper.id}/", headers={"Authorization": key}).json()
    assert told["text"] == CARD_TEXT


def test_a_text_in_which_a_value_that_the_lender_hides_cannot_be_found_is_withheld(
    client_of: Any, bank: Lender
) -> None:
    with bank.open():
        close(bank, "paper.birth")
        paper = transcribed(bank, CARD, text="李蓝 一九九〇年元旦")
        placed = transcribed(bank, CARD, text="李蓝 一九九〇年元旦\f第二页", serial="2")
        placed.fields.filter(name="birth").update(box=[0, 0, 1, 1])
    client = client_of(bank, "officer")
    answer = client.get(f"/archives/papers/{paper.id}/")
    assert (answer.context["text"], answer.context["text_withheld"]) == ("", True)
    assert "识别文本不予显示" in answer.content.decode() or "recognised text is withheld" in answer.content.decode()
    assert client.get(f"/archives/papers/{placed.id}/").context["text"] == "******\f第二页"
