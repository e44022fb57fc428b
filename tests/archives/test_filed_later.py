"""A filed paper that is corrected so that something is wrong with it: said at once, accepted by somebody, shown on."""

from typing import Any

import pytest

from carloan.archives.models import Paper
from carloan.archives.services.filing import paper_correct
from carloan.compliance.values import changes_of
from carloan.core import audit
from carloan.core.errors import Invalid
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.loans.models import Loan
from tests.archives.conftest import transcribed
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
GOOD = {"name": "李蓝", "sex": "女", "birth": "1990-01-01", "number": "110101199001011229", "address": "北京市东城区",
        "ethnicity": "汉"}  # fmt: skip
WRONG = "110101199001011220"


@pytest.fixture
def filed(bank: Lender, loan: Loan) -> Paper:
    with bank.open():
        paper = transcribed(bank, GOOD, loan=loan)
        assert (paper.state, paper.problems) == ("filed", [])
        return paper


def saving(client: Any, paper: Paper, **more: str) -> Any:
    paper = Paper.objects.get(id=paper.id)
    form = {"revision": paper.revision, "kind": paper.kind, "shown_kind": paper.kind, "loan": "",
            **{f"f_{name}": value for name, value in GOOD.items()}, **more}  # fmt: skip
    return client.post(f"/archives/papers/{paper.id}/correct/", form, follow=True)


def events(bank: Lender) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action="archives.paper.accepted").order_by("id"))


def test_a_new_problem_is_told_before_anything_is_saved_and_needs_a_reason(
    bank: Lender, client_of: Any, filed: Paper
) -> None:
    client = client_of(bank, "archivist")
    with bank.open():
        answer = saving(client, filed, f_number=WRONG)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "尚未保存。按此保存后，材料将存在以下问题：" in page
        assert "公民身份号码校验位不正确。" in page
        assert 'name="reason"' in page
        paper = Paper.objects.get(id=filed.id)
        assert (paper.revision, paper.problems, events(bank)) == (filed.revision, [], [])

        page = saving(client, filed, f_number=WRONG, why="as_printed").content.decode()
        assert "已保存。材料保持归档状态" in page
        paper = Paper.objects.get(id=filed.id)
        assert paper.state == "filed"
        assert {problem["code"] for problem in paper.problems} >= {"id_check"}
        (event,) = events(bank)
        assert (event.actor_id, event.reason_code) == (bank.members["archivist"].id, "as_printed")
        assert {"id_check", "loan_differs"} == {each["code"] for each in audit.open_detail(event)["after"]["accepted"]}
        ((name, _before, told),) = changes_of(bank.actor("compliance"), event, audit.open_detail(event))
        assert name == "已接受的问题"
        assert told == "公民身份号码校验位不正确。\n材料与所属贷款信息不符：证件号码。"
        assert (paper.verified_by_id, paper.audit_event_id) == (bank.members["archivist"].id, event.id)


def test_the_problem_stands_on_the_paper_for_every_reader_until_it_is_resolved(
    bank: Lender, client_of: Any, filed: Paper
) -> None:
    client = client_of(bank, "archivist")
    with bank.open():
        saving(client, filed, f_number=WRONG, why="as_printed")
        for role in ("archivist", "compliance"):
            page = client_of(bank, role).get(f"/archives/papers/{filed.id}/").content.decode()
            assert "此材料带问题归档。" in page, role
            assert "接受人：" in page, role
        assert "公民身份号码校验位不正确。" in client.get(f"/loans/{filed.loan_id}/?tab=papers").content.decode()
        page = saving(client, filed).content.decode()
        assert "已保存。" in page
        assert "此材料带问题归档。" not in page
        paper = Paper.objects.get(id=filed.id)
        assert (paper.state, paper.problems, clear(paper, "note")) == ("filed", [], "")
        assert len(events(bank)) == 1


def test_what_was_accepted_is_not_asked_again_but_another_wrong_value_is(bank: Lender, filed: Paper) -> None:
    def correct(**values: str) -> Paper:
        now = Paper.objects.get(id=filed.id)
        return paper_correct(
            actor=bank.actor("archivist"), paper=now, revision=now.revision, kind=now.kind,
            values=GOOD | {"number": WRONG} | values, reason=reason,
        )  # fmt: skip

    with bank.open():
        reason = "原件如此"
        correct()
        reason = ""
        correct(ethnicity="满")
        assert len(events(bank)) == 1
        with pytest.raises(Invalid):
            correct(number="110101199001011221")
        reason = "再次核对"
        assert clear(correct(number="110101199001011221"), "note") == "再次核对"
        assert len(events(bank)) == 2


def test_a_contradiction_with_the_loan_and_another_kind_count_as_well(bank: Lender, filed: Paper) -> None:
    with bank.open():
        actor = bank.actor("archivist")
        for kind, values, code in (
            ("id_card_front", GOOD | {"number": "110101199003078888", "birth": "1990-03-07"}, "loan_differs"),
            ("other", GOOD, "kind_unknown"),
            ("id_card_front", GOOD | {"name": ""}, "field_missing"),
        ):
            with pytest.raises(Invalid) as refused:
                paper_correct(actor=actor, paper=filed, revision=filed.revision, kind=kind, values=values)
            assert code in refused.value.data["problems"], code
        assert Paper.objects.get(id=filed.id).problems == []


def test_saving_a_waiting_paper_says_why_it_waits(bank: Lender, client_of: Any, loan: Loan) -> None:
    with bank.open():
        paper = transcribed(bank, GOOD | {"number": WRONG}, loan=loan)
        Paper.objects.filter(id=paper.id).update(state="review", filed_at=None)
        page = saving(client_of(bank, "archivist"), paper, f_number=WRONG).content.decode()
        assert "已保存。材料仍待审核" in page
        assert "公民身份号码校验位不正确。" in page
        assert events(bank) == []
