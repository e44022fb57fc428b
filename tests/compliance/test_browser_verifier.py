"""The second implementation of the proof: the modules that the browser runs judge as strangers and as Python do."""

import io
import json
import re
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from carloan.compliance.models import LedgerLeaf
from carloan.compliance.proofs import carloan_verify
from carloan.compliance.proofs.carloan_verify import Refused
from carloan.compliance.selectors.proofs import event_proof
from carloan.compliance.services.bundle import bundle_write
from carloan.compliance.verify_words import VERIFY_WORDS
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.lib import merkle, signed_note
from carloan.supervisor.setup import node_path
from tests.cast import Lender
from tests.compliance.strangers import files_of, packed
from tests.compliance.test_bundle import (
    EARLIER,
    HARMS,
    KEY,
    TENANT,
    WHOLE,
    Bundle,
    Day,
    at,
    event,
    witness_key,
)
from tests.compliance.test_sealing import SIGNER, seal, seal_all, write
from tests.compliance.test_verifier_words import changed_bundles
from tests.lib.test_merkle import COUNTS, cases

ROOT = Path(__file__).resolve().parents[2]
RUNNER = Path(__file__).with_name("browser_verifier.mjs")


class Browser:
    """The modules at work in one process: a question a line, an answer a line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, act: str, **values: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"act": act, **values}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert answer.get("kind") != "error", answer
        return answer


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    node = next((each for each in (Path(folder) / "node" for folder in node_path().split(":")) if each.exists()), None)
    if node is None:
        pytest.skip("there is no Node.js: script/setup test installs one")
    with subprocess.Popen(
        [str(node), str(RUNNER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Browser(process)
        assert process.stdin is not None
        process.stdin.close()


def judged(browser: Browser, bundle: Bundle, tmp_path: Path) -> dict[str, Any]:
    place = tmp_path / "bundle.zip"
    place.write_bytes(bundle.file().getvalue())
    return browser.ask(
        "bundle", file=str(place), keys="\n".join([KEY, *bundle.trusted]), since=bundle.since or "",
        until=bundle.key_until.isoformat() if bundle.key_until else "",
        seenSince=bundle.seen_since.isoformat() if bundle.seen_since else "",
    )  # fmt: skip


@pytest.mark.parametrize("kind", COUNTS)
def test_every_case_of_strangers_is_judged_as_they_judge_it(shared_data: Path, browser: Browser, kind: str) -> None:
    found = cases(shared_data, kind)
    assert len(found) >= COUNTS[kind]
    for case in found:
        # Numbers as text: some are larger than a double counts.
        said = {key: str(value) if type(value) is int else value for key, value in case.items()}
        assert browser.ask(kind, **said)["found"] is not case["wantErr"], case["desc"]


def test_a_whole_bundle_proves_what_it_proves_to_python(browser: Browser, tmp_path: Path) -> None:
    seen = (("bank", 6, 1_000), ("auditor", 11, 2_000))
    trusted = (witness_key("bank"), witness_key("auditor"))
    bundle = replace(WHOLE, since=EARLIER.note(), seen=seen, trusted=trusted, seen_since=at(1_000), day=Day())
    found, said = judged(browser, bundle, tmp_path)["found"], bundle.verify()
    for name in ("ledger", "events", "root", "first", "last", "since"):
        assert found[name] == said[name]
    assert found["day"] == said["day"]["of"]
    assert [(one["name"], one["events"]) for one in found["witnesses"]] == [
        (one["name"], one["events"]) for one in said["witnesses"]
    ]


@pytest.mark.parametrize("harm", HARMS)
def test_no_bundle_that_was_bent_passes(browser: Browser, tmp_path: Path, harm: str) -> None:
    answer = judged(browser, HARMS[harm], tmp_path)
    assert answer["kind"] == "refused", answer


WORDS = {
    "a bit flipped": "changed",
    "an event dropped": "too_few",
    "two events swapped": "changed",
    "the last event dropped": "too_few",
    "a history forked before": "forked",
    "another lender's ledger": "other_ledger",
    "an unknown key": "not_signed",
    "a key that had ended": "key_ended",
    "a history rolled back": "older",
    "a witness that did not sign": "not_witnessed",
    "an old state shown anew": "seen_long_ago",
    "a stamped day of another history": "forked_day",
    "a stamped day without this ledger": "other_day",
    "another lender's event": "other_tenant",
    "an event added": "too_many",
}


@pytest.mark.parametrize("harm", WORDS)
def test_each_harm_is_called_what_it_is(browser: Browser, tmp_path: Path, harm: str) -> None:
    assert judged(browser, HARMS[harm], tmp_path)["code"] == WORDS[harm]


SAID = {
    "altered": "event_changed",
    "dropped": "event_dropped",
    "end_dropped": "end_dropped",
    "added": "event_added",
    "swapped": "events_swapped",
}


def test_what_was_done_to_which_event_is_said_as_python_says_it(browser: Browser, tmp_path: Path) -> None:
    for harm, (bundle, (code, number)) in changed_bundles().items():
        if harm == "two events as one line":
            continue  # no JSON: it is called damaged, by its number
        answer = judged(browser, bundle, tmp_path)
        assert (answer["code"], answer["values"]["number"]) == (SAID[code], number), harm
        with pytest.raises(Refused) as refused:
            bundle.verify()
        assert answer["values"] == refused.value.said.values, harm


def test_every_code_of_the_modules_has_words(browser: Browser) -> None:
    source = "".join(file.read_text() for file in (ROOT / "frontend/src/js").glob("**/*.js"))
    codes = set(re.findall(r'(?:refused|unreadable)\("(\w+)"', source)) | set(re.findall(r'code: "(\w+)"', source))
    assert len(codes) > 20
    assert sorted(codes - VERIFY_WORDS.keys()) == []
    used = set(re.findall(r'"(\w+)"', source))
    assert sorted(VERIFY_WORDS.keys() - used) == []


def with_files(bundle: Bundle, files: dict[str, bytes]) -> Bundle:
    """The bundle with further files in it."""
    whole = list(files_of(bundle.file().getvalue()).items())

    def file() -> io.BytesIO:
        return io.BytesIO(packed([*whole, *files.items()]))

    found = replace(bundle)
    object.__setattr__(found, "file", file)
    return found


def test_tiles_and_further_checkpoints_are_held_against_the_events(browser: Browser, tmp_path: Path) -> None:
    many = replace(WHOLE, events=tuple(event(number % 60) for number in range(600)))
    leaves = [merkle.leaf_hash(one) for one in many.events]
    tiles = {
        "tile/0/000": b"".join(leaves[:256]),
        "tile/0/001": b"".join(leaves[256:512]),
        "tile/0/002.p/88": b"".join(leaves[512:]),
        "tile/1/000.p/2": merkle.root(leaves[:256]) + merkle.root(leaves[256:512]),
        "checkpoints/300": replace(many, events=many.events[:300]).note().encode(),
    }
    found = judged(browser, with_files(many, tiles), tmp_path)["found"]
    assert (found["tiles"], found["checkpoints"], found["events"]) == (4, 2, 600)
    bent = bytearray(tiles["tile/0/001"])
    bent[32 * 7] ^= 1
    answer = judged(browser, with_files(many, {**tiles, "tile/0/001": bytes(bent)}), tmp_path)
    assert (answer["code"], answer["values"]) == ("tile", {"name": "tile/0/001"}), "no event is accused"
    forked = replace(many, events=(event(1), *many.events[1:300])).note().encode()
    assert judged(browser, with_files(many, {"checkpoints/300": forked}), tmp_path)["code"] == "forked_inside"


@pytest.mark.parametrize("keys", ["", "nothing", KEY[:-2], f"{KEY}\n{KEY}", witness_key("bank")])
def test_what_is_no_key_is_told(browser: Browser, tmp_path: Path, keys: str) -> None:
    place = tmp_path / "bundle.zip"
    place.write_bytes(WHOLE.file().getvalue())
    assert browser.ask("bundle", file=str(place), keys=keys)["kind"] == "unreadable"


def test_what_is_no_bundle_is_told(browser: Browser, tmp_path: Path) -> None:
    place = tmp_path / "bundle.zip"
    for data in (b"", b"PK", b"x" * 5000, WHOLE.file().getvalue()[:-30], WHOLE.file().getvalue()[40:]):
        place.write_bytes(data)
        assert browser.ask("bundle", file=str(place), keys=KEY)["kind"] in ("unreadable", "refused")
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = with_files(WHOLE, {carloan_verify.EVENTS: b""}).file().getvalue()
    place.write_bytes(twice)
    assert browser.ask("bundle", file=str(place), keys=KEY)["code"] == "twice"


def test_a_real_ledger_proves_itself_and_each_of_its_events(
    browser: Browser, committed: Lender, tmp_path: Path
) -> None:
    write(committed, 300)
    seal_all(committed, most=70)
    write(committed, 3)
    seal(committed)
    place = tmp_path / "real.zip"
    with tenant_scope(committed.tenant.id), place.open("wb") as file:
        checkpoint = bundle_write(actor=committed.system, file=file)
    key = checkpoint.signed_by
    found = browser.ask("bundle", file=str(place), keys=key)["found"]
    assert (found["events"], found["root"]) == (checkpoint.size, bytes(checkpoint.root).hex())
    with tenant_atomic(committed.tenant.id):
        order = list(LedgerLeaf.objects.order_by("index").values_list("event_id", flat=True))
        for index in (0, 1, 255, 256, len(order) - 1):
            proof = event_proof(order[index])
            assert proof is not None
            assert browser.ask("proof", text=json.dumps(proof), keys=key)["found"]["index"] == index
            assert carloan_verify.verify_inclusion(json.dumps(proof), carloan_verify.read_key(key))["index"] == index
            for bent, code in bent_proofs(proof):
                assert browser.ask("proof", text=json.dumps(bent), keys=key)["code"] == code
        assert event_proof(AuditEvent.objects.latest("id").id) is None, "the export is not sealed yet"


def bent_proofs(proof: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Proofs that were harmed, and what is said of each."""
    nothing = b64encode(bytes(32)).decode()
    yield {**proof, "event": proof["event"].replace('"v":1', '"v":2')}, "not_in_tree"
    yield {**proof, "index": proof["index"] + 1}, "not_in_tree"
    yield {**proof, "proof": proof["proof"][:-1]}, "not_in_tree"
    yield {**proof, "proof": [*proof["proof"], nothing]}, "not_in_tree"
    yield {**proof, "proof": [nothing, *proof["proof"][1:]]}, "not_in_tree"
    yield {**proof, "proof": ["!"]}, "no_proof"
    yield {**proof, "index": -1}, "not_in_tree"
    yield {**proof, "index": "1"}, "no_proof"
    lines = proof["checkpoint"].split("\n")
    yield {**proof, "checkpoint": "\n".join([lines[0], lines[1], nothing, *lines[3:]])}, "not_signed"


def test_an_event_of_another_lender_does_not_pass_under_this_ones_checkpoint(browser: Browser) -> None:
    """Also where the tree holds it: who seals a foreign event proves nothing by it."""
    foreign = event(3, uuid7())
    body = signed_note.Checkpoint(SIGNER.origin(TENANT), 1, merkle.leaf_hash(foreign)).body()
    note = signed_note.note(body, [signed_note.sign(body, SIGNER.origin(TENANT), SIGNER.key)])
    proof = {
        "format": carloan_verify.EVENT_FORMAT,
        "event": foreign.decode(),
        "index": 0,
        "proof": [],
        "checkpoint": note,
    }
    assert browser.ask("proof", text=json.dumps(proof), keys=KEY)["code"] == "other_tenant"
