"""The auditor's pack: what is in it is what its manifest says, it is told, and it needs the right."""

import io
import json
from hashlib import sha256
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import DatabaseError, transaction

from carloan.compliance import controls
from carloan.compliance.models import AuditorPack
from carloan.compliance.services.auditor_packs import pack_ask, pack_make
from carloan.core.errors import Conflict, Forbidden
from carloan.core.models import AuditEvent, Job, RoleAssignment
from carloan.core.tenancy import tenant_scope
from tests.cast import Lender, as_role
from tests.compliance.governed import course, result, risk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def made(lender: Lender) -> AuditorPack:
    with lender.open():
        job = pack_ask(actor=lender.actor("compliance"))
    with tenant_scope(lender.tenant.id), as_role("worker"):
        pack = pack_make(job_id=job.id)
    assert pack is not None
    return pack


def test_it_holds_what_its_manifest_says_and_is_told(client_of: Any, bank: Lender) -> None:
    with bank.open():
        risk(bank, title="根密钥丢失")
        result(bank, course(bank), bank.members["officer"])
    pack = made(bank)
    answer = client_of(bank, "compliance").confirmed().get(f"/compliance/controls/packs/{pack.id}/")
    assert answer.status_code == 200
    assert sha256(answer.content).hexdigest() == pack.digest
    with ZipFile(io.BytesIO(answer.content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts.pop("manifest.json"))
    assert {each["name"]: each["sha256"] for each in manifest["files"]} == {
        name: sha256(data).hexdigest() for name, data in parts.items()
    }
    assert json.loads(parts["sbom.cdx.json"])["bomFormat"] == "CycloneDX"
    told = json.loads(parts["controls.json"])["frameworks"]
    assert [each["code"] for each in told] == list(controls.FRAMEWORKS)
    assert sum(len(each["controls"]) for each in told) == sum(len(each.controls) for each in controls.frameworks())
    assert {each["code"] for each in json.loads(parts["facts.json"])["facts"]} >= {"seal", "people", "keys"}
    assert json.loads(parts["test-results.json"])["carried"] is False, "without results it says so"
    assert "根密钥丢失" in parts["risks.csv"].decode()
    assert "officer 张" in parts["exams.csv"].decode()
    assert "8.4.1" in parts["auditor-pack.html"].decode()
    assert parts["auditor-pack.pdf"].startswith(b"%PDF")
    with bank.open():
        acts = list(AuditEvent.objects.filter(object_id=pack.id).order_by("id").values_list("action", flat=True))
        assert acts == ["compliance.pack.made", "compliance.pack.downloaded"]
        assert Job.objects.get(id=pack.job_id).state == Job.State.DONE


def test_it_is_sealed_and_never_changed(bank: Lender) -> None:
    pack = made(bank)
    with bank.open():
        kept = AuditorPack.objects.get(id=pack.id)
        assert b"UEsDB" not in bytes(kept.content), "no zip lies there in clear"
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditorPack.objects.filter(id=pack.id).update(digest="0" * 64)


def test_one_at_a_time_and_for_whom_it_may_concern(client_of: Any, bank: Lender, other: Lender) -> None:
    with bank.open():
        with pytest.raises(Forbidden):
            pack_ask(actor=bank.actor("admin"))
        pack_ask(actor=bank.actor("compliance"))
        with pytest.raises(Conflict):
            pack_ask(actor=bank.actor("compliance"))
    pack = made(other)
    assert client_of(bank, "compliance").confirmed().get(f"/compliance/controls/packs/{pack.id}/").status_code == 404
    assert client_of(other, "admin").confirmed().get(f"/compliance/controls/packs/{pack.id}/").status_code == 403


def test_who_lost_the_right_meanwhile_gets_none(bank: Lender) -> None:
    with bank.open():
        job = pack_ask(actor=bank.actor("compliance"))
        RoleAssignment.objects.filter(membership=bank.members["compliance"]).delete()
    with tenant_scope(bank.tenant.id):
        assert pack_make(job_id=job.id) is None
    with bank.open():
        assert Job.objects.get(id=job.id).state == Job.State.FAILED
        assert not AuditorPack.objects.exists()


def test_the_page_orders_it_after_the_password_and_shows_that_it_is_being_made(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "compliance")
    asked = client.post("/compliance/controls/packs/")
    assert asked.status_code == 302
    assert "reauthenticate" in asked["Location"]
    page = client.confirmed().post("/compliance/controls/packs/", follow=True).content.decode()
    with bank.open():
        job = Job.objects.get(kind="compliance.pack")
    assert f"/compliance/controls/packs/{job.id}/state/" in page
    assert client.get(f"/compliance/controls/packs/{job.id}/state/").json() == {"state": "waiting"}
