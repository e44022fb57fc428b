"""The keys above a lender's subjects: root key, and versions of the lender's wrapping, sealing and index keys.

A newer version of the wrapping or the sealing key is used for what is wrapped from then on; older ones open what they
wrapped as long as the newest version's `min_decryption_version` admits them. Rotation (services/key_rotation.py) moves
that gate.
"""

import logging
import os
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from . import suites
from .keystore.models import TenantKey
from .postgres.wrapping import nobody_wraps, wrapped_below
from .root_keys import with_any_root
from .suites import NONCE, Sealer, Suite
from .tenancy import current_tenant_id, scoped_tenant_id, tenant_atomic

logger = logging.getLogger(__name__)


class KeyMissing(Exception):
    """No key was ever made for this subject in this tenant."""


class Tampered(Exception):
    """A ciphertext does not belong where it stands: changed, moved to another row, or sealed for another subject."""


class VersionRefused(Tampered):
    """A key stands under a version of the wrapping or the sealing key that opens nothing any more."""


class Cache:
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


_rings = Cache(1_000)


@dataclass(frozen=True)
class TenantSecret:
    """One version of a lender's key: 32 bytes, and the suite that wraps and seals under it."""

    version: int
    suite: Suite
    key: bytes = dataclass_field(repr=False)
    sealer: Sealer = dataclass_field(repr=False)


@dataclass(frozen=True)
class Ring:
    """The versions of one key of a lender that may still open something; `floor` is the lowest of them.

    `kept` are those below it that were not emptied: of the index key, for rows that nobody may change. `damaged` are
    those that no root key opens; whoever put one there stops nothing that stands under another.
    """

    floor: int
    versions: dict[int, TenantSecret]
    kept: dict[int, TenantSecret] = dataclass_field(default_factory=dict)
    damaged: frozenset[int] = frozenset()

    @property
    def newest(self) -> TenantSecret:
        return self.versions[max(self.versions)]


def forget_rings() -> None:
    _rings.clear()


def derive(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)


def tenant_at_work() -> UUID:
    tenant_id = scoped_tenant_id()
    return tenant_id if tenant_id is not None else current_tenant_id()


def wrap(outer: Sealer, inner: bytes, label: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + outer.encrypt(nonce, inner, label.encode())


def unwrap(outer: Sealer, wrapped: bytes | memoryview, label: str) -> bytes:
    wrapped = bytes(wrapped)
    try:
        return outer.decrypt(wrapped[:NONCE], wrapped[NONCE:], label.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"a key does not open: {label.split('|', maxsplit=1)[0]}") from error


def ring_of(purpose: str, *, fresh: bool = False) -> Ring:
    """All versions of the tenant's key of a purpose, by one query; `fresh` looks past this process's memory.

    Raises KeyMissing when there is none, Tampered when the root key opens none that may open something.
    """
    tenant_id = tenant_at_work()
    if not fresh and (cached := _rings.get((tenant_id, purpose))) is not None:
        return cached  # type: ignore[return-value]
    with tenant_atomic(tenant_id, using="keystore"):
        rows = list(TenantKey.objects.filter(purpose=purpose).order_by("version"))
    if not rows:
        raise KeyMissing(f"tenant key {purpose}")
    floor = rows[-1].min_decryption_version
    keeps = purpose == TenantKey.Purpose.INDEX.value
    opened: dict[int, TenantSecret] = {}
    damaged: set[int] = set()
    for row in rows:
        if row.version < floor and not (keeps and row.wrapped):
            continue
        try:
            opened[row.version] = _opened(tenant_id, row)
        except Tampered:
            logger.error("version %d of the %s key of lender %s does not open", row.version, purpose, tenant_id)
            damaged.add(row.version)
    living = {version: secret for version, secret in opened.items() if version >= floor}
    if not living:
        raise Tampered(f"no version of the {purpose} key opens")
    kept = {version: secret for version, secret in opened.items() if version < floor}
    ring = Ring(floor, living, kept, frozenset(damaged))
    _rings.put((tenant_id, purpose), ring)
    return ring


def tenant_secret(purpose: str, version: int | None = None) -> TenantSecret:
    """The tenant's key of a purpose, the newest when no version is named.

    Raises VersionRefused below `min_decryption_version` and KeyMissing for a version that was never made. A version
    that this process does not know yet is looked up: another one may have rotated meanwhile.
    """
    ring = ring_of(purpose)
    if version is None:
        return ring.newest
    if version not in ring.versions:
        ring = ring_of(purpose, fresh=True)
    if version < ring.floor:
        raise VersionRefused(f"version {version} of the {purpose} key is retired")
    if version in ring.damaged:
        raise Tampered(f"version {version} of the {purpose} key does not open")
    if version not in ring.versions:
        raise KeyMissing(f"tenant key {purpose} {version}")
    return ring.versions[version]


def new_version(purpose: str, *, suite: Suite = suites.A) -> TenantKey:
    """Make and commit the next version of the tenant's key. What wraps from now on uses it, at the latest when the
    other processes have forgotten the version before; `min_decryption_version` stays where it was."""
    tenant_id = tenant_at_work()
    with tenant_atomic(tenant_id, using="keystore"):
        latest = TenantKey.objects.filter(purpose=purpose).order_by("-version").first()
        version = latest.version + 1 if latest else 1
        row = TenantKey.objects.create(
            purpose=purpose,
            version=version,
            suite=suite.code,
            min_decryption_version=latest.min_decryption_version if latest else 1,
            wrapped=wrap(suites.A.sealer(settings.ROOT_KEY), os.urandom(32), _label(tenant_id, purpose, version)),
        )
    _rings.drop((tenant_id, purpose))
    return row


def retire_versions(purpose: str, version: int) -> bool:
    """Refuse all versions of the wrapping or the sealing key before this one and empty them, once no living key stands
    under them.

    False, and nothing changes, as long as one does. Nobody wraps a key meanwhile, and whoever still remembers an older
    version is refused afterwards by the database (migrations 0003 and 0007), so that what is proven here stays true.
    """
    tenant_id = tenant_at_work()
    with tenant_atomic(tenant_id, using="keystore"):
        nobody_wraps()
        if wrapped_below(purpose, version):
            return False
        rows = TenantKey.objects.filter(purpose=purpose)
        rows.filter(version=version).update(min_decryption_version=version)
        rows.filter(version__lt=version, retired_at=None).update(wrapped=b"", retired_at=timezone.now())
    _rings.drop((tenant_id, purpose))
    return True


def retire_index_versions(version: int, *, keep: bool) -> None:
    """Let nothing more be written or searched under the versions of the index key before this one, and empty them
    unless they are to be kept for rows that nobody may change.

    The caller has shown that nothing else stands under them (services/index_rotation.py). May run twice.
    """
    tenant_id = tenant_at_work()
    with tenant_atomic(tenant_id, using="keystore"):
        rows = TenantKey.objects.filter(purpose=TenantKey.Purpose.INDEX.value)
        rows.filter(version=version).update(min_decryption_version=version)
        former = rows.filter(version__lt=version)
        former.filter(retired_at=None).update(retired_at=timezone.now())
        if not keep:
            former.update(wrapped=b"")
    _rings.drop((tenant_id, TenantKey.Purpose.INDEX.value))


def rewrap_versions() -> int:
    """Put the tenant's keys that stand under another root key under the one that seals; returns how many those were.

    Each opens for every process that knows both. Raises Tampered when neither opens one.
    """
    tenant_id = tenant_at_work()
    moved = 0
    with tenant_atomic(tenant_id, using="keystore"):
        for row in TenantKey.objects.select_for_update().exclude(wrapped=b"").order_by("purpose", "version"):
            label = _label(tenant_id, row.purpose, row.version)
            try:
                unwrap(suites.A.sealer(settings.ROOT_KEY), row.wrapped, label)
            except Tampered:
                row.wrapped = wrap(suites.A.sealer(settings.ROOT_KEY), _opened(tenant_id, row).key, label)
                row.save(update_fields=["wrapped"])
                moved += 1
    return moved


def _opened(tenant_id: UUID, row: TenantKey) -> TenantSecret:
    label = _label(tenant_id, row.purpose, row.version)
    key = with_any_root(lambda root: unwrap(suites.A.sealer(root), row.wrapped, label), Tampered)
    suite = suites.SUITES[row.suite]
    return TenantSecret(row.version, suite, key, suite.sealer(key))


def _label(tenant_id: UUID, purpose: str, version: int) -> str:
    return f"tenant|{tenant_id}|{purpose}|{version}"
