"""Reads of legal holds: which are in force, on what, and who said what about their release."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Count

from carloan.compliance.holds import Thing, holdable
from carloan.compliance.models import HoldRelease, HoldTarget, LegalHold
from carloan.compliance.names import Named, names_of
from carloan.core.actors import Actor
from carloan.core.errors import Held, NotFound
from carloan.core.tenancy import current_tenant_id

VIEW: Final = "holds.view"
MOST = 500


def notices_on(things: Iterable[Thing]) -> list[LegalHold]:
    """The holds in force on any of these things (kind, id), the oldest first. One query."""
    pairs = list(things)
    if not pairs:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT t.hold_id FROM compliance_holdtarget t JOIN unnest(%s::text[], %s::uuid[])"
            " AS asked (kind, id) ON asked.kind = t.kind AND asked.id = t.target_id WHERE t.tenant_id = %s",
            [[kind for kind, _ in pairs], [str(each) for _, each in pairs], current_tenant_id()],
        )
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return []
    return list(LegalHold.objects.filter(id__in=ids, state=LegalHold.State.ACTIVE).order_by("number"))


def require_unheld(things: Iterable[Thing]) -> None:
    """Raises Held while a hold on any of these things is in force, after whoever is placing one has ended."""
    pairs = list(things)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(compliance_held(%s, asked.kind, asked.id)) FROM unnest(%s::text[], %s::uuid[])"
            " AS asked (kind, id)",
            [current_tenant_id(), [kind for kind, _ in pairs], [str(each) for _, each in pairs]],
        )
        if cursor.fetchone()[0]:
            raise Held


def holds_for(actor: Actor, *, state: str = "") -> list[LegalHold]:
    """The lender's holds, the newest first, each with the number of things it holds (`held`)."""
    actor.require(VIEW)
    rows = LegalHold.objects.select_related("placed_by").annotate(held=Count("targets"))
    if state:
        rows = rows.filter(state=state)
    return list(rows.order_by("-number")[:MOST])


def get_hold_for(actor: Actor, hold_id: UUID) -> LegalHold:
    """Raises NotFound."""
    actor.require(VIEW)
    hold = LegalHold.objects.select_related("placed_by").filter(id=hold_id).first()
    if hold is None:
        raise NotFound
    return hold


def releases_of(hold: LegalHold) -> list[HoldRelease]:
    """Who spoke for the release, the first first."""
    return list(HoldRelease.objects.select_related("member").filter(hold=hold).order_by("id"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing that a hold holds, as this actor may see it."""

    kind: str
    id: UUID
    named: Named | None


def things_of(actor: Actor, hold: LegalHold) -> Sequence[Shown]:
    """What a hold holds, in the order in which it was added; what the actor may not see stays a number."""
    rows = list(HoldTarget.objects.filter(hold=hold).order_by("id"))
    names = names_of(actor, [(holdable(row.kind).object_type, row.target_id) for row in rows])
    return [Shown(row.kind, row.target_id, names.get(row.target_id)) for row in rows]
