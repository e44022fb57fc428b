"""A paper's state changes only along the table, once; what people write and empty stays, and stays sealed."""

from typing import Any

import pytest
from django.db import connection

from carloan.archives.desk_faces import desk_of
from carloan.archives.faces import problem_lines
from carloan.archives.models import Paper, PaperField
from carloan.archives.policies.moves import MOVES
from carloan.archives.services.filing import paper_correct, paper_file, paper_refile, paper_refuse, paper_return
from carloan.archives.services.states import paper_step
from carloan.core.errors import Conflict
from carloan.core.sealed import clear
from carloan.loans.models import Loan
from tests.archives.conftest import loan_for, transcribed
from tests.cast import Lender
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
VALUES = {"name": "王小明", "number": "110101199001011229"}
REASON = "王小明的身份证照片模糊"


def act(service: Any, bank: Lender, paper: Paper, **more: Any) -> Paper:
    moved: Paper = service(actor=bank.actor("officer"), paper=paper, revision=paper.revision, **more)
    return moved


def stored(paper: Paper) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM archives_paper p WHERE p.id = %s", [paper.id])
        return str(cursor.fetchone()[0])


def test_the_table_names_each_way_once_and_every_state() -> None:
    assert {state for move in MOVES for state in (move.source, move.target)} == set(Paper.State.values)
    assert MOVES.find("received", "file") is None
    assert MOVES.find("refused", "refuse") is None


def test_every_event_in_every_state_goes_by_the_table(bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = transcribed(bank, VALUES, loan=loan)
        assert walk(paper, MOVES, Paper.State.values, paper_step) == (23, 32)


def test_a_way_that_is_not_in_the_table_is_refused(bank: Lender) -> None:
    with bank.open():
        paper = act(paper_refuse, bank, transcribed(bank, VALUES), reason=REASON)
        with pytest.raises(Conflict):
            act(paper_refuse, bank, paper, reason=REASON)
        with pytest.raises(Conflict):
            paper_step(paper, "read_clean")
        assert Paper.objects.get(id=paper.id).state == "refused"


def test_a_step_from_a_state_that_is_no_longer_there_writes_nothing(bank: Lender) -> None:
    with bank.open():
        paper = transcribed(bank, VALUES)
        stale = Paper.objects.get(id=paper.id)
        act(paper_refuse, bank, paper, reason=REASON)
        with pytest.raises(Conflict):
            paper_step(stale, "return")
        assert Paper.objects.get(id=paper.id).state == "refused"


def test_what_people_write_about_a_paper_is_sealed_and_moves_with_it(bank: Lender) -> None:
    with bank.open():
        paper = act(paper_return, bank, transcribed(bank, VALUES), reason=REASON)
        assert clear(paper, "note") == REASON
        assert "王小明" not in stored(paper)
        assert REASON in " ".join(problem_lines(bank.actor("officer"), paper))
        assert REASON in dict(desk_of(bank.actor("officer"), paper)["facts"]).values()
        assert "王小明" not in " ".join(problem_lines(bank.actor("compliance"), paper))
        loan = loan_for(bank, people=[], vehicle=None)
        paper = act(paper_refile, bank, paper, loan=loan, reason="放错了")
        assert clear(Paper.objects.get(id=paper.id), "note") == REASON
        paper = act(paper_file, bank, paper, loan=loan, reason="王小明本人确认")
        assert "王小明" not in stored(paper)


def test_a_value_that_a_person_empties_stays_as_a_row_with_the_machine_s(bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = transcribed(bank, {**VALUES, "birth": "1990-01-01"})
        paper = act(paper_correct, bank, paper, kind=paper.kind, values={**VALUES, "birth": ""})
        row = PaperField.objects.select_related("paper").get(paper=paper, name="birth")
        assert (clear(row, "value"), clear(row, "original"), row.source) == ("", "1990-01-01", "person")
        paper = act(paper_file, bank, paper, loan=loan, reason="无出生日期")
        row = PaperField.objects.select_related("paper").get(paper=paper, name="birth")
        assert clear(row, "original") == "1990-01-01"
        paper = act(paper_correct, bank, paper, kind=paper.kind, values={"birth": "1990-01-02"}, reason="原件如此")
        row = PaperField.objects.select_related("paper").get(paper=paper, name="birth")
        assert (clear(row, "value"), clear(row, "original")) == ("1990-01-02", "1990-01-01")


def test_an_emptied_amount_does_not_break_the_judgement(bank: Lender) -> None:
    with bank.open():
        paper = transcribed(bank, {"total": "1000", "buyer_name": "王小明"}, kind="vehicle_sales_invoice")
        paper = act(paper_correct, bank, paper, kind=paper.kind, values={"total": ""})
        assert paper.state == "review"
