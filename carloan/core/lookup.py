"""Find an encrypted value by equality: keyed hashes of its normal form, its tail, a name's pairs of characters.

What the index tells somebody without the key: how many objects share a term. Values are normalised before hashing, so
that full-width digits, spaces and lower case find the same thing. A hit only names an object; whether the person may
see it is decided by the selector that reads it again. While the index key is rotated each term stands under both of its
versions (index_keys.py) and is asked for under both.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from carloan.lib.text import fold_key

from . import registry
from .index_keys import index_keys, writing_keys
from .models import LookupTerm
from .postgres.bulk import insert_rows
from .tenancy import current_tenant_id

SHORTEST_NAME_PART = 2
# More objects than this behind one query are a word, not an identifier: the person must type more of it.
MOST_HITS = 5_000
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_SEPARATORS = re.compile("[-·]")


@dataclass(frozen=True)
class Match:
    """An object whose field equals the query, wholly or by its tail; `exact` hits rank first."""

    object_kind: str
    object_id: UUID
    loan_id: UUID | None
    field: str
    exact: bool


def terms(field: str, value: str) -> list[tuple[str, str]]:
    """The (term field, normal form) pairs under which a value is found. `field` is the name of a registered term."""
    key, term = fold_key(value), registry.term(field)
    if not key:
        return []
    found = [(field, key)]
    found += [(f"{field}:{size}", key[-size:]) for size in term.tails if len(key) > size]
    if term.parts and len(key) > SHORTEST_NAME_PART:
        # A pair that a name holds twice is one term.
        found += [(f"{field}:part", part) for part in dict.fromkeys(key[at : at + 2] for at in range(len(key) - 1))]
    return found


def index(object_kind: str, object_id: UUID, loan_id: UUID | None, values: Mapping[str, str]) -> None:
    """Replace the terms of one object by those of `values` (field -> clear value)."""
    index_anew([(object_kind, object_id, loan_id, values)])


def index_anew(objects: Collection[tuple[str, UUID, UUID | None, Mapping[str, str]]]) -> None:
    """The same of many objects; one that is named several times has the terms of all its values."""
    LookupTerm.objects.filter(object_id__in={object_id for _kind, object_id, *_rest in objects}).delete()
    index_many(objects)


def index_many(objects: Iterable[tuple[str, UUID, UUID | None, Mapping[str, str]]]) -> None:
    """Add the terms of many objects in bulk; terms that are there already stay."""
    tenant_id, keys = current_tenant_id(), writing_keys()
    rows = (
        (tenant_id, name, each.blind(name, key), each.version, object_kind, object_id, loan_id)
        for object_kind, object_id, loan_id, values in objects
        for field, value in values.items()
        for name, key in terms(field, value)
        for each in keys
    )
    insert_rows(
        LookupTerm,
        ["tenant_id", "field", "digest", "index_version", "object_kind", "object_id", "loan_id"],
        rows,
        on_conflict="ON CONFLICT (tenant_id, object_id, digest) DO NOTHING",
    )


def find(
    query: str, *, fields: Iterable[str] | None = None, without: Collection[str] = (), limit: int = 1_000
) -> list[Match]:
    """Objects with a field that equals the query, its tail, or (names) contains all its pairs of characters.

    Numbers are found whatever dashes and dots were typed into them; such a hit is no exact one. `fields` are names of
    terms; all of them but those `without`. One query over the index. Several objects may match; the caller
    reads them again through its own selector.
    """
    key = fold_key(query)
    if len(key) < SHORTEST_NAME_PART:
        return []
    wanted: dict[bytes, tuple[str, bool]] = {}
    parts: dict[str, set[bytes]] = {}
    keys = index_keys()
    for field in (name for name in registry.terms() if name not in without) if fields is None else fields:
        term = registry.term(field)
        for each in keys:
            wanted[each.blind(field, key)] = (field, True)
            for one in (key, *_spellings(key)):
                wanted.setdefault(each.blind(field, one), (field, False))
                if len(one) in term.tails:
                    wanted.setdefault(each.blind(f"{field}:{len(one)}", one), (field, False))
        if term.parts:
            pairs = {key[at : at + 2] for at in range(len(key) - 1)}
            parts[field] = {each.blind(f"{field}:part", pair) for pair in pairs for each in keys}
    # Whole values and tails come first and are never crowded out by the many people who share a pair of characters.
    matches: dict[tuple[UUID, str], Match] = {}
    most = MOST_HITS * len(keys)
    whole = LookupTerm.objects.filter(digest__in=list(wanted)).values_list(
        "digest", "object_kind", "object_id", "loan_id"
    )
    for digest, object_kind, object_id, loan_id in whole[:most]:
        field, exact = wanted[bytes(digest)]
        matches.setdefault((object_id, field), Match(object_kind, object_id, loan_id, field, exact))
    for field, digests in parts.items():
        holding_all = (
            LookupTerm.objects.filter(digest__in=list(digests), field=f"{field}:part")
            .values_list("object_kind", "object_id", "loan_id", "index_version")
            .annotate(held=Count("digest", distinct=True))
            .filter(held=len(digests) // len(keys))
        )
        for object_kind, object_id, loan_id, _version, _held in holding_all[:most]:
            matches.setdefault((object_id, field), Match(object_kind, object_id, loan_id, field, exact=False))
    return sorted(matches.values(), key=lambda match: not match.exact)[:limit]


def _spellings(key: str) -> set[str]:
    """Other ways to write a number in normal form: with plain dashes, and without dashes and dots."""
    if not any(sign.isdigit() for sign in key):
        return set()
    plain = _DASHES.sub("-", key)
    return {plain, _SEPARATORS.sub("", plain)} - {key, ""}
