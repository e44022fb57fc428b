"""Rotation while people work: no read fails, a killed one converges, the old version is refused only when proven."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from threading import Event, Thread
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction
from django.db.utils import Error as DatabaseError

from carloan.core import keyring, keys
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.keyring import VersionRefused, new_version, retire_versions, ring_of
from carloan.core.keys import KeyDestroyed, Subject
from carloan.core.keystore.models import SubjectKey, TenantKey
from carloan.core.models import AuditEvent, Job, KeyCeremony
from carloan.core.postgres.wrapping import put_under
from carloan.core.services import key_rotation
from carloan.core.services.key_rotation import rotation_work, tenant_key_rotate
from carloan.core.tenancy import tenant_atomic, tenant_scope
from tests.cast import Lender, key_store_is
from tests.conftest import TenantClient
from tests.killed import job_left, killed
from tests.plugin import owner_urls

WRAPPED = "UPDATE keystore_subjectkey SET wrapped = %s WHERE id = %s"
WITNESSES = ["李见证", "王见证"]
both = pytest.mark.parametrize("purpose", ["wrap", "seal"])


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "REWRAPPED_AT_ONCE", 10)


def begun(lender: Lender, **given: Any) -> Job:
    with tenant_scope(lender.tenant.id), tenant_atomic():
        return tenant_key_rotate(actor=lender.actor("admin"), **{"witnesses": WITNESSES, "reason": "年度轮换", **given})


def done(lender: Lender, job: Job) -> Job:
    with tenant_scope(lender.tenant.id):
        rotation_work(job_id=job.id)
        with tenant_atomic():
            return Job.objects.get(id=job.id)


def many(lender: Lender, count: int, purpose: str = "wrap") -> dict[Subject, bytes]:
    """Subjects with a key each under the wrapping or the sealing key, and a value that their key sealed."""
    subjects = [Subject("loan", uuid7()) for _ in range(count)]
    with lender.open():
        keys.make_keys(subjects)
        sealed = {each: keys.seal_bytes(keys.secrets_of(each).field, each.id.bytes, "t|c|1") for each in subjects}
        if purpose == "seal":
            assert len(keys.keys_move_apart("loan", [each.id for each in subjects], apart=True)) == count
    return sealed


def opened(lender: Lender, sealed: dict[Subject, bytes]) -> bool:
    with lender.open(), keys.past_the_seal():
        return all(
            keys.open_bytes(keys.secrets_of(subject).field, token, "t|c|1") == subject.id.bytes
            for subject, token in sealed.items()
        )


def versions(lender: Lender, purpose: str = "wrap") -> set[int]:
    with tenant_atomic(lender.tenant.id, using="keystore"):
        living = SubjectKey.objects.filter(destroyed_at=None, apart=purpose == "seal")
        return set(living.values_list("tenant_key_version", flat=True))


@contextmanager
def as_superuser_of_the_key_store(tenant_id: UUID) -> Iterator[Any]:
    """Whom no trigger binds."""
    with psycopg2.connect(owner_urls["KEYSTORE_URL"]) as link, link.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"SET LOCAL app.tenant_id = '{tenant_id}'")
        yield cursor
    link.close()


@both
def test_every_key_stands_under_the_new_version_and_the_old_one_opens_nothing(
    committed: Lender, small_batches: None, purpose: str
) -> None:
    sealed = many(committed, 35, purpose)
    with tenant_atomic(committed.tenant.id, using="keystore"):
        old = bytes(TenantKey.objects.get(purpose=purpose, version=1).wrapped)
        under_old = {row.id: bytes(row.wrapped) for row in SubjectKey.objects.all()}
    job = done(committed, begun(committed, purpose=purpose))
    # The lender's own subject stands under the wrapping key.
    assert (job.state, job.result) == ("done", {"version": 2, "keys": 36 if purpose == "wrap" else 35})
    assert versions(committed, purpose) == {2}
    assert versions(committed, "wrap") == {2 if purpose == "wrap" else 1}
    keys.forget_keys()
    assert opened(committed, sealed)
    # Somebody puts the old version and a key under it back: the gate refuses what the root key would open.
    subject = next(iter(sealed))
    with tenant_atomic(committed.tenant.id, using="keystore"):
        first = TenantKey.objects.get(purpose=purpose, version=1)
        assert (bytes(first.wrapped), first.retired_at is None) == (b"", False)
        key_store_is("UPDATE keystore_tenantkey SET wrapped = %s, retired_at = NULL WHERE id = %s", old, str(first.id))
    back = "UPDATE keystore_subjectkey SET wrapped = %s, tenant_key_version = 1 WHERE id = %s"
    with pytest.raises(IntegrityError, match="where it stands"), tenant_atomic(committed.tenant.id, using="keystore"):
        connections["keystore"].cursor().execute(back, [under_old[subject.id], str(subject.id)])
    with as_superuser_of_the_key_store(committed.tenant.id) as cursor:
        cursor.execute(back, [under_old[subject.id], str(subject.id)])
    keys.forget_keys()
    with committed.open(), keys.past_the_seal(), pytest.raises(VersionRefused):
        keys.secrets_of(subject)


@both
def test_both_versions_open_until_the_last_key_was_moved(committed: Lender, small_batches: None, purpose: str) -> None:
    sealed = many(committed, 25, purpose)
    with tenant_scope(committed.tenant.id):
        new_version(purpose)
        keys.rewrap_batch(purpose, 2, None)
        assert not retire_versions(purpose, 2)
    assert versions(committed, purpose) == {1, 2}
    keys.forget_keys()
    assert opened(committed, sealed)
    with tenant_atomic(committed.tenant.id, using="keystore"):
        assert TenantKey.objects.get(purpose=purpose, version=2).min_decryption_version == 1


@both
def test_people_read_and_write_while_two_rotations_run(
    committed: Lender, small_batches: None, monkeypatch: pytest.MonkeyPatch, purpose: str
) -> None:
    """Threads without memory of keys read each time from the key store; new keys are made all along."""
    monkeypatch.setattr(keys, "_subjects", keyring.Cache(0))
    sealed = many(committed, 60, purpose)
    stop, faults, reads, made = Event(), [], [0, 0], [0]

    def reader(which: int) -> None:
        try:
            while not stop.is_set():
                with tenant_scope(committed.tenant.id):
                    keys.warm_keys(list(sealed)[:20])
                    assert opened(committed, sealed)
                reads[which] += 1
        except Exception as error:  # noqa: BLE001  any of them is a failed read
            faults.append(repr(error))
        finally:
            connections.close_all()

    def writer() -> None:
        try:
            while not stop.is_set():
                assert opened(committed, many(committed, 3, purpose))
                made[0] += 1
        except Exception as error:  # noqa: BLE001  any of them is a failed write
            faults.append(repr(error))
        finally:
            connections.close_all()

    threads = [Thread(target=reader, args=(which,)) for which in range(2)] + [Thread(target=writer)]
    for thread in threads:
        thread.start()
    try:
        states = [done(committed, begun(committed, purpose=purpose)).state for _ in range(2)]
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert faults == []
    assert states == ["done", "done"]
    assert min(*reads, *made) > 0
    keys.forget_keys()
    assert opened(committed, sealed)
    with tenant_scope(committed.tenant.id):
        assert ring_of(purpose).floor == 3
    assert versions(committed, purpose) == {3}


def test_a_process_that_remembers_the_old_version_makes_keys_under_the_new_one(
    committed: Lender, small_batches: None
) -> None:
    many(committed, 3)
    with tenant_scope(committed.tenant.id):
        stale = ring_of("wrap")
    job = done(committed, begun(committed))
    assert job.state == "done"
    keyring._rings.put((committed.tenant.id, "wrap"), stale)
    late = many(committed, 2)
    assert versions(committed) == {2}
    keys.forget_keys()
    assert opened(committed, late)
    # The database refuses it, not this program's memory alone.
    with (
        pytest.raises(IntegrityError, match="retired version"),
        tenant_atomic(committed.tenant.id, using="keystore"),
    ):
        SubjectKey.objects.create(kind="loan", tenant_key_version=1, wrapped=b"x")


def test_a_key_read_before_the_rotation_opens_behind_it(committed: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row is read under version 1; before its wrapping key is looked up, the rotation comes to its end."""
    sealed = many(committed, 2)
    keys.forget_keys()
    remember = keys._remember
    rotated: list[bool] = []

    def rotate() -> None:
        done(committed, begun(committed))
        connections.close_all()

    def late(*given: Any) -> Any:
        if not rotated:
            rotated.append(True)
            thread = Thread(target=rotate)
            thread.start()
            thread.join(60)
            keys.forget_keys()
        return remember(*given)

    monkeypatch.setattr(keys, "_remember", late)
    with tenant_scope(committed.tenant.id):
        assert opened(committed, sealed)
    assert versions(committed) == {2}


def test_what_is_shredded_during_a_batch_stays_shredded(committed: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = many(committed, 3)
    gone = next(iter(sealed))
    put = put_under

    def late(purpose: str, version: int, rewrapped: Any) -> int:
        thread = Thread(target=shred)
        thread.start()
        thread.join(30)
        return put(purpose, version, rewrapped)

    def shred() -> None:
        with committed.open():
            keys.destroy_key(gone)
        connections.close_all()

    monkeypatch.setattr(keys, "put_under", late)
    job = done(committed, begun(committed))
    assert (job.state, job.result["keys"]) == ("done", 3)
    keys.forget_keys()
    with committed.open(), pytest.raises(KeyDestroyed):
        keys.secrets_of(gone)


KILLED = """
from carloan.core import keys
from carloan.core.services import key_rotation
keys.REWRAPPED_AT_ONCE = 10
at, tenant, job = sys.argv[1], UUID(sys.argv[2]), UUID(sys.argv[3])
if at == "batch":
    dies(keys, "put_under", 2, behind=True)
else:
    dies(key_rotation.audit, "record")
with tenant_scope(tenant):
    key_rotation.rotation_work(job_id=job)
"""


@both
@pytest.mark.parametrize("at", ["batch", "retired"])
def test_a_killed_rotation_is_brought_to_its_end(committed: Lender, small_batches: None, at: str, purpose: str) -> None:
    """In the middle of a batch that is not committed, and between the key store's last commit and the job's end."""
    sealed = many(committed, 45, purpose)
    job = begun(committed, purpose=purpose)
    killed(KILLED, at, committed.tenant.id, job.id)
    with committed.open():
        assert len(versions(committed, purpose)) == (2 if at == "batch" else 1)
    job_left(committed, job)
    keys.forget_keys()
    assert opened(committed, sealed)
    assert done(committed, job).state == "done"
    keys.forget_keys()
    assert opened(committed, sealed)
    assert versions(committed, purpose) == {2}
    with committed.open():
        told = (
            KeyCeremony.objects.filter(purpose=purpose, version=2).order_by("created_at").values_list("act", flat=True)
        )
        assert list(told) == ["rotated", "retired"]


def test_long_work_is_handed_over_in_steps(
    committed: Lender, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = many(committed, 25)
    monkeypatch.setattr(key_rotation, "STEP_SECONDS", 0.0)
    job = begun(committed)
    assert done(committed, job).state == "waiting"
    for _ in range(5):
        with suppress(Conflict):
            job = done(committed, job)
    assert (job.state, job.done, job.total) == ("done", 26, 26)
    keys.forget_keys()
    assert opened(committed, sealed)


@both
def test_a_key_that_does_not_open_keeps_the_old_version_in_force(committed: Lender, purpose: str) -> None:
    sealed = many(committed, 3, purpose)
    bad = sealed.copy().popitem()[0]
    with tenant_atomic(committed.tenant.id, using="keystore"):
        whole = bytes(SubjectKey.objects.get(id=bad.id).wrapped)
        key_store_is(WRAPPED, whole[:-1] + bytes([whole[-1] ^ 1]), str(bad.id))
    job = done(committed, begun(committed, purpose=purpose))
    assert job.state == "failed"
    told = "上一次轮换未能完成"
    assert told in client_of(committed, "admin").get("/encryption/").content.decode()
    with tenant_scope(committed.tenant.id):
        keys.forget_keys()
        assert ring_of(purpose).floor == 1
        with tenant_atomic(using="keystore"):
            key_store_is(WRAPPED, whole, str(bad.id))
    # Mended, the same version is taken to its end instead of making one more.
    job = done(committed, begun(committed, purpose=purpose))
    assert (job.state, job.result["version"]) == ("done", 2)
    assert told not in client_of(committed, "admin").get("/encryption/").content.decode()
    keys.forget_keys()
    assert opened(committed, sealed)


def test_who_did_it_before_whom_stands_in_a_log_that_nobody_changes(committed: Lender) -> None:
    job = begun(committed)
    done(committed, job)
    with committed.open():
        made, index, rotated, retired = KeyCeremony.objects.order_by("created_at", "id")
        assert {made.purpose, index.purpose} == {"wrap", "index"}
        assert (made.act, made.by, index.act) == ("made", None, "made")
        assert rotated.witnesses == WITNESSES
        assert rotated.reason == "年度轮换"
        assert rotated.by == committed.members["admin"]
        assert (rotated.version, retired.version, retired.act) == (2, 2, "retired")
        assert AuditEvent.objects.get(id=rotated.audit_event_id).action == "core.keys.rotated"
        assert AuditEvent.objects.get(id=retired.audit_event_id).action == "core.keys.retired"
        canon = bytes(AuditEvent.objects.get(id=rotated.audit_event_id).canon).decode()
        assert WITNESSES[0] not in canon
        for change in (
            lambda: KeyCeremony.objects.filter(id=rotated.id).update(witnesses=[]),
            lambda: KeyCeremony.objects.filter(id=rotated.id).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


@pytest.mark.django_db(databases=["default", "keystore"])
def test_a_rotation_needs_the_right_a_witness_and_a_reason(bank: Lender) -> None:
    with bank.open():
        with pytest.raises(Forbidden):
            tenant_key_rotate(actor=bank.actor("compliance"), witnesses=WITNESSES, reason="x")
        admin = bank.actor("admin")
        for wrong in (
            {"witnesses": [], "reason": "x"},
            {"witnesses": [admin.name], "reason": "x"},
            {"witnesses": WITNESSES, "reason": " "},
            {"witnesses": WITNESSES, "reason": "x", "suite": "Z"},
        ):
            with pytest.raises(Invalid):
                tenant_key_rotate(actor=admin, **wrong)  # type: ignore[arg-type]
        assert not Job.objects.filter(kind=key_rotation.KIND).exists()


def test_a_second_rotation_waits_for_the_end_of_the_first(committed: Lender) -> None:
    many(committed, 1, "seal")
    begun(committed)
    for purpose in ("wrap", "seal"):
        with pytest.raises(Conflict):
            begun(committed, purpose=purpose)


def test_without_a_sealing_key_there_is_none_to_rotate(committed: Lender) -> None:
    with pytest.raises(Invalid):
        begun(committed, purpose="seal")


@both
def test_what_is_sealed_apart_or_joined_by_a_stale_process_stands_under_the_newest_version(
    committed: Lender, small_batches: None, purpose: str
) -> None:
    """A process remembers the version that was retired meanwhile, and that version is empty: what it moves under it
    would be lost for good. The key store refuses it, and the process looks again."""
    apart, joined = purpose == "seal", many(committed, 3, "wrap" if purpose == "seal" else "seal")
    many(committed, 1, purpose)
    with tenant_scope(committed.tenant.id):
        stale = ring_of(purpose)
    assert done(committed, begun(committed, purpose=purpose)).state == "done"
    keyring._rings.put((committed.tenant.id, purpose), stale)
    with committed.open():
        moved = keys.keys_move_apart("loan", [each.id for each in joined], apart=apart)
    assert len(moved) == 3
    assert versions(committed, purpose) == {2}
    keys.forget_keys()
    assert opened(committed, joined)


def client_of(lender: Lender, role: str) -> TenantClient:
    client = TenantClient(lender.tenant.slug)
    client.force_login(lender.users[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_asks_for_the_password_and_then_begins(committed: Lender) -> None:
    admin = client_of(committed, "admin")
    page = admin.get("/encryption/")
    assert page.status_code == 200, page.content.decode()[-3000:]
    shown = page.content.decode()
    assert "密钥仪式记录" in shown
    form = {"purpose": "wrap", "suite": "G", "witnesses": "\n".join(WITNESSES), "reason": "商用密码改造"}
    assert "/accounts/reauthenticate/" in admin.post("/encryption/", form).headers["Location"]
    assert admin.confirmed().post("/encryption/", {**form, "witnesses": ""}).status_code == 422
    begun_at = admin.post("/encryption/", form)
    assert begun_at.status_code == 302
    assert begun_at.headers["Location"].endswith("/encryption/")
    assert admin.post("/encryption/", form).status_code == 422
    # Who only reads sees how far it is too.
    assert 'hx-select="#rotation"' in client_of(committed, "compliance").get("/encryption/").content.decode()
    with committed.open():
        job = Job.objects.get(kind=key_rotation.KIND)
    assert not admin.get("/encryption/", headers={"HX-Request": "true"}).headers.get("HX-Refresh")
    done(committed, job)
    assert admin.get("/encryption/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "SM4" in admin.get("/encryption/").content.decode()
    assert admin.get(f"/jobs/{job.id}/").status_code == 200
    reader = client_of(committed, "compliance")
    assert reader.get("/encryption/").status_code == 200
    assert reader.confirmed().post("/encryption/", form).status_code == 403
    assert client_of(committed, "officer").get("/encryption/").status_code == 403


def test_the_command_rotates_to_the_end_and_tells_wrong_input(committed: Lender) -> None:
    sealed, out = many(committed, 3), StringIO()
    slug = committed.tenant.slug
    call_command("rotate_keys", slug, "--witness", "李见证", "--reason", "轮换", "--suite", "G", stdout=out)
    assert f"{slug}: 4 keys stand under version 2." in out.getvalue()
    with pytest.raises(CommandError, match="尚无此密钥"):
        call_command("rotate_keys", slug, "--key", "seal", "--witness", "李见证", "--reason", "轮换")
    sealed |= many(committed, 2, "seal")
    call_command("rotate_keys", slug, "--key", "seal", "--witness", "李见证", "--reason", "轮换", stdout=out)
    assert f"{slug}: 2 keys stand under version 2." in out.getvalue()
    keys.forget_keys()
    assert opened(committed, sealed)
    with pytest.raises(CommandError, match="There is no lender"):
        call_command("rotate_keys", "nobody", "--witness", "x", "--reason", "y")
    with pytest.raises(CommandError):
        call_command("rotate_keys", slug, "--witness", " ", "--reason", "y")
