"""Who may not see clear values gets none: no recognised text, no check form, no act that shows what was read."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from carloan.archives.desk_faces import desk_of
from carloan.archives.models import Paper, PaperField
from carloan.archives.services.filing import paper_correct, paper_return
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden
from carloan.core.sealed import clear
from tests.archives.conftest import transcribed
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
# A name and an address that no field holds: text of the paper alone.
TEXT = "姓名王小明 担保人欧阳建国 住址河北省金车路7号"


@pytest.fixture
def paper(bank: Lender) -> Paper:
    with bank.open():
        return transcribed(bank, {"name": "王小明", "number": "110101199001011229"}, text=TEXT)


def half_blind(bank: Lender) -> Actor:
    """A person who may review papers but not see clear values."""
    actor = bank.actor("officer")
    return replace(actor, rights={code: right for code, right in actor.rights.items() if code != "sight.clear"})


def test_recognised_text_is_withheld_and_the_page_says_so(client_of: Any, bank: Lender, paper: Paper) -> None:
    page = client_of(bank, "compliance").get(f"/archives/papers/{paper.id}/").content.decode()
    assert not [word for word in ("欧阳建国", "金车路", "王小明") if word in page]
    assert "not the recognised text" in page or "不能查看识别文本" in page
    assert "欧阳建国" in client_of(bank, "officer").get(f"/archives/papers/{paper.id}/").content.decode()


def test_a_masked_file_name_says_what_it_is(client_of: Any, bank: Lender, paper: Paper) -> None:
    with bank.open():
        name = clear(Paper.objects.get(id=paper.id), "name")
    for address in (f"/archives/papers/{paper.id}/", "/archives/"):
        masked, whole = (client_of(bank, role).get(address).content.decode() for role in ("compliance", "officer"))
        assert ("文件名（已遮盖）" in masked, name in masked) == (True, False)
        assert ("文件名（已遮盖）" in whole, name in whole) == (False, True)


def test_who_opens_one_value_is_told_which_and_so_is_the_trail(client_of: Any, bank: Lender, paper: Paper) -> None:
    with bank.open():
        field = PaperField.objects.get(paper=paper, name="number")
    reader = client_of(bank, "compliance").confirmed()
    sheet = f"/compliance/reveal/archives.paperfield/{field.id}/value/"
    assert "<h2>证件号码</h2>" in reader.get(sheet).content.decode()
    shown = reader.post(sheet, {"reason_code": "audit", "reason": ""}).content.decode()
    assert "110101199001011229" in shown
    assert "证件号码" in shown
    trail = reader.get("/compliance/trail/?looks=on").content.decode()
    assert "身份证（人像面） · 证件号码" in trail


def test_the_api_withholds_the_text_and_says_so(bank: Lender, paper: Paper) -> None:
    answer = Client().get(f"/api/v1/papers/{paper.id}/", headers={"Authorization": bank.key("compliance")})
    assert (answer.json()["text"], answer.json()["text_withheld"]) == ("", True)
    assert "欧阳" not in answer.content.decode()


def test_a_reviewer_without_sight_gets_no_check_form_and_no_clear_value(bank: Lender, paper: Paper) -> None:
    with bank.open():
        seen = desk_of(bank.actor("officer"), paper)
        assert seen["is_reviewing"]
        assert "110101199001011229" in [field.text for field in seen["fields"]]
        shown = desk_of(half_blind(bank), paper)
        assert not shown["is_reviewing"]
        assert {field.text + field.original for field in shown["fields"]} == {""}
        assert "王小明" not in repr(shown["fields"])


def test_a_reviewer_without_sight_corrects_and_returns_nothing(bank: Lender, paper: Paper) -> None:
    with bank.open():
        actor = half_blind(bank)
        with pytest.raises(Forbidden):
            paper_correct(actor=actor, paper=paper, revision=paper.revision, kind=paper.kind, values={"name": "李四"})
        with pytest.raises(Forbidden):
            paper_return(actor=actor, paper=paper, revision=paper.revision, reason="不清楚")
