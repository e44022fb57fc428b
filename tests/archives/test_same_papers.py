"""The desk says that a loan holds the same paper already: the same kind with the same number, filed there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from carloan.archives.models import Paper
from carloan.archives.policies.matching import NUMBERS
from carloan.archives.recognition.kinds import KINDS
from carloan.archives.selectors.same import same_papers
from carloan.archives.words import FIELDS_OF_KIND
from carloan.core.models import Role, RoleAssignment
from carloan.loans.models import Loan
from tests.archives.conftest import loan_for, to_check, transcribed
from tests.archives.test_filed_later import GOOD
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
Budget = Callable[..., CaptureQueriesContext]
NUMBER = GOOD["number"]


def test_every_kind_with_a_number_has_that_field() -> None:
    assert set(NUMBERS) <= set(KINDS)
    assert [kind for kind, name in NUMBERS.items() if name not in FIELDS_OF_KIND[kind]] == []


def notes(client: Any, paper: Paper) -> str:
    page = str(client.get(f"/archives/papers/{paper.id}/").content.decode())
    return page.split("data-same")[1].split("</div></div>", maxsplit=1)[0] if "data-same" in page else ""


def test_a_card_that_comes_again_is_told_with_a_link(bank: Lender, client_of: Any, loan: Loan) -> None:
    with bank.open():
        first = transcribed(bank, GOOD, loan=loan, serial="scan")
        assert first.state == "filed"
        spaced = {**GOOD, "number": f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}"}
        again = to_check(bank, spaced, loan=loan, serial="photo")
        elsewhere = loan_for(bank, contract_no="HX-2025-000778", people=[], vehicle=None)
        others = [
            to_check(bank, GOOD | {"number": "110101199003078515"}, loan=loan, serial="another number"),
            to_check(bank, GOOD, loan=loan, serial="another kind", kind="driving_licence"),
            to_check(bank, GOOD, loan=elsewhere, serial="another loan"),
            to_check(bank, {"name": "李蓝"}, loan=loan, serial="no number"),
        ]
    client = client_of(bank, "archivist")
    told = notes(client, again)
    assert f'href="/t/{bank.tenant.slug}/archives/papers/{first.id}/"' in told
    assert f"{loan.contract_no} 已归档有同类型、同号码的材料" in told
    assert [notes(client, paper) for paper in others] == [""] * len(others)
    # The other one waits itself: nothing is filed yet that this one would repeat.
    with bank.open():
        Paper.objects.filter(id=first.id).update(state="review", filed_at=None)
    assert notes(client, again) == ""


def test_the_machine_files_no_paper_twice_whatever_file_it_comes_as(bank: Lender, loan: Loan) -> None:
    with bank.open():
        assert transcribed(bank, GOOD, loan=loan, serial="scan").state == "filed"
        again = transcribed(bank, GOOD, loan=loan, serial="photo")
        assert (again.state, [problem["code"] for problem in again.problems]) == ("review", ["same_paper"])
        other = transcribed(bank, {**GOOD, "number": ""}, loan=loan, serial="no number")
        assert "same_paper" not in [problem["code"] for problem in other.problems]


def test_a_paper_from_the_desk_tells_it_when_its_loan_is_named(bank: Lender, client_of: Any, loan: Loan) -> None:
    with bank.open():
        first = transcribed(bank, GOOD, loan=loan, serial="scan")
        again = transcribed(bank, GOOD | {"name": "王改名"}, serial="photo")
        assert again.loan_id is None
    client = client_of(bank, "archivist")
    assert notes(client, again) == ""
    path = f"/archives/papers/{again.id}/correct/"
    form = {"revision": again.revision, "kind": again.kind, "shown_kind": again.kind, "loan": loan.contract_no}
    form |= {f"f_{name}": value for name, value in GOOD.items()}
    drafted = client.post(path, form | {"draft": "1"}).content.decode()
    assert "data-same" in drafted
    filed = client.post(path, form | {"file": "1", "why": "original_seen"}, headers={"X-Desk": "1"}).content.decode()
    assert "data-same" in filed
    assert f"/archives/papers/{first.id}/" in filed


def test_nobody_learns_by_it_what_a_loan_hides_from_them(bank: Lender, client_of: Any) -> None:
    """Sees the west masked and the east clear: on a paper of the east, a loan of the west answers nothing."""
    with bank.open():
        west = loan_for(bank, branch="west")
        transcribed(bank, GOOD, loan=west, role="admin", serial="west")
        member = bank.members["officer"]
        RoleAssignment.objects.filter(membership=member).update(branch=bank.branches["east"])
        RoleAssignment.objects.create(
            membership=member, role=Role.objects.get(key="compliance"), audit_event_id=member.audit_event_id
        )
        paper = transcribed(bank, {"sex": "女"}, serial="east")
        officer = bank.actor("officer")
        found: dict[str, Any] = {"kind": "id_card_front", "values": GOOD, "loan_id": west.id}
        assert same_papers(officer, paper, **found) == []
        assert len(same_papers(bank.actor("archivist"), paper, **found)) == 1
    client = client_of(bank, "officer")
    answers = set()
    for name, number in ((GOOD["name"], NUMBER), ("王小明", "110101199003078515")):
        form = {"revision": paper.revision, "kind": "id_card_front", "shown_kind": "id_card_front", "draft": "1"}
        form |= {"loan": west.contract_no, "f_name": name, "f_number": number, "f_birth": "1990-01-01"}
        page = client.post(f"/archives/papers/{paper.id}/correct/", form).content.decode()
        assert west.contract_no in page
        answers.add("所属贷款信息不符" in page)
        form = {**form, "file": "1", "reason": ""}
        del form["draft"]
        answers.add(client.post(f"/archives/papers/{paper.id}/correct/", form).status_code)
    assert answers == {False, 403}


def test_it_costs_one_statement_however_many_papers_the_loan_has(
    bank: Lender, loan: Loan, django_assert_max_num_queries: Budget
) -> None:
    with bank.open():
        paper = to_check(bank, GOOD, loan=loan, serial="this")
        for serial in range(12):
            transcribed(bank, GOOD | {"number": f"11010119900101{serial:04}"}, loan=loan, serial=str(serial))
        Paper.objects.filter(loan=loan).exclude(id=paper.id).update(state="filed")
        actor = bank.actor("archivist")
        with django_assert_max_num_queries(1):
            assert same_papers(actor, paper, kind=paper.kind, values=GOOD, loan_id=loan.id) == []
