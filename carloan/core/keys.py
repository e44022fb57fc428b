"""Keys: root > tenant > loan, party, intake desk or import > field or paper.

The root key is a secret of the installation, outside both databases. A tenant's keys are wrapped by it, a subject's key
by its tenant's; both lie in the key store. From a subject's key HKDF derives one key a purpose (fields, paper keys,
commitment salt, audit detail), so that no key is used for two things. Suite `A` is AES-256-GCM with SHA-256; the suite
stands in every container and token, so that another one can come beside it.

A key is committed in the key store before anything is sealed with it. Processes remember keys for minutes
(`settings.KEY_CACHE_SECONDS`), so that a destroyed key is forgotten soon everywhere.
"""

import hashlib
import hmac
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property
from typing import Literal, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connections
from django.utils import timezone

from .keystore.models import SubjectKey, TenantKey
from .postgres.bulk import insert_rows
from .tenancy import current_tenant_id, scoped_tenant_id, tenant_atomic

NONCE = 12
SubjectKind = Literal["loan", "party", "desk", "tenant", "import"]


class Subject(NamedTuple):
    """Whose key seals a value."""

    kind: SubjectKind
    id: UUID


class KeyDestroyed(Exception):
    """The subject's key was shredded: what it sealed is gone for good."""


class KeyMissing(Exception):
    """No key was ever made for this subject in this tenant."""


class Tampered(Exception):
    """A ciphertext does not belong where it stands: changed, moved to another row, or sealed for another subject."""


@dataclass(frozen=True)
class SubjectSecrets:
    """What a subject's key gives, one derived key a purpose, 32 bytes each, made when it is first asked for."""

    key: bytes = dataclass_field(repr=False)

    @cached_property
    def field(self) -> bytes:
        return derive(self.key, "field")

    @cached_property
    def paper(self) -> bytes:
        return derive(self.key, "paper")

    @cached_property
    def salt(self) -> bytes:
        return derive(self.key, "salt")

    @cached_property
    def detail(self) -> bytes:
        return derive(self.key, "detail")


class _Cache:
    """Keys by (tenant, id), for some minutes and at most so many: never for ever."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._items: OrderedDict[tuple[UUID, object], tuple[float, object]] = OrderedDict()

    def get(self, key: tuple[UUID, object]) -> object | None:
        with self._lock:
            item = self._items.get(key)
            if item is None or item[0] < time.monotonic():
                self._items.pop(key, None)
                return None
            return item[1]

    def put(self, key: tuple[UUID, object], value: object) -> None:
        with self._lock:
            self._items[key] = (time.monotonic() + settings.KEY_CACHE_SECONDS, value)
            self._items.move_to_end(key)
            while len(self._items) > self._limit:
                self._items.popitem(last=False)

    def drop(self, key: tuple[UUID, object]) -> None:
        with self._lock:
            self._items.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._items.clear()


_tenant_keys = _Cache(1_000)
_subjects = _Cache(20_000)


def forget_keys() -> None:
    """Empty this process's memory of keys (between tests; elsewhere they are forgotten by time)."""
    _tenant_keys.clear()
    _subjects.clear()


def derive(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)


def _wrap(outer: bytes, inner: bytes, label: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(outer).encrypt(nonce, inner, label.encode())


def _unwrap(outer: bytes, wrapped: bytes | memoryview, label: str) -> bytes:
    wrapped = bytes(wrapped)
    try:
        return AESGCM(outer).decrypt(wrapped[:NONCE], wrapped[NONCE:], label.encode())
    except InvalidTag as error:
        raise Tampered(f"a key does not open: {label.split('|', maxsplit=1)[0]}") from error


def make_tenant_keys(tenant_id: UUID) -> None:
    """Give a new tenant its first wrapping key, its index key and the key of its own acts (subject `tenant`)."""
    with tenant_atomic(tenant_id), tenant_atomic(tenant_id, using="keystore"):
        for purpose in TenantKey.Purpose:
            label = f"tenant|{tenant_id}|{purpose.value}|1"
            TenantKey.objects.create(
                purpose=purpose, version=1, wrapped=_wrap(settings.ROOT_KEY, os.urandom(32), label)
            )
        make_keys([Subject("tenant", tenant_id)])


def _tenant_key(purpose: str, version: int | None = None) -> tuple[int, bytes]:
    """The tenant's key of a purpose, the newest when no version is named, as (version, 32 bytes)."""
    tenant_id = _tenant()
    cached = _tenant_keys.get((tenant_id, (purpose, version)))
    if cached is not None:
        return cached  # type: ignore[return-value]
    with tenant_atomic(tenant_id, using="keystore"):
        rows = TenantKey.objects.filter(purpose=purpose)
        row = (rows.filter(version=version) if version else rows.order_by("-version")).first()
    if row is None:
        raise KeyMissing(f"tenant key {purpose} {version or ''}")
    value = (row.version, _unwrap(settings.ROOT_KEY, row.wrapped, f"tenant|{tenant_id}|{purpose}|{row.version}"))
    for known_as in {version, row.version}:
        _tenant_keys.put((tenant_id, (purpose, known_as)), value)
    return value


def make_keys(subjects: Iterable[Subject]) -> None:
    """Make and commit a key for each subject, in bulk; subjects that have one keep it.

    Called before the first byte is sealed. The key store commits on its own: a business transaction that rolls back
    later leaves a key without data, which the orphan sweep removes, never data without a key. That sweep waits until
    every transaction that has made keys has ended (`makers_have_ended`); whoever makes a key outside of one writes its
    row within hours.
    """
    tenant_id = _tenant()
    if connections["default"].in_atomic_block:
        _advisory("SELECT pg_advisory_xact_lock_shared(%s)", tenant_id)
    version, outer = _tenant_key("wrap")
    now = timezone.now()
    fresh = {subject: os.urandom(32) for subject in subjects}
    with tenant_atomic(tenant_id, using="keystore"):
        made = insert_rows(
            SubjectKey,
            ["id", "tenant_id", "kind", "tenant_key_version", "wrapped", "created_at"],
            (
                (
                    subject.id,
                    tenant_id,
                    subject.kind,
                    version,
                    _wrap(outer, key, _label(tenant_id, subject, version)),
                    now,
                )
                for subject, key in fresh.items()
            ),
            using="keystore",
            on_conflict="ON CONFLICT (tenant_id, id) DO NOTHING",
        )
    if made == len(fresh):
        # All of them are ours, so the values that are sealed next need not fetch them back.
        for subject, key in fresh.items():
            _subjects.put((tenant_id, subject), SubjectSecrets(key))


def makers_have_ended() -> bool:
    """Whether no open transaction of the tenant has made keys; none begins to before the caller's own has ended."""
    return _advisory("SELECT pg_try_advisory_xact_lock(%s)", _tenant())


def _advisory(statement: str, tenant_id: UUID) -> bool:
    number = int.from_bytes(hashlib.sha256(b"makers of keys" + tenant_id.bytes).digest()[:8], "big", signed=True)
    with connections["default"].cursor() as cursor:
        cursor.execute(statement, [number])
        return cursor.fetchone()[0] is not False


def warm_keys(subjects: Iterable[Subject]) -> None:
    """Load the keys of many subjects with one query; missing and destroyed ones are noticed when they are used."""
    tenant_id = _tenant()
    wanted = {subject.id: subject for subject in subjects if _subjects.get((tenant_id, subject)) is None}
    if not wanted:
        return
    with tenant_atomic(tenant_id, using="keystore"):
        rows = list(SubjectKey.objects.filter(id__in=list(wanted), destroyed_at=None))
    for row in rows:
        subject = wanted[row.id]
        if row.kind == subject.kind:
            _remember(tenant_id, subject, row)


def secrets_of(subject: Subject) -> SubjectSecrets:
    """The derived keys of a subject. Raises KeyMissing, KeyDestroyed, or Tampered when the wrapping does not open."""
    tenant_id = _tenant()
    cached = _subjects.get((tenant_id, subject))
    if cached is not None:
        return cached  # type: ignore[return-value]
    with tenant_atomic(tenant_id, using="keystore"):
        row = SubjectKey.objects.filter(id=subject.id, kind=subject.kind).first()
    if row is None:
        raise KeyMissing(f"{subject.kind} {subject.id}")
    if row.destroyed_at is not None:
        raise KeyDestroyed(f"{subject.kind} {subject.id}")
    return _remember(tenant_id, subject, row)


def destroy_key(subject: Subject) -> bool:
    """Shred a subject's key: every field, paper and salt under it is unreadable from now on. False if already gone."""
    tenant_id = _tenant()
    with tenant_atomic(tenant_id, using="keystore"):
        shredded = SubjectKey.objects.filter(id=subject.id, kind=subject.kind, destroyed_at=None).update(
            wrapped=b"", destroyed_at=timezone.now()
        )
    _subjects.drop((tenant_id, subject))
    return bool(shredded)


def is_destroyed(subject: Subject) -> bool:
    """Whether a subject's key is gone, as the key store has it now and not as this process remembers it."""
    with tenant_atomic(_tenant(), using="keystore"):
        rows = SubjectKey.objects.filter(id=subject.id, kind=subject.kind)
        return rows.filter(destroyed_at__isnull=False).exists() or not rows.exists()


def _remember(tenant_id: UUID, subject: Subject, row: SubjectKey) -> SubjectSecrets:
    _, outer = _tenant_key("wrap", row.tenant_key_version)
    key = _unwrap(outer, row.wrapped, _label(tenant_id, subject, row.tenant_key_version))
    value = SubjectSecrets(key)
    _subjects.put((tenant_id, subject), value)
    return value


def _label(tenant_id: UUID, subject: Subject, version: int) -> str:
    return f"subject|{tenant_id}|{subject.kind}|{subject.id}|{version}"


def _tenant() -> UUID:
    tenant_id = scoped_tenant_id()
    return tenant_id if tenant_id is not None else current_tenant_id()


def seal_bytes(key: bytes, plain: bytes, place: str) -> bytes:
    """Encrypt for one place (`table|column|row`): suite byte, nonce, ciphertext and tag. Moving it elsewhere fails."""
    nonce = os.urandom(NONCE)
    return b"A" + nonce + AESGCM(key).encrypt(nonce, plain, f"{_tenant()}|{place}".encode())


def open_bytes(key: bytes, token: bytes | memoryview, place: str) -> bytes:
    """The inverse of seal_bytes. Raises Tampered when the token was changed or stands in another place."""
    token = bytes(token)
    if token[:1] != b"A":
        raise Tampered(f"unknown suite at {place}")
    try:
        return AESGCM(key).decrypt(token[1 : 1 + NONCE], token[1 + NONCE :], f"{_tenant()}|{place}".encode())
    except InvalidTag as error:
        raise Tampered(f"a sealed value does not belong at {place}") from error


def blind(field: str, value: str) -> bytes:
    """A keyed hash of a normalised value, 16 bytes: equality within a tenant and field is all that shows."""
    _, key = _tenant_key("index")
    return hmac.digest(key, f"{field}|{value}".encode(), "sha256")[:16]


def blinder() -> Callable[[str, str], bytes]:
    """`blind` for many values of the open tenant, with the key at hand."""
    _, key = _tenant_key("index")
    return lambda field, value: hmac.digest(key, f"{field}|{value}".encode(), "sha256")[:16]


def index_key(purpose: str) -> bytes:
    """A key for another kind of blind index of the open tenant (n-grams, duplicates), derived from the index key."""
    _, key = _tenant_key("index")
    return derive(key, f"index|{purpose}")


def wrap_paper_key(subject: Subject, paper_key: bytes, paper_id: UUID) -> bytes:
    """Bind a paper's key to the loan or desk that holds the paper; re-filing wraps anew and leaves the bytes alone."""
    return seal_bytes(secrets_of(subject).paper, paper_key, f"paper|{subject.kind}|{subject.id}|{paper_id}")


def unwrap_paper_key(subject: Subject, wrapped: bytes, paper_id: UUID) -> bytes:
    return open_bytes(secrets_of(subject).paper, wrapped, f"paper|{subject.kind}|{subject.id}|{paper_id}")
