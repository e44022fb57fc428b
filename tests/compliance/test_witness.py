"""The witness as strangers meet it: it co-signs growth, remembers through crashes, and keeps what proves a fork."""

import base64
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carloan.compliance.adapters.witness import OFFERED, Refused, Witness
from carloan.compliance.proofs import carloan_witness
from carloan.compliance.services.sealing import Signer
from carloan.lib import merkle, signed_note
from carloan.lib.http import Answer, Away, ask
from tests.compliance.test_sealing import SIGNER
from tests.compliance.witnesses import HOST_KEY, Running, witness_at
from tests.lib.test_merkle import bits, cases

TENANT, OTHER = UUID(int=1), UUID(int=2)
LEAVES = [merkle.leaf_hash(b"event %d" % number) for number in range(40)]
FORKED = [merkle.leaf_hash(b"another"), *LEAVES[1:]]
STRANGER = Signer("ledger.example", Ed25519PrivateKey.from_private_bytes(b"x" * 32))


def note(size: int, *, leaves: Sequence[bytes] = LEAVES, signer: Signer = SIGNER, origin: str = "") -> str:
    origin = origin or signer.origin(TENANT)
    body = signed_note.Checkpoint(origin, size, merkle.root(leaves[:size])).body()
    return signed_note.note(body, [signed_note.sign(body, origin, signer.key)])


def proof(old: int, size: int, leaves: Sequence[bytes] = LEAVES) -> list[bytes]:
    return merkle.prove_consistency(0, old, size, lambda low, high: merkle.root(leaves[low:high])) if old else []


def grow(running: Running, old: int, size: int, **of: object) -> int:
    """Until when it was seen, as its cosignature says."""
    text = note(size, **of)  # type: ignore[arg-type]
    lines = running.witness.add_checkpoint(text, old, proof(old, size), ledger=SIGNER.host_key())
    return signed_note.seen_at(text + lines, running.key)


def send(running: Running, body: str, path: str = "/add-checkpoint") -> Answer:
    return ask("POST", running.witness.url + path, body.encode())


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with witness_at(tmp_path / "state") as found:
        yield found


def test_it_co_signs_growth_and_says_when(running: Running) -> None:
    first = grow(running, 0, 3)
    assert grow(running, 3, 3) >= first, "what was seen is seen again, with a new time"
    assert grow(running, 3, 7) >= first
    other = note(5, origin=SIGNER.origin(OTHER))
    assert running.witness.add_checkpoint(other, 0, [], ledger=SIGNER.host_key()), "each lender begins for itself"


def test_each_refusal_is_the_one_of_the_protocol(running: Running) -> None:
    grow(running, 0, 8)
    steps = "".join(base64.b64encode(step).decode() + "\n" for step in proof(8, 12))
    answers = {
        "another old size": send(running, f"old 3\n\n{note(12)}"),
        "no proof": send(running, f"old 8\n\n{note(12)}"),
        "another history": send(running, f"old 8\n{steps}\n{note(12, leaves=FORKED)}"),
        "the same size, another root": send(running, f"old 8\n\n{note(8, leaves=FORKED)}"),
        "rolled back": send(running, f"old 4\n\n{note(4)}"),
        "old beyond new": send(running, f"old 9\n\n{note(8)}"),
        "another host": send(running, f"old 0\n\n{note(3, origin='other.example/t/1')}"),
        "below the host": send(running, f"old 0\n\n{note(3, origin='ledger.example.evil/t/1')}"),
        "another key": send(running, f"old 8\n{steps}\n{note(12, signer=STRANGER)}"),
        "too many steps": send(running, f"old 8\n{steps * 64}\n{note(12)}"),
        "no note": send(running, "old 0\n\nhello"),
        "leading zero": send(running, f"old 08\n{steps}\n{note(12)}"),
        "no text": ask("POST", running.witness.url + "/add-checkpoint", b"\xff\xfe"),
        "too long": send(running, "old 0\n" * 20_000),
        "elsewhere": send(running, "", "/add-leaf"),
    }
    assert {name: answer.status for name, answer in answers.items()} == {
        "another old size": 409, "no proof": 422, "another history": 422, "the same size, another root": 409,
        "rolled back": 409, "old beyond new": 400, "another host": 404, "below the host": 404, "another key": 403,
        "too many steps": 400, "no note": 400, "leading zero": 400, "no text": 400, "too long": 413, "elsewhere": 404,
    }  # fmt: skip
    assert (answers["another old size"].body, answers["another old size"].kind) == (b"8\n", "text/x.tlog.size")
    assert grow(running, 8, 12), "what was refused changed nothing"
    (kept,) = (running.folder / "forks").iterdir()
    assert kept.read_text() == f"{note(8)}\n{note(8, leaves=FORKED)}", "two signatures of one size: the proof of a fork"


def test_it_remembers_through_a_hard_end_and_is_alone_with_its_folder(tmp_path: Path) -> None:
    with witness_at(tmp_path) as before:
        grow(before, 0, 9)
        command = [sys.executable, carloan_witness.__file__, "--state", str(tmp_path), "--name", "x", "--ledger", "y"]
        second = subprocess.run([*command, "--listen", "127.0.0.1:0"], capture_output=True, text=True, check=False)
        assert (second.returncode, "another witness holds" in second.stderr) == (2, True)
        before.process.send_signal(signal.SIGKILL)
        before.process.wait()
    with witness_at(tmp_path) as after:
        assert after.key == before.key
        with pytest.raises(Refused) as refused:
            grow(after, 0, 9)
        assert refused.value.knows == 9
        assert grow(after, 9, 10)
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


def test_a_host_given_by_name_alone_is_known_by_its_first_key_for_ever(tmp_path: Path) -> None:
    with witness_at(tmp_path, "ledger.example") as running:
        assert send(running, f"old 0\n\n{note(2)}").status == 403, "no key was offered"
        with pytest.raises(Refused, match="403"):
            running.witness.add_checkpoint(note(2, signer=STRANGER), 0, [], ledger=SIGNER.host_key())
        grow(running, 0, 2)
        headers = {OFFERED: STRANGER.host_key().text()}
        body = f"old 2\n\n{note(2, signer=STRANGER)}".encode()
        assert ask("POST", running.witness.url + "/add-checkpoint", body, headers=headers).status == 403
    with witness_at(tmp_path, "ledger.example") as running:
        assert grow(running, 2, 5)


def test_another_witness_at_the_configured_place_is_none(running: Running) -> None:
    configured = Witness.parse(f"{running.witness.url}/ {running.key.text()}")
    assert configured.ask_key() == running.key
    key = signed_note.Key(running.key.name, bytes(32), signed_note.COSIGNATURE)
    with pytest.raises(Away, match="another witness"):
        Witness(running.witness.url, key).ask_key()
    for text in ("", "ftp://x", f"http://x {HOST_KEY}", "http://x junk"):
        with pytest.raises(ValueError, match=r"no address|no key"):
            Witness.parse(text)


def test_its_own_look_at_proofs_agrees_with_every_case_of_strangers(shared_data: Path) -> None:
    found = cases(shared_data, "consistency")
    assert len(found) >= 98
    wrong = [
        case["desc"]
        for case in found
        if case["wantErr"]
        == carloan_witness.only_grew(
            case["size1"], case["size2"], [bits(step) for step in case["proof"] or []], bits(case["root1"]),
            bits(case["root2"]),
        )
    ]  # fmt: skip
    assert wrong == []
