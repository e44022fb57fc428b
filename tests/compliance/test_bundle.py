"""A bundle convinces a stranger, with one file of Python, and no bundle that was bent does."""

import base64
import io
import json
import re
import resource
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from carloan.compliance.adapters.tsa import sandbox
from carloan.compliance.models import LedgerTimeToken
from carloan.compliance.proofs import carloan_verify
from carloan.compliance.proofs.carloan_verify import Refused, Unreadable, ed25519_holds
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.compliance.services.stamping import day_make
from carloan.compliance.services.witnessing import ledger_witness
from carloan.core.audit import canonical
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.lib import merkle, signed_note, timestamp
from tests.cast import Lender, as_role
from tests.compliance.strangers import as_a_stranger, files_of, packed
from tests.compliance.test_sealing import SIGNER, seal_all, write
from tests.compliance.witnesses import witness_at
from tests.lib.test_merkle import COUNTS, bits, cases

TENANT, OTHER = UUID(int=1), UUID(int=2)
KEY = SIGNER.public(TENANT).text()


def event(number: int, tenant: UUID = TENANT) -> bytes:
    return canonical({"at": f"2026-11-29T10:00:{number:02}.000+00:00", "count": number, "tenant": str(tenant)})


WITNESS_KEYS = {name: Ed25519PrivateKey.from_private_bytes(name[:1].encode() * 32) for name in ("bank", "auditor")}


def witness_key(name: str, key: Ed25519PrivateKey | None = None) -> str:
    public = (key or WITNESS_KEYS[name]).public_key().public_bytes_raw()
    return signed_note.Key(name, public, signed_note.COSIGNATURE).text()


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True)
class Day:
    """The checkpoint of `size` events among those of other ledgers; `index` is where the proof says that it stands."""

    size: int = 6
    index: int | None = None
    forked: bool = False
    holds: bool = True

    def write(self, archive: zipfile.ZipFile, bundle: "Bundle") -> None:
        note = (replace(bundle, events=FORK) if self.forked else bundle).note(self.size)
        own = merkle.leaf_hash(note.partition("\n\n")[0].encode() + b"\n")
        others = [merkle.leaf_hash(b"ledger %d" % number) for number in range(4)]
        leaves = sorted([own, *others] if self.holds else [*others, bytes(32)])
        index = leaves.index(own if self.holds else bytes(32)) if self.index is None else self.index
        proof = merkle.prove_inclusion(index, len(leaves), lambda low, high: merkle.root(leaves[low:high]))
        body = signed_note.Checkpoint("ledger.example/days/2026-11-29", len(leaves), merkle.root(leaves)).body()
        encoded = [base64.b64encode(step).decode() for step in proof]
        archive.writestr(carloan_verify.DAY_CHECKPOINT, note)
        archive.writestr(carloan_verify.DAY_BODY, body)
        archive.writestr(carloan_verify.DAY_PROOF, json.dumps({"index": index, "proof": encoded}))
        archive.writestr(carloan_verify.DAY_TOKEN, b"")


@dataclass(frozen=True)
class Bundle:
    events: tuple[bytes, ...] = tuple(event(number) for number in range(11))
    origin: str = SIGNER.origin(TENANT)
    signer: Ed25519PrivateKey = SIGNER.key
    signed: tuple[bytes, ...] | None = None
    since: str | None = None
    # Which witnesses co-signed how many events, when, and what the verifier is told of them.
    seen: tuple[tuple[str, int, int], ...] = ()
    trusted: tuple[str, ...] = ()
    seen_since: datetime | None = None
    key_until: datetime | None = None
    day: Day | None = None
    # The leaves lie beside the events, as they were sealed.
    tiles: bool = False
    about: str = json.dumps({"format": carloan_verify.FORMAT})

    def note(self, size: int | None = None) -> str:
        signed = (self.events if self.signed is None else self.signed)[:size]
        root = merkle.root([merkle.leaf_hash(one) for one in signed])
        body = signed_note.Checkpoint(self.origin, len(signed), root).body()
        return signed_note.note(body, [signed_note.sign(body, self.origin, self.signer)])

    def witnessed(self, name: str, size: int, seconds: int) -> str:
        note = self.note(size)
        line = signed_note.cosign(note.partition("\n\n")[0] + "\n", name, WITNESS_KEYS[name], seconds=seconds)
        return f"{note}{line}\n"

    def file(self) -> io.BytesIO:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("bundle.json", self.about)
            archive.writestr(carloan_verify.CHECKPOINT, self.note())
            archive.writestr(carloan_verify.EVENTS, b"".join(one + b"\n" for one in self.events))
            for number, seen in enumerate(self.seen):
                archive.writestr(f"{carloan_verify.WITNESSES}{number}.txt", self.witnessed(*seen))
            if self.day:
                self.day.write(archive, self)
            for name, hashes in self.leaves().items() if self.tiles else ():
                archive.writestr(name, hashes)
        return file

    def leaves(self) -> dict[str, bytes]:
        sealed = [merkle.leaf_hash(one) for one in (self.events if self.signed is None else self.signed)]
        return {
            carloan_verify.tile_name(at // 256, len(sealed)): b"".join(sealed[at : at + 256])
            for at in range(0, len(sealed), 256)
        }

    def verify(self) -> dict[str, Any]:
        return carloan_verify.verify(
            self.file(), carloan_verify.read_key(KEY), self.since,
            witnesses=[carloan_verify.read_key(text, carloan_verify.WITNESS_KEY) for text in self.trusted],
            seen_since=self.seen_since, key_until=self.key_until,
        )  # fmt: skip


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
    "a key that had ended": replace(WHOLE, key_until=datetime(2026, 11, 29, 10, 0, 9, tzinfo=UTC)),
    "a witness that did not sign": replace(WHOLE, seen=(("auditor", 6, 9),), trusted=(witness_key("bank"),)),
    "another key of the witness's name": replace(
        WHOLE, seen=(("bank", 6, 9),), trusted=(witness_key("bank", Ed25519PrivateKey.generate()),)
    ),
    "an old state shown anew": replace(
        WHOLE, seen=(("bank", 11, 100),), trusted=(witness_key("bank"),), seen_since=at(101)
    ),
    "a stamped day of another history": replace(WHOLE, day=Day(forked=True)),
    "a stamped day without this ledger": replace(WHOLE, day=Day(holds=False)),
}


def test_what_others_signed_is_proven_and_what_was_not_looked_at_is_said() -> None:
    seen = (("bank", 6, 1_000), ("auditor", 11, 2_000))
    bundle = replace(WHOLE, seen=seen, trusted=(witness_key("bank"), witness_key("auditor")), day=Day())
    found = replace(bundle, seen_since=at(1_000), key_until=datetime(2026, 11, 29, 10, 0, 10, tzinfo=UTC)).verify()
    assert [(one["name"], one["events"], one["seen"]) for one in found["witnesses"]] == [
        (name, size, at(seconds).isoformat()) for name, size, seconds in seen
    ]
    assert found["day"] == {"of": "ledger.example/days/2026-11-29", "events": 6, "ledgers": 5}
    assert ["openssl ts -verify" in str(what) for what in found["unchecked"]] == [False, True]
    assert "no witness's key was given" in " ".join(map(str, WHOLE.verify()["unchecked"]))
    assert "no time stamp" in " ".join(map(str, WHOLE.verify()["unchecked"]))


def test_a_history_forked_behind_a_witness_is_refused() -> None:
    """The bundle brings the ledger's and the witness's signatures over what the events do not give any more."""
    forked = files_of(replace(WHOLE, events=(*FORK, *ALL[6:])).file().getvalue())
    file = io.BytesIO(packed({**forked, f"{carloan_verify.WITNESSES}1.txt": WHOLE.witnessed("bank", 6, 9).encode()}))
    witness = carloan_verify.read_key(witness_key("bank"), carloan_verify.WITNESS_KEY)
    assert carloan_verify.verify(file, carloan_verify.read_key(KEY))["events"] == 11, "nobody who remembers was asked"
    with pytest.raises(Refused, match="does not go on from the checkpoint that 'bank' co-signed at 6"):
        carloan_verify.verify(file, carloan_verify.read_key(KEY), witnesses=[witness])


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
    found = proven_to_a_stranger(tmp_path, checkpoint.signed_by, "--json")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["events"] == checkpoint.size
    tile = carloan_verify.tile_name(0, checkpoint.size)
    assert (tmp_path / tile).stat().st_size == 32 * checkpoint.size
    events = tmp_path / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b"core.test.done", b"core.test.gone", 1))
    with zipfile.ZipFile(bundle, "w") as archive:
        for name in ("bundle.json", "checkpoint.txt", "events.jsonl", tile):
            archive.write(tmp_path / name, name)
    found = proven_to_a_stranger(tmp_path, checkpoint.signed_by, "--lang", "zh")
    assert (found.returncode, found.stdout) == (1, "")
    assert re.search(r"NOT PROVEN 未通过: 第 \d+ 条记录被改动.* core\.test\.gone ", found.stderr)


@pytest.mark.parametrize("kind", COUNTS)
def test_its_own_look_at_proofs_agrees_with_every_case_of_strangers(shared_data: Path, kind: str) -> None:
    found = cases(shared_data, kind)
    assert len(found) >= COUNTS[kind]
    assert [case["desc"] for case in found if _verdict(kind, case) == case["wantErr"]] == []


def _verdict(kind: str, case: dict[str, Any]) -> bool:
    proof = [bits(step) for step in case["proof"] or []]
    if kind == "inclusion":
        return carloan_verify.includes(
            bits(case["leafHash"]), case["leafIdx"], case["treeSize"], proof, bits(case["root"])
        )
    if kind == "subtreeinclusion":
        # A subtree's leaf lies in the tree that the subtree is, if it is one.
        start, end, root = case["start"], case["end"], bits(case["root"])
        whole = 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0
        leaf = bits(case["leafHash"])
        return whole and carloan_verify.includes(leaf, case["leafIdx"] - start, end - start, proof, root)
    old, new = bits(case["root1"]), bits(case["root2"])
    if kind == "consistency":
        return carloan_verify.only_grew(case["size1"], case["size2"], proof, old, new)
    return carloan_verify.is_consistent((case["start"], case["end"], case["size"]), proof, old, new)


def test_one_event_and_growth_are_proven_by_themselves(committed: Lender, tmp_path: Path) -> None:
    written = write(committed, 20)
    seal_all(committed)
    with tenant_atomic(committed.tenant.id):
        first = last_checkpoint()
        assert first is not None
    write(committed, 300)
    seal_all(committed)
    key = carloan_verify.read_key(first.signed_by)
    slug = committed.tenant.slug
    event, growth = tmp_path / "event.json", tmp_path / "growth.json"
    call_command("prove_ledger", slug, str(event), "--event", str(written[7]), stdout=(said := io.StringIO()))
    call_command("prove_ledger", slug, str(growth), "--since", str(first.size), stdout=io.StringIO())
    assert first.signed_by in said.getvalue()
    found = carloan_verify.verify_inclusion(event.read_text(), key)
    assert found["events"] == first.size + 300
    assert carloan_verify.verify_consistency(growth.read_text(), key)["since"] == first.size
    for file, command in ((event, "verify-inclusion"), (growth, "verify-consistency")):
        assert carloan_verify.main([command, str(file), "--key", first.signed_by]) == 0
        bent = json.loads(file.read_text())
        bent["proof"][0] = base64.b64encode(bytes(32)).decode()
        other = tmp_path / "bent.json"
        other.write_text(json.dumps(bent))
        assert carloan_verify.main([command, str(other), "--key", first.signed_by]) == 1
        other.write_text("{}")
        assert carloan_verify.main([command, str(other), "--key", first.signed_by]) == 2
    for harm in ({"index": 8}, {"index": True}, {"event": json.loads(event.read_text())["event"] + " "}):
        with pytest.raises(Refused):
            carloan_verify.verify_inclusion(json.dumps(json.loads(event.read_text()) | harm), key)
    with pytest.raises(CommandError, match="there already"):
        call_command("prove_ledger", slug, str(event), "--event", str(written[7]))
    with pytest.raises(CommandError, match="No such event"):
        call_command("prove_ledger", slug, str(tmp_path / "none"), "--event", str(committed.tenant.id))
    with pytest.raises(CommandError, match="No checkpoint"):
        call_command("prove_ledger", slug, str(tmp_path / "none"), "--since", "1000000")


def test_a_bundle_carries_what_witnesses_and_authorities_said(committed: Lender, tmp_path: Path) -> None:
    write(committed, 5)
    seal_all(committed)
    with witness_at(tmp_path / "witness") as running:
        with as_role("sealer"), tenant_scope(committed.tenant.id):
            seen = ledger_witness(running.witness, running.key, SIGNER)
        key = running.key.text()
    authority = sandbox.Authority()
    day = date(2032, 1, 1)
    with as_role("sealer"):
        made = day_make("ledger.example", day, lenders=[committed.tenant.id], now=timezone.now())
        assert made is not None
        answer = authority.answer(timestamp.request(made.body.encode(), 7))
        stamp = timestamp.answered(answer, made.body.encode(), 7, [authority.root.certificate])
        LedgerTimeToken.objects.create(day=made, token=stamp.token, taken_at=stamp.at, authority=stamp.authority)
    write(committed, 5)
    seal_all(committed)
    bundle = tmp_path / "bundle.zip"
    call_command("export_ledger", committed.tenant.slug, str(bundle), stdout=io.StringIO())
    with tenant_atomic(committed.tenant.id):
        last = last_checkpoint()
        assert last is not None
    witness = carloan_verify.read_key(key, carloan_verify.WITNESS_KEY)
    found = carloan_verify.verify(str(bundle), carloan_verify.read_key(last.signed_by), witnesses=[witness])
    assert found["events"] == last.size > found["witnesses"][0]["events"] == seen
    assert (found["day"]["of"], found["day"]["events"]) == (f"ledger.example/days/{day}", seen)
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path)
        assert archive.read("witness-keys.txt").decode() == f"{key}\n"
        token = archive.read(carloan_verify.DAY_TOKEN)
        assert timestamp.opened(token, archive.read(carloan_verify.DAY_BODY), [authority.root.certificate]) == stamp
    assert proven_to_a_stranger(tmp_path, last.signed_by, "--witness", key).returncode == 0
    assert proven_to_a_stranger(tmp_path, last.signed_by, "--witness", witness_key("bank")).returncode == 1


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


def proven_to_a_stranger(
    folder: Path, key: str, *more: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The bundle in the folder, by the program beside it."""
    command = ("carloan_verify.py", "verify-all", "bundle.zip", "--key", key, *more)
    return as_a_stranger(folder, *command, environment=environment)


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
