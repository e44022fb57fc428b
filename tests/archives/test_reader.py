"""Which reader decided: a stamp of rules and engines, on the paper and in its events."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from carloan.archives.desk_faces import desk_of
from carloan.archives.models import Paper
from carloan.archives.recognition import reader
from carloan.archives.recognition.reader import RULES, stamp, stamp_of
from carloan.archives.recognition.refusals import Refused
from carloan.archives.services import reading
from carloan.archives.services.reading import paper_recognise
from carloan.core.models import AuditEvent
from carloan.demonstration import papers as demonstration
from tests.archives.conftest import received, transcribed
from tests.archives.specimens import deal, drawn
from tests.archives.test_reading import loan_of_deal
from tests.archives.test_receiving import picture
from tests.cast import Lender

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in RULES:
        place = ROOT / name
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        if place.is_file():
            shutil.copy(place, tmp_path / name)
        else:
            shutil.copytree(place, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    "rule",
    [
        "archives/recognition/measured.py",
        "archives/recognition/extract/identity.py",
        "archives/policies/outcome.py",
        "archives/services/placing.py",
        "carloan/lib/identity_number.py",
    ],
)
def test_the_stamp_changes_with_the_text_of_a_rule(copy: Path, rule: str) -> None:
    assert stamp_of(copy) == stamp(), "wherever the copy lies"
    (copy / rule).write_text((copy / rule).read_text() + "\n")
    assert stamp_of(copy) != stamp()


def test_the_stamp_changes_with_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = list(reader._engines())
    assert sum(part.split()[0].endswith(".onnx") for part in parts) == 3
    monkeypatch.setattr(reader, "_engines", lambda: iter([*parts[:-1], "tesseract 0.0"]))
    assert stamp_of(ROOT) != stamp()


def test_two_processes_say_the_same() -> None:
    code = "from carloan.archives.recognition.reader import stamp; print(stamp())"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == stamp()
    assert len(stamp()) == Paper._meta.get_field("reader").max_length


ENDS = ("archives.paper.filed", "archives.paper.refused")


def rules_told(paper: Paper) -> dict[str, str]:
    events = AuditEvent.objects.filter(object_id=paper.id, action__in=["archives.paper.recognised", *ENDS])
    return {event.action.rpartition(".")[2]: json.loads(bytes(event.canon)).get("rules", "") for event in events}


@pytest.mark.ocr
@pytest.mark.django_db(databases=["default", "keystore"])
def test_what_the_machine_read_and_filed_says_by_which_rules(bank: Lender, fast_recognition: None) -> None:
    one = deal()
    _, data = drawn(demonstration.id_card_front(one.buyer))
    with bank.open():
        paper = received(bank, data, loan=loan_of_deal(bank, one))
        assert paper.reader == ""
        paper_recognise(paper_id=paper.id)
        paper = Paper.objects.get(id=paper.id)
        assert (paper.state, paper.reader) == ("filed", stamp())
        assert rules_told(paper) == {"recognised": stamp(), "filed": stamp()}
        assert stamp() in dict(desk_of(bank.actor("officer"), paper)["facts"]).values()


@pytest.mark.django_db(databases=["default", "keystore"])
def test_what_the_machine_found_unreadable_says_so_too(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: Any, **__: Any) -> None:
        raise Refused("damaged")

    monkeypatch.setattr(reading, "recognise", damaged)
    with bank.open():
        paper = received(bank, picture())
        paper_recognise(paper_id=paper.id)
        paper = Paper.objects.get(id=paper.id)
        assert (paper.state, paper.reader) == ("refused", stamp())
        assert rules_told(paper) == {"refused": stamp()}


@pytest.mark.django_db(databases=["default", "keystore"])
def test_what_nobody_read_has_no_reader(bank: Lender) -> None:
    with bank.open():
        paper = transcribed(bank, {"name": "王小明"})
        assert paper.reader == ""
        assert set(rules_told(paper).values()) == {""}
