"""A bundle convinces a stranger, with one file of Python, and no bundle that was bent does."""

import base64
import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from carloan.compliance.proofs import carloan_verify
from carloan.compliance.proofs.carloan_verify import Refused, Unreadable, ed25519_holds
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.core.audit import canonical
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_atomic
from carloan.lib import merkle, signed_note
from tests.cast import Lender
from tests.compliance.test_sealing import SIGNER, seal_all, write

TENANT, OTHER = UUID(int=1), UUID(int=2)
KEY = SIGNER.public(TENANT).text()


def event(number: int, tenant: UUID = TENANT) -> bytes:
    return canonical({"at": f"2026-11-29T10:00:{number:02}.000+00:00", "count": number, "tenant": str(tenant)})


@dataclass(frozen=True)
class Bundle:
    events: tuple[bytes, ...] = tuple(event(number) for number in range(11))
    origin: str = SIGNER.origin(TENANT)
    signer: Ed25519PrivateKey = SIGNER.key
    signed: tuple[bytes, ...] | None = None
    since: str | None = None
    about: str = json.dumps({"format": carloan_verify.FORMAT})

    def note(self) -> str:
        signed = self.events if self.signed is None else self.signed
        root = merkle.root([merkle.leaf_hash(one) for one in signed])
        body = signed_note.Checkpoint(self.origin, len(signed), root).body()
        return signed_note.note(body, [signed_note.sign(body, self.origin, self.signer)])

    def file(self) -> io.BytesIO:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("bundle.json", self.about)
            archive.writestr(carloan_verify.CHECKPOINT, self.note())
            archive.writestr(carloan_verify.EVENTS, b"".join(one + b"\n" for one in self.events))
        return file

    def verify(self) -> dict[str, object]:
        return carloan_verify.verify(self.file(), carloan_verify.read_key(KEY), self.since)


WHOLE = Bundle()
EARLIER = replace(WHOLE, events=WHOLE.events[:6])
ALL = WHOLE.events
FORK = (event(60), *ALL[1:6])
HARMS = {
    "a bit flipped": replace(WHOLE, signed=ALL, events=(*ALL[:3], ALL[3].replace(b"3", b"2", 1), *ALL[4:])),
    "an event dropped": replace(WHOLE, signed=ALL, events=(*ALL[:3], *ALL[4:])),
    "the last event dropped": replace(WHOLE, signed=ALL, events=ALL[:-1]),
    "an event added": replace(WHOLE, signed=ALL, events=(*ALL, event(11))),
    "two events swapped": replace(WHOLE, signed=ALL, events=(*ALL[:3], ALL[4], ALL[3], *ALL[5:])),
    "two events as one line": replace(WHOLE, signed=ALL, events=(ALL[0] + ALL[1], *ALL[2:])),
    "another lender's ledger": replace(WHOLE, origin=SIGNER.origin(OTHER)),
    "another lender's event": replace(WHOLE, events=(*ALL[:3], event(3, OTHER), *ALL[4:])),
    "an unknown key": replace(WHOLE, signer=Ed25519PrivateKey.generate()),
    "a history forked before": replace(WHOLE, since=replace(EARLIER, events=FORK).note()),
    "a history rolled back": replace(EARLIER, since=WHOLE.note()),
    "an earlier checkpoint of another key": replace(
        WHOLE, since=replace(EARLIER, signer=Ed25519PrivateKey.generate()).note()
    ),
    "an earlier checkpoint of another ledger": replace(
        WHOLE, since=replace(EARLIER, origin=SIGNER.origin(OTHER)).note()
    ),
    "no event where there were some": replace(WHOLE, signed=ALL, events=()),
}


def test_a_whole_bundle_is_proven_and_goes_on_from_earlier_ones() -> None:
    found = WHOLE.verify()
    assert (found["events"], found["ledger"]) == (11, SIGNER.origin(TENANT))
    assert found["root"] == merkle.root([merkle.leaf_hash(one) for one in ALL]).hex()
    assert str(found["last"]).startswith("2026-11-29T10:00:10")
    for size in (1, 6, 8, 11):
        assert replace(WHOLE, since=replace(WHOLE, events=ALL[:size]).note()).verify()["since"] == size
    assert Bundle(events=()).verify()["events"] == 0


@pytest.mark.parametrize("harm", HARMS)
def test_no_bundle_that_was_bent_is_proven(harm: str) -> None:
    with pytest.raises(Refused):
        HARMS[harm].verify()


@pytest.mark.parametrize(
    "file", [b"", b"PK\x05\x06" + bytes(18), b"no zip", WHOLE.file().getvalue()[:-40], WHOLE.file().getvalue()[9:]]
)
def test_what_is_no_bundle_cannot_be_read(file: bytes) -> None:
    with pytest.raises(Unreadable):
        carloan_verify.verify(io.BytesIO(file), carloan_verify.read_key(KEY))


def test_a_bundle_of_a_newer_version_is_not_taken_for_one_of_today() -> None:
    with pytest.raises(Unreadable):
        replace(WHOLE, about='{"format": "carloan-ledger-bundle/2"}').verify()


@pytest.mark.parametrize("text", ["", "a+b+c", KEY[:-4], KEY.replace("ledger", "other"), KEY.replace("+A", "+B")])
def test_what_is_no_key_is_told(text: str) -> None:
    with pytest.raises(Unreadable):
        carloan_verify.read_key(text)


@given(st.binary(max_size=200), st.binary(min_size=32, max_size=32), st.integers(0, 511))
def test_its_own_signatures_agree_with_the_library(message: bytes, seed: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert ed25519_holds(public, signature, message)
    bent = bytearray(signature)
    bent[bit // 8] ^= 1 << bit % 8
    assert not ed25519_holds(public, bytes(bent), message)
    assert not ed25519_holds(public, signature, message + b"\x00")
    # The same signature with a number beyond the group's order: two signatures of one text would both hold.
    s = int.from_bytes(signature[32:], "little") + carloan_verify.L
    assert not ed25519_holds(public, signature[:32] + s.to_bytes(32, "little"), message)


def test_a_stranger_needs_the_file_the_key_and_python_and_nothing_else(committed: Lender, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    slug = committed.tenant.slug
    with pytest.raises(CommandError, match="sealed yet"):
        call_command("export_ledger", slug, str(bundle))
    assert not bundle.exists()
    write(committed, 20)
    seal_all(committed)
    call_command("export_ledger", slug, str(bundle), stdout=(said := io.StringIO()))
    for place in (bundle, tmp_path / "nowhere" / "bundle.zip"):
        with pytest.raises(CommandError, match="cannot be written"):
            call_command("export_ledger", slug, str(place))
    with tenant_atomic(committed.tenant.id):
        checkpoint = last_checkpoint()
        assert AuditEvent.objects.filter(action="compliance.ledger.exported").count() == 1
    assert checkpoint is not None
    assert checkpoint.signed_by in said.getvalue()
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path)
    found = _as_a_stranger(tmp_path, checkpoint.signed_by)
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["events"] == checkpoint.size
    events = tmp_path / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b"core.test.done", b"core.test.gone", 1))
    with zipfile.ZipFile(bundle, "w") as archive:
        for name in ("bundle.json", "checkpoint.txt", "events.jsonl"):
            archive.write(tmp_path / name, name)
    found = _as_a_stranger(tmp_path, checkpoint.signed_by)
    assert (found.returncode, found.stdout) == (1, "")
    assert "NOT PROVEN" in found.stderr


def test_a_full_disk_leaves_no_half_bundle(committed: Lender, tmp_path: Path) -> None:
    write(committed, 200)
    seal_all(committed)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, limits[1]))
    try:
        with pytest.raises(CommandError, match="Nothing was left"):
            call_command("export_ledger", committed.tenant.slug, str(tmp_path / "bundle.zip"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def _as_a_stranger(folder: Path, key: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", "carloan_verify.py", "bundle.zip", "--key", key, "--json"]
    return subprocess.run(
        command, cwd=folder, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )


def _bent(note: str, bend: Callable[[bytes], bytes]) -> str:
    body, _gap, line = note.rpartition("\n\n")
    name, _space, blob = line.strip().rpartition(" ")
    return f"{body}\n\n{name} {base64.b64encode(bend(base64.b64decode(blob))).decode()}\n"


@pytest.mark.parametrize(
    "bend", [lambda blob: blob[:-1], lambda blob: bytes(4) + blob[4:], lambda blob: blob[:4] + bytes(64)]
)
def test_a_signature_that_was_bent_does_not_hold(bend: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Refused):
        carloan_verify.open_checkpoint(_bent(WHOLE.note(), bend), carloan_verify.read_key(KEY))
