"""Keys: root > tenant > loan, party, intake desk or import > field or paper.

The root key is a secret of the installation, outside both databases. A tenant's keys are wrapped by it, a subject's key
by its tenant's; both lie in the key store (keyring.py). From a subject's key HKDF derives one key a purpose (fields,
paper keys, commitment salt, audit detail), so that no key is used for two things. The suite (suites.py) stands in every
container and token: a lender seals with the one of its newest wrapping key, and opens what another one sealed.

A key is committed in the key store before anything is sealed with it. Processes remember keys for minutes
(`settings.KEY_CACHE_SECONDS`), so that a destroyed key is forgotten soon everywhere.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from functools import cached_property
from typing import Final, Literal, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, connections
from django.utils import timezone

from . import destroyed, suites
from .errors import SealedApart
from .keyring import (
    Cache,
    KeyMissing,
    Tampered,
    TenantSecret,
    VersionRefused,
    derive,
    forget_rings,
    new_version,
    ring_of,
    tenant_at_work,
    tenant_secret,
    unwrap,
    wrap,
)
from .keystore.models import SubjectKey, TenantKey
from .postgres.bulk import insert_rows
from .postgres.wrapping import keys_below, move_apart, put_under
from .suites import NONCE, Sealer, Suite
from .tenancy import tenant_atomic

__all__ = ["KeyMissing", "Tampered", "derive"]

REWRAPPED_AT_ONCE = 5_000
SubjectKind = Literal["loan", "party", "desk", "tenant", "import"]


class Subject(NamedTuple):
    """Whose key seals a value."""

    kind: SubjectKind
    id: UUID


class KeyDestroyed(Exception):
    """The subject's key was shredded: what it sealed is gone for good."""


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

    @cached_property
    def links(self) -> bytes:
        return derive(self.key, "links")

    @cached_property
    def backup(self) -> bytes:
        return derive(self.key, "backup")


_subjects = Cache(20_000)
_SEAL: Final = TenantKey.Purpose.SEAL.value
_past_the_seal: ContextVar[bool] = ContextVar("past_the_seal", default=False)


def forget_keys() -> None:
    """Empty this process's memory of keys (between tests; elsewhere they are forgotten by time)."""
    forget_rings()
    _subjects.clear()


def forget_subject(subject: Subject) -> None:
    _subjects.drop((tenant_at_work(), subject))


def make_tenant_keys(tenant_id: UUID) -> None:
    """Give a new tenant its first wrapping key, its index key and the key of its own acts (subject `tenant`)."""
    with tenant_atomic(tenant_id), tenant_atomic(tenant_id, using="keystore"):
        for purpose in (TenantKey.Purpose.WRAP, TenantKey.Purpose.INDEX):
            new_version(purpose.value)
        make_keys([Subject("tenant", tenant_id)])


def suite_at_work() -> Suite:
    """The suite that the tenant's new fields and papers are sealed with: its newest wrapping key's."""
    return tenant_secret("wrap").suite


def make_keys(subjects: Iterable[Subject]) -> None:
    """Make and commit a key for each subject, in bulk; subjects that have one keep it.

    Called before the first byte is sealed. The key store commits on its own: a business transaction that rolls back
    later leaves a key without data, which the orphan sweep removes, never data without a key. That sweep waits until
    every transaction that has made keys has ended (`makers_have_ended`); whoever makes a key outside of one writes its
    row within hours.
    """
    tenant_id = tenant_at_work()
    if connections["default"].in_atomic_block:
        _advisory("SELECT pg_advisory_xact_lock_shared(%s)", tenant_id)
    fresh = {subject: os.urandom(32) for subject in subjects}
    try:
        made = _insert(tenant_id, fresh)
    except IntegrityError:
        # This process still remembered a version that was retired meanwhile.
        ring_of("wrap", fresh=True)
        made = _insert(tenant_id, fresh)
    if made == len(fresh):
        # All of them are ours, so the values that are sealed next need not fetch them back.
        for subject, key in fresh.items():
            _subjects.put((tenant_id, subject), SubjectSecrets(key))


def _insert(tenant_id: UUID, fresh: dict[Subject, bytes]) -> int:
    outer, now = tenant_secret("wrap"), timezone.now()
    with tenant_atomic(tenant_id, using="keystore"):
        return insert_rows(
            SubjectKey,
            ["id", "tenant_id", "kind", "tenant_key_version", "wrapped", "created_at"],
            (
                (
                    subject.id,
                    tenant_id,
                    subject.kind,
                    outer.version,
                    wrap(outer.sealer, key, _label(tenant_id, subject, outer.version)),
                    now,
                )
                for subject, key in fresh.items()
            ),
            using="keystore",
            on_conflict="ON CONFLICT (tenant_id, id) DO NOTHING",
        )


def makers_have_ended() -> bool:
    """Whether no open transaction of the tenant has made keys; none begins to before the caller's own has ended."""
    return _advisory("SELECT pg_try_advisory_xact_lock(%s)", tenant_at_work())


def _advisory(statement: str, tenant_id: UUID) -> bool:
    number = int.from_bytes(hashlib.sha256(b"makers of keys" + tenant_id.bytes).digest()[:8], "big", signed=True)
    with connections["default"].cursor() as cursor:
        cursor.execute(statement, [number])
        return cursor.fetchone()[0] is not False


def warm_keys(subjects: Iterable[Subject]) -> None:
    """Load the keys of many subjects with one query; missing, destroyed and sealed ones are noticed when used."""
    tenant_id = tenant_at_work()
    wanted = {subject.id: subject for subject in subjects if _subjects.get((tenant_id, subject)) is None}
    if not wanted:
        return
    with tenant_atomic(tenant_id, using="keystore"):
        rows = list(SubjectKey.objects.filter(id__in=list(wanted), destroyed_at=None))
    for row in rows:
        subject = wanted[row.id]
        if row.kind == subject.kind and not row.apart:
            # One that was put under a newer version between the two queries is read again when it is used.
            with suppress(VersionRefused):
                _remember(tenant_id, subject, row)


def secrets_of(subject: Subject) -> SubjectSecrets:
    """The derived keys of a subject. Raises KeyMissing, KeyDestroyed, SealedApart, or Tampered when the wrapping does
    not open."""
    tenant_id = tenant_at_work()
    cached = _subjects.get((tenant_id, subject))
    if cached is not None:
        return cached  # type: ignore[return-value]
    try:
        return _fetch(tenant_id, subject)
    except VersionRefused:
        # It was put under a newer version, and the older one retired, between the two queries.
        return _fetch(tenant_id, subject)


def _fetch(tenant_id: UUID, subject: Subject) -> SubjectSecrets:
    with tenant_atomic(tenant_id, using="keystore"):
        row = SubjectKey.objects.filter(id=subject.id, kind=subject.kind).first()
    if row is None:
        raise KeyMissing(f"{subject.kind} {subject.id}")
    if row.destroyed_at is not None:
        raise KeyDestroyed(f"{subject.kind} {subject.id}")
    if row.apart:
        return _opened_apart(tenant_id, subject, row)
    return _remember(tenant_id, subject, row)


def destroy_key(subject: Subject) -> bool:
    """Shred a subject's key: every field, paper and salt under it is unreadable from now on. False if already gone.

    It stands in the list of destroyed keys before its going is committed, so that no backup brings it back; raises
    ListAway, and leaves the key, when it cannot be entered there. A key that a crash in between left, the next replay
    takes.
    """
    tenant_id = tenant_at_work()
    with tenant_atomic(tenant_id, using="keystore"):
        living = SubjectKey.objects.filter(id=subject.id, kind=subject.kind, destroyed_at=None)
        if shredded := living.select_for_update().exists():
            # First, because a legal hold refuses it: what is held must not stand in the list.
            living.update(wrapped=b"", destroyed_at=timezone.now())
            destroyed.note(tenant_id, [subject])
    forget_subject(subject)
    return shredded


def rewrap_batch(purpose: str, version: int, after: UUID | None) -> tuple[int, int, UUID | None]:
    """Put the next living keys behind `after` under a newer version of the wrapping or the sealing key: same keys,
    other wraps.

    Returns how many were moved, how many do not open, and the last id seen, None at the end. Safe beside readers,
    writers, shredding and another one that does the same: what is destroyed or moved meanwhile stays as it is.
    """
    tenant_id = tenant_at_work()
    with tenant_atomic(tenant_id, using="keystore"):
        rows = keys_below(purpose, version, after, REWRAPPED_AT_ONCE)
    outer, damaged = tenant_secret(purpose, version).sealer, 0
    label = _apart_label if purpose == _SEAL else _label
    rewrapped: list[tuple[UUID, bytes]] = []
    former: dict[int, Sealer] = {}
    for row in rows:
        subject = Subject(row.kind, row.id)
        try:
            if row.version not in former:
                former[row.version] = tenant_secret(purpose, row.version).sealer
            key = unwrap(former[row.version], row.wrapped, label(tenant_id, subject, row.version))
        except (Tampered, KeyMissing):
            damaged += 1
            continue
        rewrapped.append((row.id, wrap(outer, key, label(tenant_id, subject, version))))
    moved = 0
    if rewrapped:
        with tenant_atomic(tenant_id, using="keystore"):
            moved = put_under(purpose, version, rewrapped)
    return moved, damaged, rows[-1].id if len(rows) == REWRAPPED_AT_ONCE else None


def is_destroyed(subject: Subject) -> bool:
    """Whether a subject's key is gone, as the key store has it now and not as this process remembers it."""
    with tenant_atomic(tenant_at_work(), using="keystore"):
        rows = SubjectKey.objects.filter(id=subject.id, kind=subject.kind)
        return rows.filter(destroyed_at__isnull=False).exists() or not rows.exists()


def _remember(tenant_id: UUID, subject: Subject, row: SubjectKey) -> SubjectSecrets:
    outer = tenant_secret("wrap", row.tenant_key_version)
    key = unwrap(outer.sealer, row.wrapped, _label(tenant_id, subject, row.tenant_key_version))
    value = SubjectSecrets(key)
    _subjects.put((tenant_id, subject), value)
    return value


def _opened_apart(tenant_id: UUID, subject: Subject, row: SubjectKey) -> SubjectSecrets:
    """A key that is kept apart, while two people hold it open or the installation works past the seal; never kept in
    memory, so that it ends when they said."""
    if not _past_the_seal.get() and (row.open_until is None or row.open_until <= timezone.now()):
        raise SealedApart
    outer = tenant_secret(_SEAL, row.tenant_key_version)
    return SubjectSecrets(unwrap(outer.sealer, row.wrapped, _apart_label(tenant_id, subject, outer.version)))


@contextmanager
def past_the_seal() -> Iterator[None]:
    """For work of the installation that nobody looks at: backups and destruction take what is kept apart too."""
    token = _past_the_seal.set(True)
    try:
        yield
    finally:
        _past_the_seal.reset(token)


def keys_move_apart(kind: SubjectKind, ids: Iterable[UUID], *, apart: bool) -> list[UUID]:
    """Put living keys under the lender's sealing key, or back under its wrapping key; the ids of those that moved.

    Same keys, other wraps. Safe beside readers, rotation, shredding and another one that does the same. Processes that
    remember a key open it until they forget it (`settings.KEY_CACHE_SECONDS`).
    """
    wanted = list(ids)
    try:
        return _move_apart(kind, wanted, apart=apart)
    except (IntegrityError, VersionRefused):
        # A version that this process still remembered, or that a key was read under, was retired meanwhile.
        for purpose in ("wrap", _SEAL):
            ring_of(purpose, fresh=True)
        return _move_apart(kind, wanted, apart=apart)


def _move_apart(kind: SubjectKind, ids: Sequence[UUID], *, apart: bool) -> list[UUID]:
    tenant_id = tenant_at_work()
    target = _sealing_secret() if apart else tenant_secret("wrap")
    with tenant_atomic(tenant_id, using="keystore"):
        rows = list(SubjectKey.objects.filter(id__in=ids, kind=kind, destroyed_at=None, apart=not apart))
    moved = []
    for row in rows:
        subject, before = Subject(kind, row.id), row.tenant_key_version
        if apart:
            key = unwrap(tenant_secret("wrap", before).sealer, row.wrapped, _label(tenant_id, subject, before))
            label = _apart_label(tenant_id, subject, target.version)
        else:
            key = unwrap(tenant_secret(_SEAL, before).sealer, row.wrapped, _apart_label(tenant_id, subject, before))
            label = _label(tenant_id, subject, target.version)
        moved.append((row.id, before, target.version, wrap(target.sealer, key, label)))
    if not moved:
        return []
    with tenant_atomic(tenant_id, using="keystore"):
        done = move_apart(moved, apart=apart)
    for key_id in done:
        forget_subject(Subject(kind, key_id))
    return done


def key_hold_open(subject: Subject, *, until: datetime, opened_by: UUID, approved_by: UUID) -> bool:
    """Let a key that is kept apart open until a moment, by the word of two people; False when it is not there.

    The key store refuses one person twice.
    """
    with tenant_atomic(tenant_at_work(), using="keystore"):
        rows = SubjectKey.objects.filter(id=subject.id, kind=subject.kind, destroyed_at=None, apart=True)
        return bool(rows.update(open_until=until, opened_by=opened_by, approved_by=approved_by))


def _sealing_secret() -> TenantSecret:
    """The lender's sealing key, made when it is first needed."""
    with suppress(KeyMissing):
        return tenant_secret(_SEAL)
    with suppress(IntegrityError):  # somebody else made it at this moment
        new_version(_SEAL, suite=suite_at_work())
    ring_of(_SEAL, fresh=True)
    return tenant_secret(_SEAL)


def _apart_label(tenant_id: UUID, subject: Subject, version: int) -> str:
    return f"apart|{tenant_id}|{subject.kind}|{subject.id}|{version}"


def _label(tenant_id: UUID, subject: Subject, version: int) -> str:
    return f"subject|{tenant_id}|{subject.kind}|{subject.id}|{version}"


def seal_bytes(key: bytes, plain: bytes, place: str, *, suite: Suite | None = None) -> bytes:
    """Encrypt for one place (`table|column|row`): suite byte, nonce, ciphertext and tag. Moving it elsewhere fails.

    Without a `suite` it is the tenant's.
    """
    suite = suite or suite_at_work()
    nonce = os.urandom(NONCE)
    return suite.mark + nonce + suite.sealer(key).encrypt(nonce, plain, _bound(suite, place))


def open_bytes(key: bytes, token: bytes | memoryview, place: str) -> bytes:
    """The inverse of seal_bytes. Raises Tampered when the token was changed or stands in another place."""
    token = bytes(token)
    suite = suites.suite_marked(token[:1])
    if suite is None:
        raise Tampered(f"unknown suite at {place}")
    try:
        return suite.sealer(key).decrypt(token[1 : 1 + NONCE], token[1 + NONCE :], _bound(suite, place))
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"a sealed value does not belong at {place}") from error


def _bound(suite: Suite, place: str) -> bytes:
    return f"{suite.binds}{tenant_at_work()}|{place}".encode()


def wrap_paper_key(subject: Subject, paper_key: bytes, paper_id: UUID) -> bytes:
    """Bind a paper's key to the loan or desk that holds the paper; re-filing wraps anew and leaves the bytes alone."""
    return seal_bytes(secrets_of(subject).paper, paper_key, f"paper|{subject.kind}|{subject.id}|{paper_id}")


def unwrap_paper_key(subject: Subject, wrapped: bytes, paper_id: UUID) -> bytes:
    return open_bytes(secrets_of(subject).paper, wrapped, f"paper|{subject.kind}|{subject.id}|{paper_id}")
