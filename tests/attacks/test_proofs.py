"""What strangers are handed to check, bent so that it deceives them, breaks the program that checks or never ends."""

import base64
import io
import json
import random
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from carloan.compliance.proofs import carloan_certificate, carloan_verify
from carloan.compliance.proofs.carloan_certificate import FORMAT, Given, embedded
from carloan.compliance.proofs.carloan_verify import Refused, Unreadable, read_key
from carloan.compliance.services.certificate_proofs import certificate_proofs_take
from tests.cast import Lender
from tests.compliance.certified import certified, verified
from tests.compliance.destroyed import due_loans
from tests.compliance.strangers import files_of, packed
from tests.compliance.test_bundle import KEY, WHOLE, Day, witness_key
from tests.compliance.test_certificates import certificate, judged, key_of
from tests.compliance.test_sealing import seal_all

SECONDS = 20


def judge(data: bytes) -> dict[str, Any]:
    trusted = [read_key(witness_key("bank"), carloan_verify.WITNESS_KEY)]
    return carloan_verify.verify(io.BytesIO(data), read_key(KEY), witnesses=trusted)


BUNDLE = WHOLE.__class__(seen=(("bank", 6, 1_000),), day=Day()).file().getvalue()
FILES = list(files_of(BUNDLE).items())


def with_file(name: str, data: bytes) -> bytes:
    return packed([(each, data if each == name else held) for each, held in FILES])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_bundle_with_two_files_of_one_name_is_none() -> None:
    assert judge(packed(FILES))["events"] == 11
    for first, last in (((carloan_verify.EVENTS, b"forged\n"), []), ((), [("bundle.json", b"{}")])):
        with pytest.raises(Unreadable, match="one name"):
            judge(packed([*([first] if first else []), *FILES, *last]))


SIGNED = f"{carloan_verify.WITNESSES}0.txt"


def signature(number: int) -> bytes:
    """A line of a signature by the bank's key, which is none."""
    blob = read_key(witness_key("bank"), carloan_verify.WITNESS_KEY)[1] + number.to_bytes(72, "big")
    return b"\xe2\x80\x94 bank %s\n" % base64.b64encode(blob)


HOSTILE = {
    "a proof that is a list": with_file(carloan_verify.DAY_PROOF, b"[]"),
    "a proof of another kind": with_file(carloan_verify.DAY_PROOF, b'{"index": "0", "proof": [1]}'),
    "a number without end": with_file(carloan_verify.DAY_PROOF, b'{"index": %s, "proof": []}' % (b"9" * 9_000)),
    "brackets without end": with_file("bundle.json", b"[" * 60_000),
    "a packing that few know": packed(FILES, zipfile.ZIP_LZMA),
    "many checkpoints of witnesses": packed(
        [*FILES, *((f"{carloan_verify.WITNESSES}x{number}.txt", b"x") for number in range(1_000))]
    ),
    "many signatures": with_file(SIGNED, dict(FILES)[SIGNED] + b"".join(map(signature, range(400)))),
    "events without end": with_file(carloan_verify.EVENTS, dict(FILES)[carloan_verify.EVENTS] + b"\n" * (64 << 20)),
    "a line without end": with_file(carloan_verify.EVENTS, b"x" * (64 << 20)),
}


@pytest.mark.parametrize("harm", HOSTILE)
def test_a_hostile_bundle_is_called_what_it_is_and_ends(harm: str) -> None:
    began = time.monotonic()
    with pytest.raises((Refused, Unreadable)):
        judge(HOSTILE[harm])
    assert time.monotonic() - began < SECONDS


def test_no_bit_of_a_bundle_breaks_the_program() -> None:
    data, chance = packed(FILES), random.Random(1)
    for _round in range(400):
        bent = bytearray(data)
        for _bit in range(chance.randint(1, 4)):
            bent[chance.randrange(len(bent))] ^= 1 << chance.randrange(8)
        try:
            judge(bytes(bent))
        except (Refused, Unreadable):
            continue


@pytest.mark.parametrize(
    "said",
    ["[" * 100_000, '{"format": "carloan-ledger-proof/1", "event": "", "index": 0, "checkpoint": 5, "proof": []}',
     '{"format": "carloan-ledger-proof/1", "event": "", "index": 0, "checkpoint": "", "proof": 5}'],
)  # fmt: skip
def test_a_hostile_proof_of_one_event_cannot_be_read(said: str) -> None:
    with pytest.raises(Unreadable):
        carloan_verify.verify_inclusion(said, read_key(KEY))


def test_signs_that_steer_a_terminal_are_not_sent_to_it() -> None:
    assert carloan_verify.shown("银行 A\x1b[2K\r\nPROVEN\u202e") == "银行 A\ufffd[2K\ufffd\ufffdPROVEN\ufffd"


def test_a_certificate_whose_pages_or_names_were_changed_is_not_called_proven(
    committed: Lender, tmp_path: Path
) -> None:
    batch = certified(committed, verified(committed, *due_loans(committed, 1)))
    _row, body, pdf = certificate(committed, batch)
    seal_all(committed)
    with committed.open():
        whole = certificate_proofs_take(actor=committed.actor("compliance"), batch=batch)
    files = files_of(whole)
    for name in ("carloan_certificate.py", "carloan_verify.py"):
        (tmp_path / name).write_bytes(files.pop(name))
    told = json.loads(body)
    told["lender"]["name"] = "别家银行\x1b[8m"
    told["places"] = []
    other = carloan_certificate.canonical(told)
    bent_pdf = pdf + b"\n% and other pages"
    unfiled = {name: data for name, data in {**files, "certificate.pdf": bent_pdf}.items() if name != "filed.json"}
    cases = {
        "whole.zip": (packed(files), 0),
        "names.json": (other, 3),
        "names.zip": (packed({**files, "certificate.json": other}), 1),
        "pages.zip": (packed({**files, "certificate.pdf": bent_pdf}), 1),
        "pages_unfiled.zip": (packed(unfiled), 3),
        "two.pdf": (pdf + b"\n9 0 obj\nstream\n" + body + b"\nendstream", 2),
        "deep.json": (b'{"format":"%s","a":' % FORMAT.encode() + b"[" * 100_000, 2),
    }  # fmt: skip
    for name, (data, status) in cases.items():
        (tmp_path / name).write_bytes(data)
        done = judged(tmp_path, key_of(committed), name)
        assert done.returncode == status, (name, done.stdout, done.stderr)
        assert ("PROVEN 通过" in done.stdout) == (status == 0), name
        assert "Traceback" not in done.stderr
        assert "\x1b" not in done.stdout + done.stderr
    assert "pages are those that were filed" in judged(tmp_path, key_of(committed), "pages_unfiled.zip").stdout


def test_bombs_in_place_of_a_certificate_end_soon(tmp_path: Path) -> None:
    began = time.monotonic()
    bomb = zlib.compress(b"{" + b" " * (48 << 20))
    with pytest.raises(Unreadable):
        embedded(b"%PDF-1.7\n" + (b"stream\n" + bomb + b"\nendstream\n") * 40)
    with pytest.raises(Unreadable):
        embedded(b"%PDF-1.7\n" + b"stream\nxx" * 400_000)
    place = tmp_path / "bomb.zip"
    place.write_bytes(packed([(f"{number}", b"\0" * (16 << 20)) for number in range(20)]))
    with pytest.raises(KeyError):
        Given(str(place))
    assert time.monotonic() - began < SECONDS
