"""Whether the store is the one in which this installation's papers lie, and not an empty folder in its place.

A file in it says so, by a value that only this installation's root key gives. It is written when the store is new, or
when what the rows name lies in it; never on trust. /healthz looks for it.
"""

import hmac
from enum import Enum
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from .keys import derive
from .models import Tenant
from .tenancy import tenant_atomic
from .vault import MAGIC, answering
from .vault_parts import names_of_files

NAME: Final = "carloan-store"
# Of each lender and kind of file, the oldest and the newest: who lost a folder and went on has only new ones.
SAMPLE: Final = 20


class Standing(Enum):
    """What a look at the store found."""

    MARKED = "is this installation's"
    NEW = "is marked as this installation's: no row names a file yet"
    PROVEN = "is marked as this installation's: what rows name lies in it"
    STRANGE = "lacks files that rows name, so it is not marked: is it the right one? See docs/operate.md, Health"


def is_marked() -> bool:
    """Whether the store bears our mark. Raises Unavailable when it does not answer."""
    try:
        with answering(), _store().open(NAME) as file:
            return hmac.compare_digest(file.read(), _mark())
    except FileNotFoundError:
        return False


def store_mark(*, trusted: bool = False) -> Standing:
    """Mark the store as ours where that is proven, or where a person vouches for it (`trusted`).

    Raises Unavailable when it does not answer or takes nothing.
    """
    if is_marked():
        return Standing.MARKED
    standing = _look()
    if standing is not Standing.STRANGE or trusted:
        with answering():
            _store().delete(NAME)  # another installation's
            _store().save(NAME, ContentFile(_mark()))
    return standing


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
        with answering(), _store().open(name) as file:
            return bool(file.read(len(MAGIC)) == MAGIC)
    except FileNotFoundError:
        return False


def _store() -> Any:
    return storages["papers"]


def _mark() -> bytes:
    return derive(settings.ROOT_KEY, "paper store").hex().encode()
