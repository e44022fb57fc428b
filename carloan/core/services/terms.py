"""The terms that find objects by their values, made anew under another version of the lender's index key."""

from collections import defaultdict
from typing import Final
from uuid import UUID

from django.db import connection

from carloan.core import lookup
from carloan.core.indexed import Batch, Indexed, gatherer, next_stretch, register_indexed
from carloan.core.models import LookupTerm
from carloan.core.tenancy import current_tenant_id, tenant_atomic

RENEWED_AT_ONCE = 200
FORGOTTEN_AT_ONCE = 5_000
# An object that has fewer terms under the new version than under older ones: its terms are made for all alike.
_BEHIND: Final = """
SELECT object_kind, object_id FROM core_lookupterm WHERE tenant_id = %s AND object_id > %s
GROUP BY object_id, object_kind
HAVING count(*) FILTER (WHERE index_version < %s) > count(*) FILTER (WHERE index_version = %s)
"""


def terms_renew(version: int, after: UUID | None, patient: bool) -> Batch:
    """Make the terms of the next objects behind `after` anew, under each version in use.

    What stood there is replaced, so that a term that no value has any more does not hold the old version back. Raises
    nothing for objects that do not open: they are counted.
    """
    done, damaged, most = 0, 0, 1 if patient else RENEWED_AT_ONCE
    with tenant_atomic():
        rows = _behind(version, after, most)
        kinds: dict[str, list[UUID]] = defaultdict(list)
        for object_kind, object_id in rows:
            kinds[object_kind].append(object_id)
        for object_kind, ids in kinds.items():
            gather = gatherer(object_kind)
            if gather is None:
                damaged += len(ids)
                continue
            gathered = gather(ids, patient)
            damaged += gathered.damaged
            LookupTerm.objects.filter(object_id__in=list(gathered.gone)).delete()
            # Somebody may have destroyed an object between the look and the hold: it is not brought back.
            held = {object_id for _kind, object_id, *_rest in gathered.found}
            living = set(LookupTerm.objects.filter(object_id__in=held).values_list("object_id", flat=True))
            lookup.index_anew([each for each in gathered.found if each[1] in living])
            done += len(living) + len(gathered.gone)
    return Batch(done, damaged, rows[-1][1] if len(rows) == most else None)


def terms_left(version: int) -> int:
    """How many objects are not found yet by all their terms under this version."""
    with tenant_atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_BEHIND}) behind", _given(version, None))
        return int(cursor.fetchone()[0])


def terms_forget(version: int, after: UUID | None) -> Batch:
    """Let the terms of the next objects go that stand under older versions."""
    with tenant_atomic():
        terms, last = next_stretch(LookupTerm.objects.all(), "object_id", after, FORGOTTEN_AT_ONCE)
        done, _each = terms.filter(index_version__lt=version).delete()
    return Batch(done, 0, last)


def terms_remain(version: int) -> bool:
    """Whether a term stands under an older version."""
    with tenant_atomic():
        return LookupTerm.objects.filter(index_version__lt=version).exists()


def _behind(version: int, after: UUID | None, most: int) -> list[tuple[str, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_BEHIND} ORDER BY object_id LIMIT %s", [*_given(version, after), most])
        return list(cursor.fetchall())


def _given(version: int, after: UUID | None) -> list[str | int]:
    return [str(current_tenant_id()), str(after or UUID(int=0)), version, version]


register_indexed("terms", Indexed(renew=terms_renew, left=terms_left, forget=terms_forget, remains=terms_remain))
