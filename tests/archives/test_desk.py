"""The desk's queue: who gets which paper, in which order, handing out, and taking a filing back."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from carloan.archives.models import Paper, PaperField, PaperPage
from carloan.archives.policies.risk import level, risk_of
from carloan.archives.recognition import proof
from carloan.archives.recognition.sheet import Line, Sheet
from carloan.archives.selectors.listing import PaperFilters, papers_page
from carloan.archives.selectors.queue import queue_counts, reviewers
from carloan.archives.services import claiming
from carloan.archives.services.assigning import papers_assign
from carloan.archives.services.claiming import paper_claim, paper_next, papers_claim, papers_release
from carloan.archives.services.filing import paper_correct, paper_file
from carloan.archives.services.reading import lines_as_json
from carloan.archives.values import MONEY
from carloan.archives.words import PROBLEM_GROUPS, PROBLEM_LABELS
from carloan.core.errors import Forbidden, Invalid, NotFound
from carloan.core.models import AuditEvent, RoleAssignment
from carloan.core.sealed import seal
from carloan.loans.models import Loan
from carloan.loans.policies.facts import PersonFacts
from carloan.loans.services.loans import PersonIn
from tests.archives.conftest import loan_for, received, transcribed
from tests.archives.test_receiving import picture
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
CARD = {"name": "李蓝", "number": "110101199001011229"}
# Nothing that leads to a loan.
NAME = {"name": "李蓝"}
OLDEST = PaperFilters(oldest_first=True)


def waiting(bank: Lender, count: int = 3, **more: Any) -> list[Paper]:
    return [transcribed(bank, CARD, serial=str(number), text=f"第{number}份", **more) for number in range(count)]


# Order -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "problems", "points", "word"),
    [
        (("name",), [], 5, "low"),
        (("total",), [], 25, "low"),
        (("name", "number"), [{"code": "field_unsure", "fields": ["number"]}], 35, "medium"),
        (("total",), [{"code": "sum_differs", "fields": ["total", "tax"]}], 55, "medium"),
        (("vin",), [{"code": "vin_check", "fields": ["vin"]}], 65, "high"),
        (("valid_to",), [{"code": "expired", "fields": ["valid_to"]}], 25, "low"),
        (("total", "vin"), [{"code": "vin_check", "fields": ["vin"]}, {"code": "loan_differs", "fields": ["vin"]}], 100,
         "high"),
    ],
)  # fmt: skip
def test_risk_is_what_a_mistake_would_cost(fields: Any, problems: Any, points: int, word: str) -> None:
    found = risk_of(fields, problems)
    assert (min(found, 100), level(found)) == (points, word)


def test_every_kind_of_problem_that_people_ask_for_has_a_name_and_exists() -> None:
    assert set(PROBLEM_GROUPS) == set(PROBLEM_LABELS)
    codes = [code for group in PROBLEM_GROUPS.values() for code in group]
    assert len(codes) == len(set(codes))
    assert set(codes) <= set(proof.MESSAGES)
    assert "principal" in MONEY


def test_the_queue_is_by_age_or_by_risk_page_by_page(bank: Lender) -> None:
    with bank.open():
        plain = waiting(bank, 3)
        grave = transcribed(bank, CARD | {"number": "110101199001011220"}, serial="grave")
        Paper.objects.filter(id=grave.id).update(risk=80)
        actor = bank.actor("archivist")
        by_age = papers_page(actor, PaperFilters(desk=True, oldest_first=True)).papers
        assert [paper.id for paper in by_age] == [paper.id for paper in (*plain, grave)]
        seen: list[Any] = []
        after = ""
        while True:
            page = papers_page(actor, PaperFilters.of_desk({"order": "risk", "after": after}, desk=True), size=2)
            seen += [paper.id for paper in page.papers]
            if page.next is None:
                break
            after = str(page.next)
        assert seen == [grave.id, *(paper.id for paper in plain)]
        with pytest.raises(Invalid):
            PaperFilters.of_desk({"after": f"x.{grave.id}"})


def test_the_queue_is_asked_for_branch_problem_and_person(bank: Lender) -> None:
    with bank.open():
        paper, other = waiting(bank, 2)
        actor, member = bank.actor("archivist"), bank.members["archivist"]
        problems = [{"code": "vin_check", "fields": ["vin"]}]
        Paper.objects.filter(id=paper.id).update(problems=problems, assigned_to=member)

        def found(**query: str) -> set[Any]:
            return {paper.id for paper in papers_page(actor, PaperFilters.of_desk(query, desk=True)).papers}

        assert found(problem="number") == {paper.id}
        assert found(assigned="me") == found(assigned=str(member.id)) == {paper.id}
        assert found(assigned="nobody") == {other.id}
        assert found(branch=str(bank.branches["east"].id)) == {paper.id, other.id}
        assert found(branch=str(bank.branches["west"].id)) == set()
        for wrong in ({"problem": "x"}, {"assigned": "x"}, {"branch": "x"}, {"order": "x"}):
            with pytest.raises(Invalid):
                PaperFilters.of_desk(wrong)
        counts = queue_counts(actor)
        assert (counts.waiting, counts.mine, counts.kinds) == (2, 1, [("id_card_front", 2)])
        Paper.objects.filter(id=other.id).update(received_at=timezone.now() - timedelta(days=2))
        assert (queue_counts(actor).old, queue_counts(actor).very_old) == (1, 0)


def test_the_old_hits_of_one_loan_are_not_crowded_out_by_newer_ones(bank: Lender) -> None:
    with bank.open():
        loan = loan_for(bank)
        by_text = transcribed(bank, {"name": "-"}, text="抵押登记证明", loan=loan, serial="old")
        by_number = transcribed(bank, {"name": "-", "number": "110101199003078888"}, loan=loan, serial="number")
        for serial in range(3):
            values = {"name": "-", "number": "110101199003078888"}
            transcribed(bank, values, text="抵押登记证明 110101199003078888", serial=str(serial))
        actor = bank.actor("officer")
        for query, paper in (("抵押登记", by_text), ("110101199003078888", by_number)):
            filters = PaperFilters(q=query, loan=loan.contract_no)
            assert papers_page(actor, filters, size=2).papers == [paper], query
            assert len(papers_page(actor, PaperFilters(q=query), size=2).papers) == 2


# Leases ------------------------------------------------------------------------------------------------------------


def test_two_people_get_two_papers_and_a_lease_ends_by_itself(bank: Lender) -> None:
    with bank.open():
        first, second, third = waiting(bank)
        one, two = bank.actor("archivist"), bank.actor("admin")
        assert paper_next(actor=one, filters=OLDEST) == first
        assert paper_next(actor=two, filters=OLDEST) == second
        assert paper_next(actor=one, filters=OLDEST, current=first) == third
        # Everything is taken: of the others nothing is left, one's own papers stay one's own.
        assert paper_next(actor=two, filters=OLDEST, current=second) is None
        assert not paper_claim(actor=two, paper=first)
        Paper.objects.filter(id=first.id).update(claimed_until=timezone.now() - timedelta(seconds=1))
        assert paper_next(actor=two, filters=OLDEST, current=second) == first
        papers_release(actor=one, paper_ids=[first.id, third.id])
        assert {paper.id for paper in Paper.objects.filter(claimed_by=bank.members["admin"])} == {first.id, second.id}


def test_the_way_back_and_papers_of_others(bank: Lender) -> None:
    with bank.open():
        first, second, third = waiting(bank)
        actor = bank.actor("archivist")
        Paper.objects.filter(id=second.id).update(assigned_to=bank.members["admin"])
        assert paper_next(actor=actor, filters=OLDEST, current=first) == third
        assert paper_next(actor=actor, filters=OLDEST, current=third, back=True) == first
        assert paper_next(actor=actor, filters=OLDEST, current=first, back=True) is None
        asked = PaperFilters.of_desk({"assigned": str(bank.members["admin"].id)}, oldest_first=True)
        assert paper_next(actor=actor, filters=asked) == second


def test_a_lease_is_no_part_of_the_revision_and_ends_with_the_work(bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = transcribed(bank, CARD, loan=loan)
        Paper.objects.filter(id=paper.id).update(state="review", filed_at=None)
        paper = Paper.objects.get(id=paper.id)
        actor = bank.actor("archivist")
        assert papers_claim(actor=actor, paper_ids=[paper.id]) == [paper.id]
        filed = paper_file(actor=actor, paper=paper, revision=paper.revision, reason="已核对原件")
        again = Paper.objects.get(id=filed.id)
        assert (again.claimed_by_id, again.claimed_until, again.risk) == (None, None, 0)


def test_only_people_who_may_check_take_leases(bank: Lender) -> None:
    with bank.open():
        (paper,) = waiting(bank, 1)
        busy = received(bank, picture("busy"))
        assert papers_claim(actor=bank.actor("collector"), paper_ids=[paper.id]) == []
        assert papers_claim(actor=bank.system, paper_ids=[paper.id]) == []
        assert papers_claim(actor=bank.actor("admin"), paper_ids=[busy.id, uuid4()]) == []
        assert timedelta(minutes=1) < claiming.LEASE < timedelta(minutes=10)


# Handing out -------------------------------------------------------------------------------------------------------


def test_many_papers_are_handed_out_with_one_event(bank: Lender) -> None:
    with bank.open():
        papers = waiting(bank)
        ids = [paper.id for paper in papers]
        member = bank.members["archivist"]
        assert member in reviewers()
        assert papers_assign(actor=bank.actor("admin"), paper_ids=ids, member=member) == 3
        assert papers_assign(actor=bank.actor("admin"), paper_ids=ids, member=member) == 0
        event = AuditEvent.objects.get(action="archives.papers.assigned")
        assert b'"count":3' in bytes(event.canon)
        assert event.object_id is None
        assert {paper.audit_event_id for paper in Paper.objects.filter(id__in=ids)} == {event.id}
        # An open form stays good: the revision is the one it knows.
        assert {paper.revision for paper in Paper.objects.filter(id__in=ids)} == {papers[0].revision}
        assert papers_assign(actor=bank.actor("admin"), paper_ids=ids[:1], member=None) == 1
        assert Paper.objects.filter(assigned_to=member).count() == 2


def test_handing_out_is_all_or_nothing_and_within_both_reaches(bank: Lender) -> None:
    with bank.open():
        papers = waiting(bank, 2)
        far = loan_for(bank, contract_no="HX-2025-000999", branch="west", people=[], vehicle=None)
        away = transcribed(bank, CARD, loan=far, role="admin", serial="away")
        ids = [paper.id for paper in (*papers, away)]
        Paper.objects.filter(id=away.id).update(state="review")
        officer = bank.members["officer"]
        RoleAssignment.objects.filter(membership=officer).update(branch=bank.branches["east"])
        with pytest.raises(Invalid):
            papers_assign(actor=bank.actor("admin"), paper_ids=ids, member=officer)
        with pytest.raises(Invalid):
            papers_assign(actor=bank.actor("admin"), paper_ids=ids, member=bank.members["collector"])
        with pytest.raises(NotFound):
            papers_assign(actor=bank.actor("admin"), paper_ids=[*ids, uuid4()], member=bank.members["admin"])
        with pytest.raises(Forbidden):
            papers_assign(actor=bank.actor("officer"), paper_ids=ids, member=officer)
        with pytest.raises(Invalid):
            papers_assign(actor=bank.actor("admin"), paper_ids=[], member=officer)
        assert not Paper.objects.exclude(assigned_to=None).exists()
        assert not AuditEvent.objects.filter(action="archives.papers.assigned").exists()


# Who vouched for what ----------------------------------------------------------------------------------------------


def test_who_corrected_a_value_stays_named_when_somebody_else_confirms(bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = transcribed(bank, CARD, loan=loan)
        PaperField.objects.filter(paper=paper, name="number").update(confidence=900)
        first, second = bank.actor("officer"), bank.actor("admin")
        # Another name than the loan's: the filed paper keeps it for a reason.
        paper = paper_correct(
            actor=first, paper=paper, revision=paper.revision, kind="id_card_front", values=CARD | {"name": "李兰"},
            reason="原件如此",
        )  # fmt: skip
        paper = paper_correct(
            actor=second, paper=paper, revision=paper.revision, kind="id_card_front", values=CARD | {"name": "李兰"}
        )
        rows = {row.name: row for row in PaperField.objects.filter(paper=paper)}
        assert rows["name"].verified_by_id == first.membership_id
        assert rows["number"].verified_by_id == second.membership_id
        assert rows["number"].confidence == 900


# Through HTTP ------------------------------------------------------------------------------------------------------


def test_the_next_paper_comes_whole_or_as_a_part_of_the_desk(client_of: Any, bank: Lender) -> None:
    with bank.open():
        first, second = waiting(bank, 2)
    client = client_of(bank, "officer")
    answer = client.get("/archives/next/", {"kind": "id_card_front"})
    assert answer.url.endswith(f"/archives/papers/{first.id}/?kind=id_card_front")
    part = client.get("/archives/next/", {"from": str(first.id)}, headers={"X-Desk": "1"})
    assert f'data-paper="{second.id}"' in part.content.decode()
    assert "<nav class" not in part.content.decode()
    other = client_of(bank, "archivist")
    assert other.get("/archives/next/", headers={"X-Desk": "1"}).status_code == 204
    assert other.get("/archives/next/").url.endswith("/archives/")
    page = other.get(f"/archives/papers/{first.id}/").content.decode()
    assert "officer 张" in page
    dropped = client.post("/archives/claims/", {"drop": [str(first.id)], "keep": [str(second.id)]})
    assert dropped.json() == {"mine": [str(second.id)]}
    assert other.get("/archives/next/").url.endswith(f"/archives/papers/{first.id}/")


def test_filing_leads_to_the_next_paper_and_tells_the_loan(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        first, second = (transcribed(bank, NAME, serial=serial) for serial in "ab")
    client = client_of(bank, "officer")
    form = {"revision": first.revision, "kind": "id_card_front", "f_name": "李蓝",
            "loan": loan.contract_no, "file": "1", "queue_order": "risk", "why": "original_seen"}  # fmt: skip
    answer = client.post(f"/archives/papers/{first.id}/correct/", form, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith(f"/archives/papers/{second.id}/?order=risk&filed={first.id}&was=desk")
    assert f"{loan.contract_no}</a>" in page
    assert 'name="to_desk"' in page
    with bank.open():
        event = AuditEvent.objects.get(action="archives.paper.filed", object_id=first.id)
        assert event.reason_code == "original_seen"
        revision = Paper.objects.get(id=first.id).revision
    path = f"/archives/papers/{first.id}/unfile/"
    assert client.post(path, {"revision": revision, "to_desk": "1"}).status_code == 302
    assert client.post(path, {"revision": revision}).status_code == 409


def test_papers_are_handed_out_from_the_list(client_of: Any, bank: Lender) -> None:
    with bank.open():
        papers = waiting(bank, 2)
        member = bank.members["archivist"]
    client = client_of(bank, "admin")
    form = {"id": [str(paper.id) for paper in papers], "member": str(member.id), "here": "//evil.example/"}
    answer = client.post("/archives/assign/", form)
    assert answer.url.endswith("/archives/")
    page = client.get("/archives/", {"state": "review", "assigned": str(member.id)}).content.decode()
    assert page.count("data-select-row") == 2
    assert client.post("/archives/assign/", {"id": form["id"], "member": ""}).status_code == 422
    assert client_of(bank, "officer").post("/archives/assign/", form).status_code == 403


def test_the_head_of_the_queue_asks_for_itself_and_counts_what_came_since(client_of: Any, bank: Lender) -> None:
    with bank.open():
        waiting(bank, 1)
    client = client_of(bank, "officer")
    page = client.get("/archives/", {"kind": "id_card_front"}).content.decode()
    head = re.search(r'<section[^>]*id="queue-head"[^>]*>', page)
    assert head is not None
    assert f'hx-get="{client.prefix}/archives/?kind=id_card_front"' in head[0]
    assert "every 10s" in head[0]
    with bank.open():
        waiting(bank, 3)
    asked = {"HX-Request": "true", "HX-Target": "queue-head"}
    answer = client.get("/archives/", {"kind": "id_card_front"}, headers=asked).content.decode()
    assert answer.count('id="queue-head"') == 1
    assert re.search(r'id="queue-waiting"[^>]*>3<', answer)
    assert 'id="papers"' not in answer
    with bank.open():
        searched = AuditEvent.objects.filter(action="core.search.asked").count()
    client.get("/archives/", {"q": "李蓝"}, headers=asked)
    with bank.open():
        assert AuditEvent.objects.filter(action="core.search.asked").count() == searched


def test_a_return_names_one_of_the_usual_reasons(client_of: Any, bank: Lender) -> None:
    with bank.open():
        first, second = waiting(bank, 2)
    client = client_of(bank, "officer")
    path = f"/archives/papers/{first.id}/return/"
    assert client.post(path, {"revision": first.revision, "why": "other"}).status_code == 422
    answer = client.post(path, {"revision": first.revision, "why": "unreadable", "reason": "反光"})
    assert f"from={first.id}" in answer.url
    assert client.get(answer.url.removeprefix("/t/bank")).url.endswith(f"/archives/papers/{second.id}/")
    assert "影像无法辨认：反光" in client.get(f"/archives/papers/{first.id}/").content.decode()


def test_words_that_were_searched_for_are_marked(client_of: Any, bank: Lender) -> None:
    with bank.open():
        (paper,) = waiting(bank, 1)
    client = client_of(bank, "officer")
    assert "data-viewer-mark" in client.get(f"/archives/papers/{paper.id}/", {"q": "第 0"}).content.decode()
    assert "data-viewer-mark" not in client.get(f"/archives/papers/{paper.id}/", {"q": "别处"}).content.decode()
    masked = client_of(bank, "compliance").get(f"/archives/papers/{paper.id}/", {"q": "第0"}).content.decode()
    assert "data-viewer-mark" not in masked


def test_a_word_is_marked_where_it_stands_also_over_the_end_of_a_line(client_of: Any, bank: Lender) -> None:
    with bank.open():
        (paper,) = waiting(bank, 1)
        page = PaperPage.objects.get(paper=paper)
        page.paper = paper
        seal(page, lines=lines_as_json(Sheet(1, 1000, 1000, (
            Line("应当办理抵押登", 1.0, ((100, 100), (240, 100), (240, 120), (100, 120))),
            Line("记手续", 1.0, ((100, 140), (160, 140), (160, 160), (100, 160))),
        ))))  # fmt: skip
        page.save(update_fields=["lines"])
    answer = client_of(bank, "officer").get(f"/archives/papers/{paper.id}/", {"q": "抵押登记"}).content.decode()
    assert re.findall('data-at="([^"]+)"', answer) == ["0.18,0.1,0.24,0.12", "0.1,0.14,0.12,0.16"]
    # As long as the search takes them.
    long = {"q": "别处" * 70 + " OR 抵押登记"}
    assert client_of(bank, "officer").get(f"/archives/papers/{paper.id}/", long).content.decode().count("data-at=") == 2


# What is wrong with a form that was sent ---------------------------------------------------------------------------

OTHER_ID = "110101199003078515"


def other_loan(bank: Lender, branch: str = "east") -> Loan:
    """A loan of somebody else than 李蓝."""
    people = [PersonIn(PersonFacts(name="王小明", id_kind="resident", id_number=OTHER_ID))]
    return loan_for(bank, contract_no="HX-2025-000888", branch=branch, people=people, vehicle=None)


def sent(paper: Paper, **more: Any) -> dict[str, Any]:
    return {"revision": paper.revision, "kind": "id_card_front", "f_name": "李蓝", "f_number": CARD["number"], **more}


def part(page: str, name: str) -> str:
    """The field of this name, from its box to the next one."""
    return next(each for each in page.split('<div class="desk-field"') if f'name="{name}"' in each)


def test_a_loan_of_somebody_else_is_told_beside_the_loan_and_on_the_fields(
    client_of: Any, bank: Lender, loan: Loan
) -> None:
    with bank.open():
        other = other_loan(bank)
        paper = transcribed(bank, {"sex": "女"})
    client, path = client_of(bank, "officer"), f"/archives/papers/{paper.id}/correct/"
    form = sent(paper, loan=other.contract_no, file="1")
    assert "没有匹配的贷款" in client.get(f"/archives/papers/{paper.id}/").content.decode()
    answer = client.post(path, form)
    page = answer.content.decode()
    assert answer.status_code == 422
    differs = "姓名、证件号码"
    assert differs in part(page, "loan")
    assert 'name="reason"' in page
    assert "没有匹配的贷款" not in page
    for name in ("f_name", "f_number"):
        assert differs in part(page, name)
        assert "data-doubt" in part(page, name)
        assert "未识别" not in part(page, name)
        assert '<span class="please">' in part(page, name)
    # The loan that the values do name is one button away; pressing it stores nothing.
    assert f'name="use_loan" value="{loan.contract_no}"' in part(page, "loan")
    answer = client.post(path, sent(paper, loan=other.contract_no, use_loan=loan.contract_no))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{loan.contract_no}"' in part(page, "loan")
    assert differs not in page
    assert "use_loan" not in page
    with bank.open():
        assert Paper.objects.get(id=paper.id).revision == paper.revision
        assert PaperField.objects.filter(paper=paper).count() == 1
    # With a reason the person may file against the problem, as ever.
    assert client.post(path, form | {"why": "original_seen"}).status_code == 302


def test_whoever_checks_for_one_branch_is_offered_its_loans(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        other = other_loan(bank)
        RoleAssignment.objects.filter(membership=bank.members["officer"]).update(branch=bank.branches["east"])
        paper = transcribed(bank, {"sex": "女"})
    form = sent(paper, loan=other.contract_no, file="1")
    page = client_of(bank, "officer").post(f"/archives/papers/{paper.id}/correct/", form).content.decode()
    assert f'name="use_loan" value="{loan.contract_no}"' in part(page, "loan")


def test_a_loan_beyond_reach_is_not_offered(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        other_loan(bank, branch="west")
        paper = transcribed(bank, {"sex": "女"})
        RoleAssignment.objects.filter(membership=bank.members["officer"]).update(branch=bank.branches["east"])
    answer = client_of(bank, "officer").post(
        f"/archives/papers/{paper.id}/correct/",
        sent(paper, loan=loan.contract_no, f_number=OTHER_ID, f_name="王小明", file="1"),
    )
    assert answer.status_code == 422
    assert "use_loan" not in answer.content.decode()


def test_a_loan_that_is_not_there_is_told_once(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = transcribed(bank, {"sex": "女"})
    answer = client_of(bank, "officer").post(
        f"/archives/papers/{paper.id}/correct/", sent(paper, loan="HX-NONE", file="1")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有该合同号的贷款" in page
    assert "没有匹配的贷款" not in page


@pytest.mark.parametrize("act", ["file", "draft"])
def test_a_number_of_a_loan_that_no_text_holds_is_told_as_any_other(client_of: Any, bank: Lender, act: str) -> None:
    with bank.open():
        paper = transcribed(bank, {"sex": "女"})
    form = sent(paper, loan="HX\x00-1", **{act: "1"})
    assert client_of(bank, "officer").post(f"/archives/papers/{paper.id}/correct/", form).status_code == 422


def test_another_kind_shows_its_fields_and_stores_nothing(client_of: Any, bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = transcribed(bank, CARD, loan=loan)
        Paper.objects.filter(id=paper.id).update(state="review", filed_at=None)
    client, path = client_of(bank, "officer"), f"/archives/papers/{paper.id}/correct/"
    assert '<noscript><div class="help">' in client.get(f"/archives/papers/{paper.id}/").content.decode()
    form = sent(paper, kind="driving_licence", f_sex="女", loan=loan.contract_no)
    answer = client.post(path, form | {"draft": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="f_licence_class"' in page
    assert 'name="f_sex" value="女"' in page
    assert 'name="shown_kind" value="driving_licence"' in page
    # Fields that were never shown are filed by nobody, whether the form says which it showed or not.
    for shown in ({}, {"shown_kind": "id_card_front"}):
        answer = client.post(path, form | {"file": "1", "why": "original_seen"} | shown)
        assert answer.status_code == 422
        assert 'name="f_licence_class"' in answer.content.decode()
    with bank.open():
        now = Paper.objects.get(id=paper.id)
        assert (now.kind, now.state, now.revision) == ("id_card_front", "review", paper.revision)
    form |= {"file": "1", "why": "original_seen", "shown_kind": "driving_licence"}
    assert client.post(path, form).status_code == 302
    with bank.open():
        assert Paper.objects.get(id=paper.id).kind == "driving_licence"
