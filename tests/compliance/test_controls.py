"""The map of controls: whole, honest, and every test, chapter and fact that it names is there."""

import ast
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from carloan.compliance import controls
from carloan.compliance.controls import Status, results
from carloan.compliance.controls.facts import all_facts
from carloan.compliance.controls.results import Outcome
from carloan.compliance.selectors.controls import outcome_of
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
ROOT = Path(settings.BASE_DIR)
ROWS = [(each.code, row) for each in controls.frameworks() for row in each.controls]
# How many requirements of level 1 and 2 each section of ASVS 5.0.0 has.
ASVS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip


def nodes_of(path: Path) -> set[str]:
    """The pytest nodes of a file, without the file's name."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            found.add(node.name)
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            found |= {
                node.name,
                *(f"{node.name}::{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)),
            }
    return found


def anchors_of(path: Path) -> set[str]:
    """The anchors of a page of the documentation, as its readers' programs make them of its headings."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_named_test_is_there() -> None:
    missing = []
    for proof in controls.proofs().values():
        for node in proof.tests:
            name, _sign, inside = node.partition("::")
            path = ROOT / name
            if not path.is_file() or (inside and inside not in nodes_of(path)):
                missing.append(f"{proof.key}: {node}")
    assert missing == []


def test_every_named_chapter_is_there() -> None:
    missing = []
    for proof in controls.proofs().values():
        for place in proof.docs:
            name, _sign, anchor = place.partition("#")
            path = ROOT / name
            if not path.is_file() or (anchor and anchor not in anchors_of(path)):
                missing.append(f"{proof.key}: {place}")
    assert missing == []


def test_every_named_fact_is_told_and_every_fact_is_named() -> None:
    named = {code for proof in controls.proofs().values() for code in proof.live}
    assert named == {fact.code for fact in all_facts()}


def test_every_proof_shows_something_and_is_used() -> None:
    used = {proof.key for _code, row in ROWS for proof in row.proofs}
    assert used == set(controls.proofs())
    assert [key for key, proof in controls.proofs().items() if not (proof.tests or proof.docs)] == []


def test_asvs_is_whole() -> None:
    rows = controls.framework("asvs").controls
    assert Counter(row.id.rpartition(".")[0] for row in rows) == ASVS
    assert Counter(row.level for row in rows) == {1: 70, 2: 183}


@pytest.mark.parametrize(("code", "row"), ROWS, ids=lambda each: getattr(each, "id", each))
def test_a_row_is_honest(code: str, row: controls.Control) -> None:
    if row.status in (Status.MET, Status.PARTLY):
        assert any(proof.tests for proof in row.proofs), "what is said to be met is shown by a test"
    if row.status is not Status.MET:
        assert row.why, "what is not met says why"
    if code != "asvs" and not row.confirmed:
        assert row.counsel, "a number that nobody read is for counsel"
    for words in (row.words, *([row.why] if row.why else [])):
        assert re.search(r"[\u4e00-\u9fff]", words.zh)
        assert re.fullmatch(r"[ -~]+", words.en)


@pytest.mark.parametrize("code", controls.FRAMEWORKS)
def test_no_reason_is_left_over(code: str) -> None:
    text = (controls.FOLDER / f"{code}.toml").read_text()
    named = set(re.findall(r'why = "(\w+)"', text))
    assert named == set(re.findall(r"^(\w+) = \{ en", text.partition("[why]")[2].partition("[chapters]")[0], re.M))


def kept(tests: dict[str, str]) -> dict[str, Any]:
    return results.written(tests, ended_at=datetime(2026, 11, 30, tzinfo=UTC))


def test_results_count_for_the_sources_they_ran_on_only() -> None:
    said = results.read(kept({"tests/a.py::test_b": "passed"}))
    assert said is not None
    assert said.of("tests/a.py") is Outcome.PASSED
    assert results.read({**kept({}), "sources": "0" * 64}) is None
    with pytest.raises(ValueError, match="no results"):
        results.read({"format": "another"})
    assert json.loads(json.dumps(kept({})))["release"] == settings.VERSION


def test_a_file_is_passed_when_none_of_its_tests_failed() -> None:
    said = results.read(
        kept({"tests/a.py::test_b": "passed", "tests/a.py::test_c": "failed", "tests/ab.py::test_d": "passed",
              "tests/a.py::T::test_e": "passed", "tests/s.py::test_f": "skipped"})
    )  # fmt: skip
    assert said is not None
    assert said.of("tests/a.py") is Outcome.FAILED
    assert said.of("tests/a.py::T") is Outcome.PASSED
    assert said.of("tests/ab.py") is Outcome.PASSED
    assert said.of("tests/s.py") is Outcome.SKIPPED
    assert said.of("tests/other.py") is Outcome.UNKNOWN


def test_a_control_is_called_tested_when_each_of_its_tests_was_asked() -> None:
    proof = controls.proofs()["suites"]
    both = [proof, controls.proofs()["keys"]]
    said = results.read(kept({"tests/core/test_suites.py::test_x": "passed"}))
    assert outcome_of([proof], said) is Outcome.PASSED
    assert outcome_of(both, said) is Outcome.UNKNOWN, "of the others nothing is known"
    assert outcome_of([proof], None) is Outcome.UNKNOWN


def test_the_pages_tell_frameworks_rows_and_evidence(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "compliance")
    front = client.get("/compliance/controls/").content.decode()
    for each in controls.frameworks():
        assert each.title.zh in front
    assert "未携带" in front, "nothing is called tested without results"
    page = client.get("/compliance/controls/asvs/?status=not_met").content.decode()
    open_rows = [each.id for each in controls.framework("asvs").controls if each.status == controls.Status.NOT_MET]
    assert open_rows
    assert all(row in page for row in open_rows)
    assert "8.4.1" not in page
    row = client.get("/compliance/controls/asvs/8.4.1/").content.decode()
    assert "tests/tenancy/test_fences.py" in row
    assert "docs/architecture.md#the-two-fences" in row
    live = client.get("/compliance/controls/mlps/8.1.4.3.c/").content.decode()
    assert "/compliance/seal/" in live
    assert client.get("/compliance/controls/asvs/99.1.1/").status_code == 404
    assert client.get("/compliance/controls/nothing/").status_code == 404
    assert client_of(bank, "officer").get("/compliance/controls/").status_code == 403


def test_every_fact_is_told_of_a_new_lender(bank: Lender) -> None:
    with bank.open():
        told = {fact.code: fact.read() for fact in all_facts()}
    assert [code for code, lines in told.items() if not lines] == []
