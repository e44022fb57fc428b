"""The linter of the running database: what the schema editor promised must stand in the catalogue.

Runs after migrations, at start-up (`manage.py lint_catalog`) and in the tests. A finding stops the start.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connections

from .capabilities import all_capabilities
from .checks import GLOBAL_TABLES
from .moves import kept_machines

SERVICE_ROLES = ("app", "worker", "sealer")
APPEND_ONLY = {
    "core_auditevent", "loans_scheduleversion", "loans_instalment", "loans_payment", "loans_openingposition",
    "loans_formerrole", "loans_allocation", "core_transition", "compliance_ledgerleaf", "compliance_ledgertile",
    "compliance_ledgercheckpoint", "compliance_ledgercosignature", "compliance_ledgerday", "compliance_ledgertimetoken",
    "core_keyceremony", "compliance_retentionsweep", "compliance_anomalyrule",
    "compliance_holdtarget", "compliance_holdrelease", "compliance_destructionvoice", "archives_custody",
    "archives_storagemove", "archives_handoveritem", "archives_handoversignature", "archives_custodyreminder",
    "archives_stockexpected", "archives_stockscan", "archives_stockdifference",
    "archives_shreddingitem", "archives_shreddingscan", "archives_roomevent",
}  # fmt: skip
# Tables without a tenant that decide who anybody is: what beside reading each role may do to them, by column where a
# set stands. Making and changing lenders and making people is the command line's, which works as `worker`; it changes
# no person, and nobody deletes one.
ALL = frozenset("*")
SIGN_IN = frozenset({"password", "last_login", "email", "language", "theme", "shortcuts", "must_change_password"})
NARROW: dict[str, dict[tuple[str, str], frozenset[str]]] = {
    "core_tenant": {("worker", "INSERT"): ALL, ("worker", "UPDATE"): ALL},
    "core_tenanthost": {("worker", "INSERT"): ALL, ("worker", "UPDATE"): ALL, ("worker", "DELETE"): ALL},
    "core_user": {
        ("app", "INSERT"): ALL,
        ("app", "UPDATE"): SIGN_IN,
        ("worker", "INSERT"): ALL,
    },
    "core_user_groups": {},
    "core_user_user_permissions": {},
    "auth_group": {},
    "auth_group_permissions": {},
    # The trail is written where things happen, and sealed by nobody who makes them happen.
    "core_auditevent": {("app", "INSERT"): ALL, ("worker", "INSERT"): ALL},
    "compliance_ledgerleaf": {("sealer", "INSERT"): ALL},
    "compliance_ledgertile": {("sealer", "INSERT"): ALL},
    "compliance_ledgercheckpoint": {("sealer", "INSERT"): ALL},
    "compliance_ledgercosignature": {("sealer", "INSERT"): ALL},
    "compliance_ledgerday": {("sealer", "INSERT"): ALL},
    "compliance_ledgertimetoken": {("sealer", "INSERT"): ALL},
}

SIGN_IN_TABLES = (
    "account_emailaddress", "account_emailconfirmation", "mfa_authenticator", "usersessions_usersession",
    "axes_accessattempt", "axes_accessattemptexpiration", "axes_accessfailurelog", "axes_accesslog", "django_session",
)  # fmt: skip
# How people prove who they are: beside the web, which signs them in, nobody changes it ...
for _table in SIGN_IN_TABLES:
    NARROW[_table] = {("app", privilege): ALL for privilege in ("INSERT", "UPDATE", "DELETE")}
NARROW["django_session"] |= {("worker", "DELETE"): ALL}
# ... and of these columns nobody reads any; ALL stands for the whole table.
UNREAD: dict[str, frozenset[str]] = dict.fromkeys(SIGN_IN_TABLES, ALL) | {
    "core_user": frozenset({"password"}),
    "django_session": frozenset({"session_key", "session_data"}),
}

# The one function that looks past the fence, before a tenant is open, and what its owner may read for it.
UNFENCED = {"core_tenants_of"}
UNFENCED_READS = {"core_tenant": ALL, "core_membership": frozenset({"tenant_id", "user_id", "is_active"})}

_TABLES = """
SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner),
       EXISTS (SELECT 1 FROM pg_attribute a
               WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT EXISTS (
    SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname
"""
_FENCES = """
SELECT polrelid, count(*) FILTER (
    WHERE NOT polpermissive AND polcmd = '*' AND polwithcheck IS NOT NULL
    AND pg_get_expr(polqual, polrelid) LIKE '%app.tenant_id%'
    AND pg_get_expr(polwithcheck, polrelid) LIKE '%app.tenant_id%')
FROM pg_policy GROUP BY polrelid
"""
_UNIQUE = """
SELECT i.indrelid, ic.relname, EXISTS (
    SELECT 1 FROM pg_attribute a
    WHERE a.attrelid = i.indrelid AND a.attname = 'tenant_id' AND a.attnum = ANY (i.indkey::smallint[]))
FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid WHERE i.indisunique
"""
_FOREIGN = """
SELECT con.conrelid, con.conname, con.confrelid, EXISTS (
    SELECT 1 FROM pg_attribute a
    WHERE a.attrelid = con.conrelid AND a.attname = 'tenant_id' AND a.attnum = ANY (con.conkey))
FROM pg_constraint con WHERE con.contype = 'f'
"""
_VIEWS = """
SELECT c.relname, c.relkind::text, coalesce(c.reloptions::text, '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm') AND NOT EXISTS (
    SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""
_DEFINERS = """
SELECT p.proname, coalesce(p.proconfig::text, ''), has_function_privilege('public', p.oid, 'EXECUTE'),
       o.rolsuper, o.rolbypassrls
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles o ON o.oid = p.proowner
WHERE n.nspname = 'public' AND p.prosecdef
"""
# What the owner of such a function owns beside it, and what it may do to which columns ('' for a whole table).
_BEYOND = """
WITH beyond AS (
    SELECT DISTINCT p.proowner AS role FROM pg_proc p JOIN pg_roles o ON o.oid = p.proowner
    WHERE p.proname = ANY (%s) AND p.pronamespace = 'public'::regnamespace AND NOT o.rolsuper)
SELECT c.relname, 'OWN', '' FROM pg_class c JOIN beyond ON c.relowner = role
UNION ALL SELECT c.relname, x.privilege_type, '' FROM pg_class c, LATERAL aclexplode(c.relacl) x
    JOIN beyond ON x.grantee = role
UNION ALL SELECT c.relname, x.privilege_type, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid,
    LATERAL aclexplode(a.attacl) x JOIN beyond ON x.grantee = role WHERE NOT a.attisdropped
"""
_ROLES = """
SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)
"""
_GRANTS = """
SELECT c.relname, pg_get_userbyid(x.grantee), x.privilege_type
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, LATERAL aclexplode(c.relacl) x
WHERE n.nspname = 'public' AND pg_get_userbyid(x.grantee) = ANY (%s)
"""
_COLUMN_GRANTS = """
SELECT c.relname, pg_get_userbyid(x.grantee), x.privilege_type, a.attname
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
     LATERAL aclexplode(a.attacl) x
WHERE n.nspname = 'public' AND NOT a.attisdropped AND pg_get_userbyid(x.grantee) = ANY (%s)
"""


def findings(using: str = "default") -> list[str]:
    """Everything that is wrong in the catalogue of a database, in words; an empty list is a clean bill."""
    with connections[using].cursor() as cursor:

        def rows(statement: str, *params: Any) -> list[tuple[Any, ...]]:
            cursor.execute(statement, params or None)
            return list(cursor.fetchall())

        tables = {oid: Table(*rest) for oid, *rest in rows(_TABLES)}
        return [
            *_fences(tables, dict(rows(_FENCES))),
            *_keys(tables, rows),
            *_code(rows),
            *_rights(rows),
            *_families(rows),
            *_machines(rows),
        ]


class Table(NamedTuple):
    name: str
    enabled: bool
    forced: bool
    owner: str
    has_tenant: bool


Rows = Callable[..., list[tuple[Any, ...]]]


def _fences(tables: dict[int, Table], fences: dict[int, int]) -> Iterator[str]:
    for oid, table in tables.items():
        if table.owner in SERVICE_ROLES:
            yield f"{table.name} belongs to {table.owner}: a service must own nothing"
        if not table.has_tenant:
            if table.name not in GLOBAL_TABLES:
                yield f"{table.name} has no tenant and no reason in GLOBAL_TABLES"
        elif not (table.enabled and table.forced):
            yield f"{table.name} has no forced row-level security"
        elif not fences.get(oid):
            yield f"{table.name} has no restrictive fence for reading and writing"


def _keys(tables: dict[int, Table], rows: Rows) -> Iterator[str]:
    tenant_tables = {oid for oid, table in tables.items() if table.has_tenant}
    for oid, index, with_tenant in rows(_UNIQUE):
        if oid in tenant_tables and not with_tenant:
            yield f"{tables[oid].name}: the unique index {index} tells one tenant about another"
    for oid, name, target, with_tenant in rows(_FOREIGN):
        if oid in tenant_tables and target in tenant_tables and not with_tenant:
            yield f"{tables[oid].name}: the foreign key {name} can point into another tenant"


def _code(rows: Rows) -> Iterator[str]:
    for name, kind, options in rows(_VIEWS):
        if kind == "m" or "security_invoker=true" not in options:
            yield f"the view {name} reads with its owner's rights"
    for name, config, public, by_superuser, unfenced in rows(_DEFINERS):
        if by_superuser or (unfenced and name not in UNFENCED):
            yield f"the function {name} looks past row-level security"
        if "search_path" not in config:
            yield f"the function {name} runs as its owner without a fixed search_path"
        if public:
            yield f"the function {name} runs as its owner and everybody may call it"
    for name, privilege, column in rows(_BEYOND, list(UNFENCED)):
        allowed = UNFENCED_READS.get(name, frozenset())
        if privilege != "SELECT" or not (allowed == ALL or column in allowed):
            yield f"the owner of a function past row-level security has {privilege} on {name} {column}".rstrip()


def _rights(rows: Rows) -> Iterator[str]:
    for (role,) in rows(_ROLES, list(SERVICE_ROLES)):
        yield f"the role {role} stands above row-level security"
    for name, grantee, privilege in rows(_GRANTS, list(SERVICE_ROLES)):
        if privilege in {"TRUNCATE", "REFERENCES", "TRIGGER"}:
            yield f"{grantee} has {privilege} on {name}"
        if name in APPEND_ONLY and privilege in {"UPDATE", "DELETE"}:
            yield f"{grantee} may {privilege.lower()} the append-only {name}"
        if name in NARROW and privilege != "SELECT" and NARROW[name].get((grantee, privilege)) != ALL:
            yield f"{grantee} may {privilege.lower()} {name} as a whole"
        if name in UNREAD and privilege == "SELECT" and grantee != "app":
            yield f"{grantee} may read {name} as a whole"
    for name, grantee, privilege, column in rows(_COLUMN_GRANTS, list(SERVICE_ROLES)):
        allowed = NARROW.get(name, {}).get((grantee, privilege), frozenset())
        if name in NARROW and privilege != "SELECT" and allowed != ALL and column not in allowed:
            yield f"{grantee} may {privilege.lower()} {name}.{column}"
        unread = UNREAD.get(name, frozenset())
        if privilege == "SELECT" and grantee != "app" and (unread == ALL or column in unread):
            yield f"{grantee} may read {name}.{column}"


def _families(rows: Rows) -> Iterator[str]:
    """The triggers that keep administrators apart know each right as the registry does; the key store has none."""
    if rows("SELECT to_regprocedure('core_family_of(text)')") == [(None,)]:
        return
    said = {each.code: each.family for each in all_capabilities()}
    for code, family in rows("SELECT code, core_family_of(code) FROM unnest(%s) AS code", list(said)):
        if family != said[code]:
            yield f"the right {code} is of the family {said[code]}, and core_family_of says {family}"


def _machines(rows: Rows) -> Iterator[str]:
    """What the database lets a row step to is what its machine says, no less and no more; not in the key store."""
    for table, moves in kept_machines().items():
        if rows("SELECT to_regclass(%s)", table) == [(None,)]:
            continue
        if rows("SELECT to_regprocedure(%s)", f"{table}_step(text, text)") == [(None,)]:
            yield f"the database keeps no steps of {table}"
            continue
        (model,) = (each for each in apps.get_models() if each._meta.db_table == table)
        field: Any = model._meta.get_field("state")
        steps, states = moves.steps(), [state for state, _label in field.choices]
        admitted = rows(
            f"SELECT s, t FROM unnest(%s) s, unnest(%s) t WHERE s <> t AND {table}_step(s, t)", states, states
        )
        for source, target in sorted(steps ^ set(admitted)):
            yield f"{table}: the machine and the database do not agree on the step from {source} to {target}"
