"""The certificate of a destruction: made once, when everything is there, and proven by a stranger with one key."""

import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from carloan.compliance.certificate_pdf import NAME, certificate_pdf
from carloan.compliance.models import DestructionBatch, DestructionCertificate
from carloan.compliance.policies import destruction as policies
from carloan.compliance.proofs import carloan_certificate
from carloan.compliance.proofs.carloan_certificate.film import film_of
from carloan.compliance.proofs.carloan_verify import Refused, Unreadable, read_key
from carloan.compliance.selectors.certificates import list_root, to_certify
from carloan.compliance.selectors.destruction import items_of
from carloan.compliance.selectors.tree import last_checkpoint
from carloan.compliance.services.certificate_proofs import certificate_proofs_take
from carloan.compliance.services.certifying import batch_certify
from carloan.compliance.services.notarising import batch_notarise, batch_without_notary
from carloan.compliance.services.shredding import shredding_record, shredding_witness
from carloan.core.actors import Actor
from carloan.core.audit import canonical
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear, clear_bytes
from tests.at_once import at_once
from tests.cast import Lender
from tests.compliance.certified import (
    aged,
    certified,
    certified_by_hand,
    certify,
    fresh,
    segment,
    shredded,
    shredding,
    stamped,
    verified,
    verified_by_hand,
)
from tests.compliance.destroyed import due_loans
from tests.compliance.held import another, place
from tests.compliance.strangers import as_a_stranger
from tests.compliance.test_executing import DYING as DYING_EARLIER
from tests.compliance.test_executing import execute, ready, text_index_is_tidy, verify
from tests.compliance.test_sealing import seal_all
from tests.killed import killed
from tests.lib.test_pdf import text_of

State = DestructionBatch.State

# A run that dies by kill -9: when the PDF is drawn and nothing is written; when the row is sealed, in the transaction;
# and behind the step, before the commit.
DYING = """
from carloan.compliance.services import certifying
from carloan.core.actors import Actor
tenant_id, batch_id, step = UUID(sys.argv[1]), UUID(sys.argv[2]), sys.argv[3]
dies(certifying, {"drawn": "certificate_pdf", "sealed": "seal", "stepped": "step"}[step], behind=True)
with tenant_scope(tenant_id):
    certifying.batch_certify(actor=Actor.system(tenant_id, "sweep"), batch_id=batch_id)
"""


def certificate(lender: Lender, batch: DestructionBatch) -> tuple[DestructionCertificate, bytes, bytes]:
    """The row, the machine-readable certificate and the PDF."""
    with lender.open():
        row = DestructionCertificate.objects.get(batch=batch)
        return row, clear(row, "body").encode(), clear_bytes(row, "pdf")


def key_of(lender: Lender) -> str:
    with lender.open():
        checkpoint = last_checkpoint()
        assert checkpoint is not None
        return checkpoint.signed_by


def judged(folder: Path, key: str, *given: str) -> subprocess.CompletedProcess[str]:
    """By the program in the folder."""
    return as_a_stranger(folder, "carloan_certificate.py", *given, "--key", key)


def test_a_certificate_waits_for_its_proofs_and_is_told_by_its_hashes(committed: Lender) -> None:
    first, held, last = due_loans(committed, 3)
    batch = ready(committed, first, held, last)
    with committed.open():
        place(committed, ("loan", held.id))
    execute(committed, batch)
    text_index_is_tidy(committed)
    assert verify(committed, batch) == []
    with committed.open():
        assert to_certify() == [batch.id]
    assert [problem.code for problem in certify(committed, batch)] == ["seal"]
    seal_all(committed)
    assert [problem.code for problem in certify(committed, batch)] == ["stamp"]
    batch = certified(committed, batch)
    assert batch.state == State.CERTIFIED
    row, body, pdf = certificate(committed, batch)
    told = json.loads(body)
    assert body == canonical(told)
    assert told["counts"] == {"listed": 3, "destroyed": 2, "spared": 1, "dropped": 0}
    with committed.open():
        assert told["batch"]["root"] == row.root == list_root(items_of(batch)).hex()
        acts = dict(
            AuditEvent.objects.filter(object_id=batch.id, action__contains=".certif").values_list("action", "canon")
        )
        names = {member.display_name for member in committed.members.values()}
    for act, data in (("certified", body), ("certificate_filed", pdf)):
        canon = bytes(acts[f"compliance.destruction.{act}"])
        assert json.loads(canon)["digest"] == hashlib.sha256(data).hexdigest()
        assert not any(name.encode() in canon for name in names), "no name in the ledger"
    assert {voice["name"] for voice in told["voices"]} | {told["proposer"]["name"]} <= names
    assert [place["code"] for place in told["places"] if place["gone_on"] is None] == ["backups"], "nobody told its day"
    assert all(rule["article"]["zh"] and rule["article"]["en"] for each in told["law"] for rule in each["rules"])
    with pytest.raises(Conflict):
        certify(committed, batch)
    with pytest.raises(Conflict), committed.open():
        certificate_proofs_take(actor=committed.actor("compliance"), batch=batch)


def test_a_stranger_proves_a_certificate_with_the_key_and_python_alone(committed: Lender, tmp_path: Path) -> None:
    batch = certified(committed, verified(committed, *due_loans(committed, 2)))
    _row, body, pdf = certificate(committed, batch)
    seal_all(committed)
    with committed.open():
        packed = certificate_proofs_take(actor=committed.actor("compliance"), batch=batch)
        assert AuditEvent.objects.filter(action="compliance.destruction.certificate_taken").count() == 1
        with pytest.raises(Forbidden):
            certificate_proofs_take(actor=committed.actor("service"), batch=batch)
    (tmp_path / "proofs.zip").write_bytes(packed)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    call_command("export_ledger", committed.tenant.slug, str(tmp_path / "bundle.zip"), stdout=io.StringIO())
    key, whole = key_of(committed), ("--bundle", "bundle.zip")
    for given, proven in (
        (("proofs.zip",), True),
        (("certificate.pdf",), False),
        (("certificate.json",), False),
        (("certificate.pdf", *whole), True),
    ):
        found = judged(tmp_path, key, *given, "--json")
        assert found.returncode == (0 if proven else 3), found.stderr
        said = json.loads(found.stdout)
        assert (said["counts"]["destroyed"], said["proven"]) == (2, proven)
        assert said["day"]["of"].startswith("ledger.example/days/")
    assert "已销毁 2" in judged(tmp_path, key, "proofs.zip").stdout
    assert judged(tmp_path, key, "proofs.zip", "--stamp", "stamp").returncode == 0
    assert (tmp_path / "stamp" / "body.txt").read_text() == json.loads(body)["ledger"]["stamp"]["body"]
    (tmp_path / "other.pdf").write_bytes(pdf + b"\n% and one more line")
    assert judged(tmp_path, key, "other.pdf").returncode == 3, "the list in it is the same"
    assert judged(tmp_path, key, "other.pdf", *whole).returncode == 1, "the file is not"
    told = json.loads(body)
    _without(told, '"compliance.destruction.agreed"')
    events = carloan_certificate.in_bundle(str(tmp_path / "bundle.zip"), str(batch.id))
    with pytest.raises(Refused, match="tells more"):
        carloan_certificate.whole_holds(told, events, hashlib.sha256(body).hexdigest(), None)
    (tmp_path / "nothing.json").write_text("{}")
    assert judged(tmp_path, key, "nothing.json").returncode == 2


def test_the_pdf_is_one_for_the_archive_and_says_what_the_list_in_it_says(committed: Lender) -> None:
    loans = due_loans(committed, 1)
    batch = verified(committed, *loans, originals=True)
    shredded(committed, batch)
    batch = certified(committed, batch)
    _row, body, pdf = certificate(committed, batch)
    assert certificate_pdf(body) == pdf, "drawn again it is the same"
    assert carloan_certificate.embedded(pdf) == body
    with pikepdf.open(io.BytesIO(pdf)) as document:
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
        assert document.attachments[NAME].get_file().read_bytes() == body
        (filed,) = document.Root.AF
        assert filed.AFRelationship == "/Data"
        assert document.Root.OutputIntents
        assert "/Encrypt" not in document.trailer
        for page in document.pages:
            for font in page.Resources.get("/Font", {}).values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()), "every font lies in it"
    text = text_of(pdf)
    for word in (
        "销毁证明", "Certificate of destruction", "NIST SP 800-88", "反洗钱法", "提议人", "批准人甲", "监销人乙",
        "深圳安销信息销毁有限公司", "销毁录像-2.mp4", "Backups of the key store",
    ):  # fmt: skip
        assert word.replace(" ", "") in text.replace(" ", "").replace("\r\n", ""), word
    assert loans[0].contract_no not in text


@pytest.mark.parametrize("step", ["drawn", "sealed", "stepped"])
def test_a_worker_that_is_killed_between_key_and_certificate_certifies_once(committed: Lender, step: str) -> None:
    batch = ready(committed, *due_loans(committed, 2))
    aged(batch)
    killed(DYING_EARLIER, committed.tenant.id, batch.id, "key")
    execute(committed, batch)
    text_index_is_tidy(committed)
    assert verify(committed, batch) == []
    seal_all(committed)
    stamped(committed)
    killed(DYING, committed.tenant.id, batch.id, step)
    assert fresh(committed, batch).state == State.VERIFIED
    assert certify(committed, batch) == []
    with pytest.raises(Conflict):
        certify(committed, batch)
    with committed.open():
        assert DestructionCertificate.objects.filter(batch=batch).count() == 1
        for act in ("certified", "certificate_filed"):
            assert AuditEvent.objects.filter(action=f"compliance.destruction.{act}").count() == 1
        assert to_certify() == []


def test_two_runs_at_once_make_one_certificate(committed: Lender) -> None:
    batch = verified(committed, *due_loans(committed, 1))
    seal_all(committed)
    stamped(committed)
    run: Callable[[], Any] = lambda: batch_certify(actor=committed.system, batch_id=batch.id)  # noqa: E731
    faults = [fault for fault in at_once(committed, run, run) if fault]
    assert [type(fault) for fault in faults] in ([], [Conflict])
    with committed.open():
        assert DestructionCertificate.objects.filter(batch=batch).count() == 1
        assert AuditEvent.objects.filter(action="compliance.destruction.certified").count() == 1
    connections.close_all()


def test_a_batch_with_originals_is_not_certified_before_two_have_seen_them_go(committed: Lender) -> None:
    batch = verified(committed, *due_loans(committed, 1), originals=True)
    assert [problem.code for problem in certify(committed, batch)] == ["originals"]
    with committed.open():
        recorder = another(committed, "archivist", "经办人")
        record = shredding_record(actor=recorder, batch=batch, record=shredding(film=[], no_film="设备故障"))
        shredding_witness(actor=committed.actor("officer"), batch=batch, digest=record.digest)
    assert [problem.code for problem in certify(committed, batch)] == ["witnesses"]
    with committed.open():
        shredding_witness(actor=committed.actor("compliance"), batch=batch, digest=record.digest)
    done = certified(committed, batch)
    originals = json.loads(certificate(committed, done)[1])["originals"]
    assert len(originals["witnesses"]) == 2
    assert json.loads(originals["facts"])["no_film"] == "设备故障"
    with committed.open(), pytest.raises(Conflict):
        shredding_record(actor=recorder, batch=done, record=shredding())


def test_without_an_authority_the_certificate_waits_two_days_and_then_says_so() -> None:
    given: dict[str, Any] = {"originals": False, "recorded": False, "witnesses": 0, "sealed": True, "stamped": False}
    early = policies.Evidence(**given, waited=timedelta(hours=47))
    assert [problem.code for problem in policies.missing_evidence(early)] == ["stamp"]
    assert policies.missing_evidence(policies.Evidence(**given, waited=timedelta(hours=48))) == []
    with pytest.raises(Forbidden):
        batch_certify(actor=Actor(tenant_id=UUID(int=1), kind="person", name="x"), batch_id=UUID(int=1))


HARMS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a thing taken off": lambda told: told["items"].pop(),
    "two things swapped": lambda told: told["items"].reverse(),
    "another thing": lambda told: told["items"][0].update(facts=told["items"][0]["facts"].replace("loan", "party")),
    "a thing called kept back": lambda told: told["items"][0].update(state="spared"),
    "a count": lambda told: told["counts"].update(destroyed=9),
    "another root": lambda told: told["batch"].update(root="0" * 64),
    "another list": lambda told: told["batch"].update(list_digest="0" * 64),
    "another code": lambda told: told["batch"].update(qr="carloan:destruction:x"),
    "a voice left out": lambda told: told["voices"].pop(),
    "an approval left out": lambda told: _without(told, '"compliance.destruction.agreed"'),
    "the proposal left out": lambda told: _without(told, '"compliance.destruction.proposed"'),
    "the proof left out": lambda told: _without(told, '"compliance.destruction.verified"'),
    "a destroyed thing's event left out": lambda told: _without(told, '"compliance.destruction.item_destroyed"'),
    "an event told twice": lambda told: told["ledger"]["events"].append(told["ledger"]["events"][0]),
    "an event bent": lambda told: told["ledger"]["events"][0].update(
        event=told["ledger"]["events"][0]["event"].replace("proposed", "prepared")
    ),
    "a longer cooling-off": lambda told: told["batch"].update(cooling_days=14),
    "no cooling-off": lambda told: told["batch"].update(cooling_days=0),
    "another lender": lambda told: told["lender"].update(id=str(UUID(int=5))),
    "a record bent": lambda told: told["originals"].update(facts=told["originals"]["facts"].replace("40", "41")),
    "originals denied": lambda told: told.update(originals=None),
    "a witness left out": lambda told: _without(told, '"compliance.destruction.witnessed"'),
    "another witness": lambda told: told["originals"]["witnesses"][0].update(event=str(UUID(int=6))),
    "a clock set forward": lambda told: told["ledger"]["stamp"].update(taken_at="2026-01-01T00:00:00.000+00:00"),
    "a stamped day of others": lambda told: told["ledger"]["stamp"].update(index=0, proof=["A" * 43 + "="]),
}


def _without(told: dict[str, Any], act: str) -> None:
    events = told["ledger"]["events"]
    events.remove(next(each for each in events if act in each["event"]))


def test_no_certificate_that_was_bent_is_proven(committed: Lender, tmp_path: Path) -> None:
    batch = verified(committed, *due_loans(committed, 2), originals=True)
    shredded(committed, batch)
    batch = certified(committed, batch)
    _row, body, _pdf = certificate(committed, batch)
    key = read_key(key_of(committed))

    def proven(data: bytes) -> dict[str, Any]:
        path = tmp_path / "certificate.json"
        path.write_bytes(data)
        return carloan_certificate.verify(carloan_certificate.Given(str(path)), key)

    assert proven(body)["counts"]["destroyed"] == 2
    held = []
    for harm, bend in HARMS.items():
        told = json.loads(body)
        bend(told)
        try:
            proven(canonical(told))
        except Refused:
            continue
        held.append(harm)
    assert held == []
    with pytest.raises(Refused):
        proven(body + b" ")
    for junk in (b"", b"[]", b"%PDF-1.7", body[:-9]):
        with pytest.raises(Unreadable):
            proven(junk)


def test_a_film_that_does_not_cover_the_shredding_proves_in_part(committed: Lender, tmp_path: Path) -> None:
    """And no film of another time passes, nor papers that went too early, were they recorded."""
    batch = verified(committed, *due_loans(committed, 1), originals=True)
    shredded(committed, batch, film=[segment(2)])
    batch = certified(committed, batch)
    _row, body, pdf = certificate(committed, batch)
    facts = json.loads(json.loads(body)["originals"]["facts"])
    assert "录像未覆盖时段" in text_of(pdf)
    seal_all(committed)
    with committed.open():
        packed = certificate_proofs_take(actor=committed.actor("compliance"), batch=batch)
    (tmp_path / "proofs.zip").write_bytes(packed)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    key = key_of(committed)
    for language, words in (("zh", "录像未覆盖纸质原件销毁的"), ("en", "the film does not show the shredding from")):
        found = judged(tmp_path, key, "proofs.zip", "--lang", language)
        assert found.returncode == 3, found.stderr
        assert "PROVEN IN PART 部分通过" in found.stdout
        assert words in found.stdout
    gaps = json.loads(judged(tmp_path, key, "proofs.zip", "--json").stdout)["gaps"]
    ((began, ended),) = ((datetime.fromisoformat(one), datetime.fromisoformat(two)) for one, two in gaps)
    assert began == datetime.fromisoformat(facts["from"])
    assert round((ended - began).total_seconds()) == 1_800
    elsewhere = {**facts["film"][0], "from": "2026-01-01T00:00:00+00:00", "to": "2026-01-01T01:00:00+00:00"}
    with pytest.raises(Refused, match="segment 1 of the film shows another time"):
        film_of({**facts, "film": [elsewhere]})
    with pytest.raises(Refused, match="segment 2"):
        film_of({**facts, "film": [*facts["film"], {**elsewhere, "from": facts["to"], "to": facts["from"]}]})


def test_a_notary_speaks_about_the_certificate_or_there_is_a_reason_for_none(committed: Lender, tmp_path: Path) -> None:
    batch = verified(committed, *due_loans(committed, 1))
    given: dict[str, Any] = {
        "number": "（2026）深证字第 1234 号",
        "office": "深圳市公证处",
        "notarised_on": timezone.localdate(),
    }
    with committed.open():
        actor = committed.actor("compliance")
        with pytest.raises(Conflict):
            batch_notarise(actor=actor, batch=batch, **given)
        with pytest.raises(Forbidden):
            batch_without_notary(actor=committed.actor("officer"), batch=batch, reason="x")
        with pytest.raises(Invalid):
            batch_without_notary(actor=actor, batch=batch, reason=" ")
        batch_without_notary(actor=actor, batch=batch, reason="本批为常规到期销毁")
        with pytest.raises(Conflict):
            batch_without_notary(actor=actor, batch=batch, reason="再次")
    batch = certified(committed, batch)
    assert json.loads(certificate(committed, batch)[1])["notary"]["reason"] == "本批为常规到期销毁"
    with committed.open():
        wrongs = ({"number": " "}, {"office": ""}, {"notarised_on": timezone.localdate() + timedelta(days=1)})
        for wrong in wrongs:
            with pytest.raises(Invalid):
                batch_notarise(actor=actor, batch=batch, **{**given, **wrong})
        batch_notarise(actor=actor, batch=batch, **given)
        with pytest.raises(Conflict):
            batch_notarise(actor=actor, batch=batch, **given)
    assert fresh(committed, batch).state == State.NOTARISED
    seal_all(committed)
    with committed.open():
        packed = certificate_proofs_take(actor=actor, batch=batch)
    path = tmp_path / "proofs.zip"
    path.write_bytes(packed)
    key = read_key(key_of(committed))
    assert carloan_certificate.verify(carloan_certificate.Given(str(path)), key)["notary"]["office"] == "深圳市公证处"


@pytest.mark.django_db(databases=["default", "keystore"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compliance_destructionbatch SET state = 'verified' WHERE state = 'certified'"
        "; UPDATE compliance_destructionbatch SET state = 'executed'",
        "UPDATE compliance_destructionbatch SET state = 'notarised'",
        "UPDATE compliance_destructionbatch SET originals = true",
        "DELETE FROM compliance_destructioncertificate",
        "UPDATE compliance_destructioncertificate SET digest = 'x'",
        "INSERT INTO compliance_destructioncertificate (tenant_id, id, batch_id, digest, pdf_digest, root, made_at,"
        " audit_event_id) SELECT tenant_id, gen_random_uuid(), batch_id, 'x', 'x', 'x', now(), audit_event_id"
        " FROM compliance_destructioncertificate",
        "INSERT INTO compliance_destructionshredding (tenant_id, id, batch_id, version, method, began_at, ended_at,"
        " counts, digest, recorded_by_id, recorded_at, audit_event_id) SELECT tenant_id, gen_random_uuid(), id, 1,"
        " 'burnt', now(), now(), '[]', 'x', proposed_by_id, now(), audit_event_id FROM compliance_destructionbatch",
        "INSERT INTO compliance_shreddingwitness (tenant_id, id, batch_id, member_id, digest, said_at, audit_event_id)"
        " SELECT tenant_id, gen_random_uuid(), id, proposed_by_id, 'x', now(), audit_event_id"
        " FROM compliance_destructionbatch",
    ],
)
def test_plain_sql_neither_takes_a_certificate_back_nor_makes_a_second(bank: Lender, statement: str) -> None:
    with bank.open():
        certified_by_hand(verified_by_hand(bank))
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
