"""Reasons chosen from lists are kept as codes: each reader gets their language's words, and what was typed as it is."""

from typing import Any

import pytest
from django.utils.translation import override

from carloan.archives.faces import problem_lines
from carloan.archives.models import Paper
from carloan.archives.services.filing import paper_correct, paper_file, paper_refuse, paper_return
from carloan.archives.words import ACCEPT_REASONS, OTHER_REASON, RETURN_REASONS
from carloan.core import audit
from carloan.core.errors import Invalid
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear, seal
from carloan.loans.models import Loan
from tests.archives.conftest import to_check
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
# Nothing on it leads to its loan, and values are missing.
NAME = {"name": "李蓝"}


def now(paper: Paper) -> Paper:
    return Paper.objects.get(id=paper.id)


def page_of(client: Any, paper: Paper, language: str) -> str:
    client.cookies["django_language"] = language
    return str(client.get(f"/archives/papers/{paper.id}/").content.decode())


def test_why_a_paper_was_filed_is_read_in_each_language(bank: Lender, client_of: Any, loan: Loan) -> None:
    with bank.open():
        paper = to_check(bank, NAME, loan=loan)
    client = client_of(bank, "archivist")
    client.cookies["django_language"] = "zh-hans"
    form = {"revision": paper.revision, "kind": "id_card_front", "f_name": "李蓝", "file": "1", "why": "as_printed"}
    assert client.post(f"/archives/papers/{paper.id}/correct/", form | {"reason": "原件缺角"}).status_code == 302
    assert "原因：原件如此：原件缺角" in page_of(client, paper, "zh-hans")
    assert "Reason: It is printed so: 原件缺角" in page_of(client, paper, "en")
    with bank.open():
        assert (now(paper).note_code, clear(now(paper), "note")) == ("as_printed", "原件缺角")
        event = AuditEvent.objects.filter(action="archives.paper.filed", object_id=paper.id).latest("id")
        assert (event.reason_code, audit.open_detail(event)["reason"]) == ("as_printed", "原件缺角")
    # Who sees masks reads the usual reason, which says nothing of anybody, and not what was typed.
    masked = page_of(client_of(bank, "compliance"), paper, "en")
    assert "It is printed so" in masked
    assert "缺角" not in masked


@pytest.mark.parametrize(
    ("button", "action"), [({}, "archives.paper.returned"), ({"refuse": "1"}, "archives.paper.refused")]
)
def test_why_a_paper_came_back_is_read_in_each_language(
    bank: Lender, client_of: Any, loan: Loan, button: dict[str, str], action: str
) -> None:
    with bank.open():
        paper = to_check(bank, NAME, loan=loan)
    client = client_of(bank, "archivist")
    form = {"revision": paper.revision, "why": "incomplete", **button}
    client.cookies["django_language"] = "en"
    assert client.post(f"/archives/papers/{paper.id}/return/", form).status_code == 302
    assert "退回原因：缺页或不完整" in page_of(client, paper, "zh-hans")
    assert "Returned: Pages or parts are missing" in page_of(client, paper, "en")
    with bank.open():
        assert (now(paper).note_code, clear(now(paper), "note")) == ("incomplete", "")
        event = AuditEvent.objects.get(action=action, object_id=paper.id)
        assert (event.reason_code, "reason" in audit.open_detail(event)) == ("incomplete", False)


def test_a_reason_from_before_stays_the_text_it_is(bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = paper_return(
            actor=bank.actor("archivist"), paper=(made := to_check(bank, NAME, loan=loan)), revision=made.revision,
            reason="缺页或不完整：第二页", reason_code="incomplete",
        )  # fmt: skip
        # As the version before wrote it: one sentence, no code.
        seal(paper, note="缺页或不完整：第二页")
        paper.note_code = ""
        for language in ("zh-hans", "en"):
            with override(language):
                assert any("缺页或不完整：第二页" in line for line in problem_lines(bank.actor("officer"), paper))


def test_a_usual_reason_is_enough_and_another_one_wants_words(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor = bank.actor("archivist")
        for act, usual, other in (
            (paper_file, ACCEPT_REASONS, RETURN_REASONS),
            (paper_return, RETURN_REASONS, ACCEPT_REASONS),
            (paper_refuse, RETURN_REASONS, ACCEPT_REASONS),
        ):
            paper = to_check(bank, NAME, loan=loan, serial=act.__name__)
            strange = next(code for code in other if code not in usual)
            for reason, code in (("", ""), ("", OTHER_REASON), ("", "nonsense"), ("原件如此", strange)):
                with pytest.raises(Invalid):
                    act(actor=actor, paper=paper, revision=paper.revision, reason=reason, reason_code=code)
            done = act(actor=actor, paper=paper, revision=paper.revision, reason="", reason_code=next(iter(usual)))
            assert done.note_code == next(iter(usual))
            again = paper_return(
                actor=actor, paper=done, revision=done.revision, reason="另查", reason_code=OTHER_REASON
            )
            assert (again.note_code, clear(again, "note")) == (OTHER_REASON, "另查")


def test_a_reason_for_what_is_not_wrong_any_more_is_gone(bank: Lender, loan: Loan) -> None:
    with bank.open():
        actor = bank.actor("archivist")
        paper = to_check(bank, NAME, loan=loan)
        paper = paper_file(actor=actor, paper=paper, revision=paper.revision, reason_code="as_printed")
        whole = {
            "name": "李蓝", "sex": "女", "ethnicity": "汉", "birth": "1990-01-01", "address": "北京市东城区金车路1号",
            "number": "110101199001011229",
        }  # fmt: skip
        paper = paper_correct(actor=actor, paper=paper, revision=paper.revision, kind="id_card_front", values=whole)
        assert (paper.problems, paper.note_code) == ([], "")
