"""Separated administrators (三员分立): nobody holds rights of two families at once.

Each right is of one family (capabilities.py): system (people, branches, other systems), security (roles and rights,
masking, keys, ways to sign in), audit (values of the trail, anomalies, reviews), business, or common to all. What a
role holds decides, not what it is called. The database keeps it where the lender's policy says so
(migration 0024_separated_administrators); here stand the words for it.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .capabilities import Family
from .errors import Conflict
from .locks import hold
from .models import AccessPolicy, Membership, Role
from .tenancy import current_tenant_id

LABELS: dict[Family, Any] = {
    "business": gettext_lazy("Business"),
    "system": gettext_lazy("System administration"),
    "security": gettext_lazy("Security administration"),
    "audit": gettext_lazy("Audit administration"),
    "common": gettext_lazy("Common"),
}
ADMINISTRATORS: tuple[Family, ...] = ("system", "security", "audit")
# What the triggers call their refusal; the lock that they take is the one of `kept_apart`.
CONSTRAINT, LOCK = "core_families_apart", "families"


class Mixed(Conflict):
    """One person, or one role, would hold rights of two families."""

    code = "families"


@dataclass
class Mixture:
    """A person, or with `member` None a role by itself, with rights of several families, and the roles they are in."""

    member: Membership | None
    roles: dict[Family, list[Role]] = field(default_factory=lambda: defaultdict(list))

    @property
    def named(self) -> list[tuple[Any, list[Role]]]:
        """The families by what they are called, each with its roles."""
        return [(LABELS[family], self.roles[family]) for family in LABELS if family in self.roles]

    @property
    def role(self) -> Role:
        """Of a mixture in one role: that role."""
        return next(iter(self.roles.values()))[0]


def is_separated() -> bool:
    """Whether the open lender's administrators are separated."""
    return AccessPolicy.objects.filter(separated=True).exists()


def mixtures(*, member_id: UUID | None = None, role_id: UUID | None = None) -> list[Mixture]:
    """Roles, then people, who hold rights of two families today or by what was lent for later; narrowed to one member,
    or to a role and those who hold it. Counted by the same function of the database that refuses them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT member, role, family FROM core_families_mixed(%s, %s, %s)",
            [current_tenant_id(), member_id, role_id],
        )
        rows = cursor.fetchall()
    roles = {role.id: role for role in Role.objects.filter(id__in={row[1] for row in rows})}
    people = {each.id: each for each in Membership.objects.filter(id__in={row[0] for row in rows if row[0]})}
    found: dict[Any, Mixture] = {}
    for member, role, family in sorted(rows, key=lambda row: (row[0] is not None, str(row[0]), row[1])):
        mixture = found.setdefault(member or role, Mixture(people[member] if member else None))
        mixture.roles[family].append(roles[role])
    return sorted(found.values(), key=lambda each: (each.member is not None, str(each.member or "")))


@contextmanager
def kept_apart() -> Iterator[None]:
    """Around what gives rights, inside a transaction and before rows are locked: one at a time in a lender, and where
    the database refuses a mixture, Mixed says whose. The writes inside are undone then."""
    hold(LOCK)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) != CONSTRAINT:
            raise
        raise Mixed(_sentence(*str(diagnosis.message_detail).split("|"))) from error  # type: ignore[union-attr]


def _sentence(member_id: str, role_id: str, families: str) -> str:
    names = ", ".join(str(LABELS[each]) for each in families.split(","))  # type: ignore[index]
    if member_id:
        who = Membership.objects.filter(id=member_id).first()
        return _(
            "%(name)s would hold rights of %(families)s at once. Administrators are separated here: take the other "
            "role away first, or give this one to somebody else."
        ) % {"name": who, "families": names}
    role = Role.objects.filter(id=role_id).first()
    return _(
        "The role %(role)s would hold rights of %(families)s at once. Administrators are separated here: put them into "
        "two roles."
    ) % {"role": role, "families": names}
