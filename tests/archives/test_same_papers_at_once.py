"""Two readers of one dossier at the same moment, each with the same paper as another file."""

import threading
from typing import Any

import pytest
from django.db import connections

from carloan.archives.policies import matching
from tests.archives.conftest import loan_for, transcribed
from tests.archives.test_filed_later import GOOD
from tests.cast import Lender


def test_readers_of_one_dossier_wait_for_each_other(committed: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both compare with the loan before either looks for the paper: whoever comes second sees what the first filed."""
    with committed.open():
        loan = loan_for(committed, people=[], vehicle=None)
        transcribed(committed, GOOD, loan=loan, kind="driving_licence", serial="opens the dossier")
    both, states, compare = threading.Barrier(2), [], matching.contradictions

    def compared(*args: Any) -> Any:
        both.wait(30)
        return compare(*args)

    def read(serial: str) -> None:
        try:
            with committed.open():
                states.append(transcribed(committed, GOOD, loan=loan, serial=serial).state)
        finally:
            connections.close_all()

    monkeypatch.setattr(matching, "contradictions", compared)
    readers = [threading.Thread(target=read, args=(serial,)) for serial in ("scan", "photo")]
    for each in readers:
        each.start()
    for each in readers:
        each.join(60)
    assert sorted(states) == ["filed", "review"]
