"""Keys and bytes of papers: sealed on arrival, opened for reading, wrapped anew when a paper moves."""

import hashlib
import hmac
import io
import os
from collections.abc import Iterator
from typing import TypeVar
from uuid import UUID

from carloan.archives.models import Paper, PaperField, PaperPage
from carloan.archives.selectors.papers import fields_of, pages_of
from carloan.core import vault
from carloan.core.alarms import FILES_LOST, raise_alarm
from carloan.core.errors import Unavailable
from carloan.core.keys import Subject, make_keys, unwrap_paper_key, wrap_paper_key
from carloan.core.sealed import clear, seal, sealed_fields
from carloan.core.store import StoreAway
from carloan.core.tenancy import current_tenant_id

# Why a paper waits to be read that could be read: by the code of the error, as its row keeps it.
WAITING = frozenset({Unavailable.code, StoreAway.code, vault.FileLost.code, vault.FileDamaged.code})
Sealed = TypeVar("Sealed", Paper, PaperPage, PaperField)


def holder(paper_id: UUID, loan_id: UUID | None) -> Subject:
    """Whose key holds a paper: its loan's, or a desk key of its own, made here before anything is sealed with it."""
    if loan_id:
        return Subject("loan", loan_id)
    subject = Subject("desk", paper_id)
    make_keys([subject])
    return subject


def bytes_keep(*, subject: Subject, paper_id: UUID, data: bytes) -> tuple[vault.Sealed, bytes]:
    """Seal the bytes on disk (fsynced) under a new key; returns what was written and the wrapped key.

    The subject's key is committed in the key store already, so that no byte is ever sealed by a key that may vanish.
    Raises Unavailable when the store is away or full; nothing is left behind then.
    """
    key = os.urandom(32)
    wrapped = wrap_paper_key(subject, key, paper_id)
    return vault.put(io.BytesIO(data), paper_key=key, paper_id=paper_id), wrapped


def bytes_keep_again(paper: Paper, data: bytes) -> vault.Sealed:
    """Seal the bytes of a paper whose container is lost or damaged, as its next version and under the same key.

    A container is never written over. The caller holds the paper's row and names the new one in it: whatever lies in
    its place already is of somebody who died before that, and no row names it.
    """
    version = vault.version_of(paper.stored) + 1
    vault.remove(vault.name_of(paper.id, version=version))
    return vault.put(io.BytesIO(data), paper_key=key_of(paper), paper_id=paper.id, version=version)


def key_of(paper: Paper) -> bytes:
    """The key of the container, unwrapped by whoever holds the paper now."""
    return unwrap_paper_key(paper.key_subject(), bytes(paper.wrapped_key), paper.id)


def bytes_of(paper: Paper) -> bytes:
    """The clear bytes of the original.

    Raises FileLost when nothing lies there, FileDamaged when the container was changed or swapped: both stand among the
    alarms of /healthz until the file is there again. Raises StoreAway or Unavailable when that cannot be known.
    """
    try:
        return b"".join(_read(paper))
    except vault.FileLost:
        raise_alarm(FILES_LOST, current_tenant_id(), paper.id)
        raise


def bytes_stand(paper: Paper) -> bool:
    """Whether the bytes lie whole in the store. Raises StoreAway or Unavailable when that cannot be known."""
    digest = hashlib.sha256()
    try:
        for chunk in _read(paper):
            digest.update(chunk)
    except vault.FileLost:
        return False
    return hmac.compare_digest(digest.hexdigest(), paper.sha256)


def _read(paper: Paper) -> Iterator[bytes]:
    return vault.read(
        paper.stored, paper_key=key_of(paper), paper_id=paper.id, version=vault.version_of(paper.stored)
    )  # fmt: skip


def paper_rewrap(paper: Paper, *, loan_id: UUID | None) -> None:
    """Hand a paper to another holder: its key is wrapped anew and what was read is sealed anew; the bytes stay.

    Sets `loan_id` on the instance; the caller saves the paper itself in the same transaction.
    """
    key, (_, own) = key_of(paper), _opened(paper)
    pages = [_opened(row) for row in pages_of(paper)]
    fields = [_opened(row) for row in fields_of(paper)]
    paper.loan_id = loan_id
    paper.wrapped_key = wrap_paper_key(holder(paper.id, loan_id), key, paper.id)
    seal(paper, **own)
    for page, values in pages:
        seal(page, **values)
        page.save(update_fields=list(values))
    for field, values in fields:
        seal(field, **values)
        field.save(update_fields=list(values))


def _opened(row: Sealed) -> tuple[Sealed, dict[str, str]]:
    return row, {name: clear(row, name) for name in sealed_fields(type(row))}
