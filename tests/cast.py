"""The people of the tests: two lenders with the same branches, roles and user-visible names, one person a role."""

import itertools
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, connections

from carloan.core.access import actor_of_person
from carloan.core.actors import Actor
from carloan.core.models import Branch, Membership, Role, RoleAssignment, Tenant, User
from carloan.core.roles import SYSTEM_ROLES, roles_of_a_lender
from carloan.core.services.api_keys import api_key_make
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic

ROLES = tuple(role.key for role in SYSTEM_ROLES)
_serial = itertools.count(1)


@dataclass
class Lender:
    """A tenant with two branches (east, west) below head office, one member a role, and an API key a role."""

    tenant: Tenant
    branches: dict[str, Branch] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def system(self) -> Actor:
        return Actor.system(self.tenant.id, "test")

    def open(self) -> AbstractContextManager[None]:
        """The tenant's transaction."""
        return tenant_atomic(self.tenant.id)

    def actor(self, role: str) -> Actor:
        """The member of a role, with the rights of this moment. Call it inside open()."""
        actor = actor_of_person(self.users[role], tenant_id=self.tenant.id)
        assert actor is not None
        return actor

    def key(self, role: str) -> str:
        """The value of the Authorization header of this role's API key."""
        return f"Bearer {self.tokens[role]}"


@dataclass
class Cast:
    bank: Lender
    other: Lender


def as_platform() -> AbstractContextManager[None]:
    """Lenders are made and changed by the command line, whose role is `worker`; the rest of the suite is `app`."""
    return as_role("worker")


@contextmanager
def as_role(role: str) -> Iterator[None]:
    """Only in the suite may `app` become another role (tests/conftest.py), so that both work in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


@contextmanager
def past_the_triggers() -> Iterator[None]:
    """Rows are put as no act leaves them, in the open transaction: the suite alone has a role that may."""
    with connection.cursor() as cursor:

        def fire(how: str) -> None:
            cursor.execute(f"SET ROLE stagehand; SET LOCAL session_replication_role = {how}; RESET ROLE")

        fire("replica")
        yield
        fire("origin")


def key_store_is(statement: str, *values: Any) -> None:
    """Do to the key store what no role of the site may, in its open transaction: as a restored one stands there."""
    with connections["keystore"].cursor() as cursor:
        cursor.execute("SET ROLE stagehand; SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin; RESET ROLE")


@contextmanager
def by_the_owner_of_keys() -> Iterator[None]:
    """What the owner of the key store's tables alone may do there, such as replacing the root key, in the open
    transaction of a test that works as `app`."""
    with connections["keystore"].cursor() as cursor:
        cursor.execute("SET ROLE stagehand; SET LOCAL session_replication_role = replica; RESET ROLE")
        yield
        cursor.execute("SET ROLE stagehand; SET LOCAL session_replication_role = origin; RESET ROLE")


def lender_changes(lender: Lender, **values: Any) -> None:
    """What `manage.py tenant_change` does, without its event."""
    with as_platform():
        Tenant.objects.filter(id=lender.tenant.id).update(**values)


def build_cast() -> Cast:
    return Cast(new_lender("bank"), new_lender("other", kind=Tenant.Kind.LEASING))


def new_lender(slug: str = "", *, kind: str = Tenant.Kind.BANK, separated: bool = False) -> Lender:
    """A lender with people in every role. Two of them share all names except slug and user names."""
    slug = slug or f"lender-{next(_serial)}"
    with as_platform():
        lender = Lender(_tenant(slug, kind, separated))
    with lender.open():
        event_id = Branch.objects.get(code="000").audit_event_id
        head = Branch.objects.get(code="000")
        lender.branches = {
            "head": head,
            "east": Branch.objects.create(code="101", name="城东支行", parent=head, audit_event_id=event_id),
            "west": Branch.objects.create(code="102", name="城西支行", parent=head, audit_event_id=event_id),
        }
        for key in (role.key for role in roles_of_a_lender(separated=separated)):
            user = User(username=f"{key}@{slug}", email=f"{key}@{slug}.example")
            user.set_unusable_password()
            user.save()
            member = Membership.objects.create(
                user=user, display_name=f"{key} 张", branch=lender.branches["east"], audit_event_id=event_id
            )
            role = Role.objects.get(key=key)
            RoleAssignment.objects.create(membership=member, role=role, audit_event_id=event_id)
            lender.users[key], lender.members[key] = user, member
            lender.tokens[key] = api_key_make(actor=lender.system, name=key, role=role)[1]
    return lender


def _tenant(slug: str, kind: str, separated: bool) -> Tenant:
    return tenant_create(
        slug=slug,
        name="华信汽车金融",
        name_en="Huaxin Auto Finance",
        kind=kind,
        separated=separated,
        is_demonstration=True,
    )
