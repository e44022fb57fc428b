"""Papers of the archive's tests: a loan to put them on, and recognition that runs once a file and session."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from carloan.archives.models import Paper
from carloan.archives.recognition import media, recognise, sandbox
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.sheet import Line, Sheet
from carloan.archives.services import reading
from carloan.archives.services.receiving import paper_receive
from carloan.archives.services.transcribing import paper_transcribe
from carloan.loans.models import Loan
from carloan.loans.policies.facts import PersonFacts, VehicleFacts
from carloan.loans.services.loans import PersonIn, loan_open
from tests.cast import Lender

TODAY = date(2026, 11, 22)
_results: dict[tuple[str, date], recognise.Recognition] = {}


@pytest.fixture(scope="session", autouse=True)
def _nursery() -> Iterator[None]:
    yield
    sandbox.PAPERS.shut_down()


def read_once(data: bytes, kind: str, *, today: date = TODAY, **_: Any) -> recognise.Recognition:
    """What the pipeline says of a file; the second asking in a session costs nothing."""
    key = (hashlib.sha256(data).hexdigest(), today)
    if key not in _results:
        _results[key] = recognise.recognise(data, kind, today=today)
    return _results[key]


@pytest.fixture
def read(shared_data: Path) -> Callable[[str], recognise.Recognition]:
    """`read("documents/id-card-demo.png")`: recognition of a file of the shared data."""

    def one(path: str) -> recognise.Recognition:
        data = (shared_data / path).read_bytes()
        return read_once(data, media.sniff(data))

    return one


@pytest.fixture
def fast_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's service with the session's cache of the real pipeline's results in front of it."""
    monkeypatch.setattr(reading, "recognise", read_once)


@pytest.fixture
def loan(bank: Lender, db: None) -> Loan:
    """A loan of the east branch to 李蓝, whose car is the one of the licence specimen."""
    with bank.open():
        return loan_for(bank)


def loan_for(lender: Lender, *, contract_no: str = "HX-2025-000777", branch: str = "east", **more: Any) -> Loan:
    facts: dict[str, Any] = {
        "people": [PersonIn(PersonFacts(name="李蓝", id_kind="resident", id_number="110101199001011229"))],
        "vehicle": VehicleFacts(vin="LFGGF53W0WH228343", plate="鄂E3887K"),
    }
    terms = {"principal": 10_000_000, "rate_ppm": 68_700, "term": 36}
    return loan_open(
        actor=lender.system, contract_no=contract_no, branch_id=lender.branches[branch].id, **(facts | terms | more)
    )  # fmt: skip


def received(
    lender: Lender, data: bytes, *, role: str = "officer", loan: Loan | None = None, name: str = "扫描件.png"
) -> Paper:
    """A paper that somebody of the lender has uploaded. Call it inside lender.open()."""
    return paper_receive(actor=lender.actor(role), data=data, name=name, loan=loan).paper


def transcribed(
    lender: Lender, values: dict[str, str], *, kind: str = "id_card_front", role: str = "officer",
    loan: Loan | None = None, text: str = "", serial: str = "",
) -> Paper:  # fmt: skip
    """A paper whose values and text are given, so that nothing has to be recognised. Call it inside lender.open().

    A form feed in the text begins a new page.
    """
    text = text or "\n".join(values.values())
    sheets = [
        Sheet(number, 100, 100, (Line(page, 1.0, ((0, 0), (100, 0), (100, 10), (0, 10))),))
        for number, page in enumerate(text.split("\f"), start=1)
    ]
    fields = Fields({name: Field(value, 1.0, 1, None) for name, value in values.items()})
    data = f"drawing {serial} {kind} {sorted(values.items())} {text}".encode()
    return paper_transcribe(
        actor=lender.actor(role), data=data, media="image/png", name="证件.png", loan=loan,
        reading=recognise.Recognition(kind=kind, certainty=1.0, fields=fields, sheets=sheets, faults=[]),
    ).paper  # fmt: skip


def to_check(lender: Lender, values: dict[str, str], **more: Any) -> Paper:
    """A transcribed paper that waits for a check, whatever the machine would have done with it."""
    paper = transcribed(lender, values, **more)
    Paper.objects.filter(id=paper.id).update(state=Paper.State.REVIEW, filed_at=None)
    return Paper.objects.get(id=paper.id)


def original_of(client: Any, paper: Paper, *, reason_code: str = "legal", **more: Any) -> Any:
    """The answer to somebody who asks for the plain original and says why; `client` confirmed who acts."""
    return client.post(f"/archives/papers/{paper.id}/original/", {"reason_code": reason_code, "reason": ""}, **more)
