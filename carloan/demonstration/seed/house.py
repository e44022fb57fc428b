"""The lenders themselves: tenant, branches, people with their roles, API keys."""

from concurrent.futures import Executor, Future

from django.contrib.auth.hashers import make_password
from django.db import connection

from carloan.core.actors import Actor
from carloan.core.models import ApiKey, Branch, Membership, Role, Tenant
from carloan.core.services.api_keys import LONGEST, api_key_make
from carloan.core.services.branches import branch_add
from carloan.core.services.people import member_add, role_assign
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration import credentials
from carloan.demonstration.lenders import ROLES, Lender, Staff


def tenant_of(lender: Lender) -> Tenant:
    """The lender's tenant, made when it is not there."""
    found = Tenant.objects.filter(slug=lender.slug).first()
    return found or tenant_create(
        slug=lender.slug,
        name=lender.name,
        name_en=lender.name_en,
        kind=lender.kind,
        head_office=lender.head_office,
        is_demonstration=True,
        separated=lender.separated,
    )


def furnish(lender: Lender, tenant: Tenant) -> None:
    """Branches, people and keys that the tenant lacks."""
    actor = Actor.system(tenant.id, "demonstration")
    with tenant_atomic(tenant.id):
        _branches(lender, actor)
        known = set(Membership.objects.values_list("user__username", flat=True))
    missing = [person for person in lender.staff if person.username not in known]
    with tenant_atomic(tenant.id):
        _people(missing, actor)
        _keys(lender, actor)


def _branches(lender: Lender, actor: Actor) -> None:
    known = {branch.code: branch for branch in Branch.objects.all()}
    for plan in lender.branches:
        if plan.code not in known:
            known[plan.code] = branch_add(actor=actor, code=plan.code, name=plan.name, parent=known[plan.parent])


def _people(missing: list[Staff], actor: Actor) -> None:
    roles = {role.key: role for role in Role.objects.all()}
    branches = {branch.code: branch for branch in Branch.objects.all()}
    for person in missing:
        branch = branches[person.branch] if person.branch else None
        member = member_add(
            actor=actor,
            username=person.username,
            display_name=person.display_name,
            password=None,
            email=f"{person.username}@example.com",
            employee_no=person.employee_no,
            branch=branch or branches["000"],
        )
        role_assign(actor=actor, membership=member, role=roles[person.role], branch=branch)


def hash_passwords(lender: Lender, pool: Executor) -> dict[str, Future[str]]:
    """Begin to hash the passwords that are not set yet: scrypt takes its time by design, on the other core."""
    names = {person.username for person in lender.staff}
    with connection.cursor() as cursor:  # who may set passwords here may not read them
        cursor.execute("SELECT core_users_with_password(%s::text[])", [sorted(names)])
        able = {name for (name,) in cursor.fetchall()}
    return {name: pool.submit(make_password, credentials.password(name)) for name in sorted(names - able)}


def set_passwords(hashed: dict[str, Future[str]]) -> None:
    with connection.cursor() as cursor:  # nor change one that is set
        for name, value in hashed.items():
            cursor.execute("SELECT core_user_first_password(%s, %s)", [name, value.result()])


# The other system that would work with the rights of each role.
_SYSTEMS = {
    "admin": "运维管理平台",
    "officer": "核心信贷系统",
    "archivist": "影像平台",
    "collector": "外呼平台",
    "release_officer": "抵押登记平台",
    "compliance": "监管报送平台",
    "service": "客服系统",
}


def _keys(lender: Lender, actor: Actor) -> None:
    known = set(ApiKey.objects.values_list("name", flat=True))
    for role in Role.objects.filter(key__in=ROLES):
        name = key_name(role.key)
        if name not in known:
            api_key_make(
                actor=actor,
                name=name,
                role=role,
                days=LONGEST.days,
                secret=credentials.key_secret(lender.slug, role.key),
            )


def key_name(role: str) -> str:
    return _SYSTEMS[role]
