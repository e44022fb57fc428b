"""Who looks at the ledger from outside: found again where they were, and replaced by those that are named."""

from pathlib import Path

import pytest
from cryptography import x509

from carloan.supervisor.home import Home
from carloan.supervisor.outsiders import Outsiders


def test_they_are_found_again_where_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CARLOAN_TSA", "CARLOAN_WITNESSES"):
        monkeypatch.delenv(name, raising=False)
    found = Outsiders.of(Home(tmp_path))
    assert [part.name for part in found.parts] == ["witness", "time-stamps"]
    roots = Path(found.environment["CARLOAN_TSA_ROOTS_FILE"]).read_bytes()
    assert len(x509.load_pem_x509_certificates(roots)) == 1, "the roots are there before anybody is told of them"
    assert Outsiders.of(Home(tmp_path)) == found
    assert {part.role for part in found.parts} == {"outsider"}


def test_a_demonstration_has_a_sandbox_for_text_messages(tmp_path: Path) -> None:
    found = Outsiders.of(Home(tmp_path), demonstration=True)
    assert [part.name for part in found.parts][-1] == "sms-sandbox"
    assert found.environment["CARLOAN_SMS_SANDBOX"].startswith("http://127.0.0.1:")
    assert found.environment["CARLOAN_SMS_SANDBOX_SECRET"] == (tmp_path / "sms-sandbox" / "secret").read_text()
    assert Outsiders.of(Home(tmp_path), demonstration=True) == found, "a message signed yesterday is known today"


def test_a_named_authority_takes_the_place_of_the_sandbox_and_witnesses_come_to_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARLOAN_TSA", "https://tsa.example/")
    monkeypatch.setenv("CARLOAN_WITNESSES", "https://bank.example bank+key")
    found = Outsiders.of(Home(tmp_path))
    assert [part.name for part in found.parts] == ["witness"]
    ours, theirs = found.environment["CARLOAN_WITNESSES"].split(",")
    assert (ours.startswith("http://127.0.0.1:"), theirs) == (True, "https://bank.example bank+key")
    assert set(found.environment) == {"CARLOAN_WITNESSES"}
