"""Marks the store in which this installation's papers lie, so that an empty folder in its place is told from it.

The mark is written when the store is new, or when what the rows name lies in it; never on trust. Every write looks for
it (store.py), and so does /healthz.
"""

from enum import Enum
from typing import Final
from uuid import UUID

from django.core.files.base import ContentFile

from .models import Tenant
from .store import NAME, answering, is_marked, mark, papers_store
from .tenancy import tenant_atomic
from .vault import MAGIC, SealedFolder
from .vault_parts import names_of_files

# Of each lender and kind of file, the oldest and the newest: who lost a folder and went on has only new ones.
SAMPLE: Final = 20


class Standing(Enum):
    """What a look at the store found."""

    MARKED = "is this installation's"
    NEW = "is marked as this installation's: no row names a file yet"
    PROVEN = "is marked as this installation's: what rows name lies in it"
    STRANGE = "lacks files that rows name, so it is not marked: is it the right one? See docs/operate.md, Health"


def store_mark(*, trusted: bool = False) -> Standing:
    """Mark the store as ours where that is proven, or where a person vouches for it (`trusted`).

    Raises Unavailable when it does not answer or takes nothing.
    """
    if is_marked():
        return Standing.MARKED
    standing = _look()
    if standing is not Standing.STRANGE or trusted:
        write_mark()
    return standing


def write_mark() -> None:
    """Make the store's folder, should it be one that is not there, and mark it. Raises Unavailable."""
    store = papers_store()
    with answering():
        if isinstance(store, SealedFolder):
            store.make()
        store.delete(NAME)  # another installation's
        store.save(NAME, ContentFile(mark()))


def _look() -> Standing:
    standing = Standing.NEW
    for tenant_id in _lenders():
        with tenant_atomic(tenant_id):
            names = set(names_of_files(SAMPLE))
        if not all(_is_sealed(name) for name in names):
            return Standing.STRANGE
        if names:
            standing = Standing.PROVEN
    return standing


def _lenders() -> list[UUID]:
    return list(Tenant.objects.values_list("id", flat=True))


def _is_sealed(name: str) -> bool:
    try:
        with answering(), papers_store().open(name) as file:
            return bool(file.read(len(MAGIC)) == MAGIC)
    except FileNotFoundError:
        return False
