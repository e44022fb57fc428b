"""Keys, sealed values and the vault: what must open opens, everything else is refused."""

import io
import os
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import RFC_4122

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connections

from carloan.archives.services import sweeping
from carloan.core import keys, vault
from carloan.core.ids import first_at, moment, uuid7
from carloan.core.keyring import tenant_secret
from carloan.core.keys import KeyDestroyed, KeyMissing, Subject, Tampered
from carloan.core.keystore.models import SubjectKey
from carloan.core.suites import TAG
from carloan.core.tenancy import tenant_atomic
from tests.cast import Lender, key_store_is

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def test_version_7_ids_sort_by_time_and_tell_it() -> None:
    ids = [uuid7() for _ in range(5000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert all(identity.variant == RFC_4122 for identity in ids)
    assert all(identity.version == 7 for identity in ids)
    assert moment(ids[0]) <= moment(ids[-1])
    assert first_at(moment(ids[0])) <= ids[0]


def test_a_sealed_value_opens_only_in_its_place(bank: Lender) -> None:
    with bank.open():
        loan = Subject("loan", uuid7())
        keys.make_keys([loan])
        token = keys.seal_bytes(keys.secrets_of(loan).field, "张三".encode(), "t|c|1")
        assert keys.open_bytes(keys.secrets_of(loan).field, token, "t|c|1").decode() == "张三"
        for wrong in (token[:-1] + bytes([token[-1] ^ 1]), b"G" + token[1:]):
            with pytest.raises(Tampered):
                keys.open_bytes(keys.secrets_of(loan).field, wrong, "t|c|1")
        with pytest.raises(Tampered):
            keys.open_bytes(keys.secrets_of(loan).field, token, "t|c|2")


def test_a_key_of_one_tenant_is_unknown_to_the_other(bank: Lender, other: Lender) -> None:
    loan = Subject("loan", uuid7())
    with bank.open():
        keys.make_keys([loan])
    with other.open(), pytest.raises(KeyMissing):
        keys.secrets_of(loan)


def test_a_shredded_key_is_gone_and_says_so(bank: Lender) -> None:
    with bank.open():
        loan = Subject("loan", uuid7())
        keys.make_keys([loan])
        keys.secrets_of(loan)
        assert keys.destroy_key(loan)
        with pytest.raises(KeyDestroyed):
            keys.secrets_of(loan)
        assert not keys.destroy_key(loan)
        keys.make_keys([loan])
        with pytest.raises(KeyDestroyed):
            keys.secrets_of(loan)


def test_making_keys_again_keeps_them(bank: Lender) -> None:
    with bank.open():
        loan = Subject("loan", uuid7())
        keys.make_keys([loan])
        first = keys.secrets_of(loan)
        keys.forget_keys()
        keys.make_keys([loan])
        assert keys.secrets_of(loan) == first


def test_many_keys_are_read_with_one_query(bank: Lender, django_assert_num_queries: Any) -> None:
    with bank.open():
        subjects = [Subject("party", uuid7()) for _ in range(30)]
        keys.make_keys(subjects)
        keys.forget_keys()
        tenant_secret("wrap")
        with django_assert_num_queries(5, using="keystore"):  # savepoint and tenant around keys and the wrapping key
            keys.warm_keys(subjects)
            for subject in subjects:
                keys.secrets_of(subject)


def test_a_swapped_wrapping_does_not_open(bank: Lender) -> None:
    """Somebody with write access to the key store gives loan B the key of loan A."""
    with bank.open():
        one, two = Subject("loan", uuid7()), Subject("loan", uuid7())
        keys.make_keys([one, two])
        with tenant_atomic(using="keystore"):
            stolen = SubjectKey.objects.get(id=one.id).wrapped
            key_store_is("UPDATE keystore_subjectkey SET wrapped = %s WHERE id = %s", stolen, str(two.id))
        keys.forget_keys()
        with pytest.raises(Tampered):
            keys.secrets_of(two)


@pytest.mark.parametrize("size", [0, 1, vault.CHUNK - 1, vault.CHUNK, vault.CHUNK + 1, 3 * vault.CHUNK])
def test_a_paper_comes_back_as_it_was(bank: Lender, size: int) -> None:
    clear, paper_key, paper_id = os.urandom(size), os.urandom(32), uuid7()
    with bank.open():
        sealed = vault.put(io.BytesIO(clear), paper_key=paper_key, paper_id=paper_id)
        assert sealed.size == size
        assert b"".join(vault.read(sealed.name, paper_key=paper_key, paper_id=paper_id)) == clear
        with storages["papers"].open(sealed.name) as file:
            stored = file.read()
        assert size < 32 or clear[:32] not in stored


def test_a_range_opens_only_its_chunks(bank: Lender) -> None:
    clear, paper_key, paper_id = os.urandom(3 * vault.CHUNK + 77), os.urandom(32), uuid7()
    with bank.open():
        sealed = vault.put(io.BytesIO(clear), paper_key=paper_key, paper_id=paper_id)
        with vault.open_paper(sealed.name, paper_key=paper_key, paper_id=paper_id) as reader:
            for start, length in ((0, 10), (vault.CHUNK - 5, 10), (3 * vault.CHUNK, 500), (len(clear), 5)):
                reader.seek(start)
                assert reader.read(length) == clear[start : start + length]


def test_every_change_of_a_container_is_refused(bank: Lender) -> None:
    clear, paper_key, paper_id = os.urandom(2 * vault.CHUNK + 10), os.urandom(32), uuid7()
    with bank.open():
        sealed = vault.put(io.BytesIO(clear), paper_key=paper_key, paper_id=paper_id)
        path = storages["papers"].path(sealed.name)
        good = Path(path).read_bytes()
        block = vault.CHUNK + TAG
        first, second = good[vault.HEADER : vault.HEADER + block], good[vault.HEADER + block : vault.HEADER + 2 * block]
        tampered = {
            "flipped bit": good[:5000] + bytes([good[5000] ^ 1]) + good[5001:],
            "cut at a chunk": good[: vault.HEADER + block],
            "cut inside": good[:-3],
            "chunks swapped": good[: vault.HEADER] + second + first + good[vault.HEADER + 2 * block :],
            "other suite": good[:4] + b"Z" + good[5:],
            "empty": b"",
        }
        for name, bytes_ in tampered.items():
            Path(path).write_bytes(bytes_)
            with pytest.raises(Tampered):
                b"".join(vault.read(sealed.name, paper_key=paper_key, paper_id=paper_id))
            assert name
        Path(path).write_bytes(good)
        with pytest.raises(Tampered):
            b"".join(vault.read(sealed.name, paper_key=paper_key, paper_id=uuid7()))
        with pytest.raises(Tampered):
            b"".join(vault.read(sealed.name, paper_key=os.urandom(32), paper_id=paper_id))


def test_a_container_of_one_tenant_does_not_open_in_the_other(bank: Lender, other: Lender) -> None:
    paper_key, paper_id = os.urandom(32), uuid7()
    with bank.open():
        sealed = vault.put(io.BytesIO(b"x" * 100), paper_key=paper_key, paper_id=paper_id)
    with other.open(), pytest.raises(Tampered):
        b"".join(vault.read(sealed.name, paper_key=paper_key, paper_id=paper_id))


def test_a_full_disk_leaves_nothing_behind(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    from carloan.core.errors import Unavailable

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("carloan.core.vault.os.fsync", full)
    with bank.open():
        before = _files()
        with pytest.raises(Unavailable):
            vault.put(io.BytesIO(b"x" * 1000), paper_key=os.urandom(32), paper_id=uuid7())
        assert _files() == before


def test_two_that_store_one_part_at_once_keep_one_and_the_other_hears_it(bank: Lender) -> None:
    place: dict[str, Any] = {"paper_key": os.urandom(32), "paper_id": uuid7(), "part": "page-1"}
    both_write = Barrier(2)
    outcomes: list[str] = []

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() == 0:
                both_write.wait(30)  # both have found the name free
            return super().read(size)

    def store() -> None:
        try:
            with bank.open():
                outcomes.append(vault.put(Slow(b"drawn"), **place).name)
        except Exception as error:  # noqa: BLE001 - whatever it is, the assertion names it
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=store) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with bank.open():
        (kept,) = {outcome for outcome in outcomes if outcome != "FileExistsError"}
        assert sorted(outcomes) == sorted([kept, "FileExistsError"])
        assert b"".join(vault.read(kept, **place)) == b"drawn"
        assert not [name for name in _files() if name.endswith(".tmp")]


def test_two_containers_whose_threads_bear_one_number_write_drafts_of_their_own(
    bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threading.get_native_id", lambda: 7)
    place: dict[str, Any] = {"paper_key": os.urandom(32), "paper_id": uuid7(), "part": "page-1"}
    drafts: list[str] = []

    class Other(io.BytesIO):
        """While this one is read, the other container stores the same."""

        def read(self, size: int | None = -1) -> bytes:
            if not drafts:
                drafts.extend(name for name in _files() if name.endswith(".tmp"))
                vault.put(io.BytesIO(b"first"), **place)
            return super().read(size)

    with bank.open():
        with pytest.raises(FileExistsError):
            vault.put(Other(b"second"), **place)
        (kept,) = [name for name in _files() if place["paper_id"].hex in name]
    assert not kept.endswith(".tmp")
    (draft,) = drafts
    assert (found := sweeping._STORED.fullmatch(draft.rpartition("/")[2]))
    assert found["draft"]


def test_a_store_that_does_not_answer_is_told_as_that_and_a_missing_file_is_not(bank: Lender, settings: Any) -> None:
    from carloan.core.errors import Unavailable

    options = {
        "bucket_name": "papers", "endpoint_url": "http://127.0.0.1:9", "access_key": "a", "secret_key": "b",
        "region_name": "x",
    }  # fmt: skip
    with bank.open():
        with pytest.raises(vault.FileLost):
            b"".join(vault.read("nowhere", paper_key=os.urandom(32), paper_id=uuid7()))
        s3 = {"BACKEND": "carloan.core.bucket.SealedBucket", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "papers": s3}
        with pytest.raises(Unavailable):
            vault.put(io.BytesIO(b"x"), paper_key=os.urandom(32), paper_id=uuid7())
        with pytest.raises(Unavailable):
            b"".join(vault.read("nowhere", paper_key=os.urandom(32), paper_id=uuid7()))
        with pytest.raises(Unavailable):
            vault.remove("nowhere")


def test_a_new_folder_is_on_the_disk_before_its_first_paper_is(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder is an entry of the one above it: bringing only the file and its folder to the disk is not enough."""
    brought: set[str] = set()
    monkeypatch.setattr("carloan.core.vault.os.fsync", lambda handle: brought.update({_name_of(handle)}))
    with bank.open():
        name = storages["papers"].save(f"{bank.tenant.id}/deep/{uuid7().hex}/paper", ContentFile(b"x"))
    folder = Path(storages["papers"].path(name)).parent
    assert {str(folder), str(folder.parent), str(folder.parent.parent)} <= brought


def _name_of(handle: int) -> str:
    return os.readlink(f"/proc/self/fd/{handle}")


def _files() -> set[str]:
    root = storages["papers"].path("")
    return {os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names}
