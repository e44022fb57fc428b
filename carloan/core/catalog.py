"""The linter of the running database: what the schema editor promised must stand in the catalogue.

Runs after migrations, at start-up (`manage.py lint_catalog`) and in the tests. A finding stops the start.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connections

from .checks import GLOBAL_TABLES

SERVICE_ROLES = ("app", "worker", "sealer")
APPEND_ONLY = {"core_auditevent", "loans_scheduleversion", "loans_instalment", "loans_payment", "loans_openingposition"}

_TABLES = """
SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner) AS owner, c.relispartition,
       EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT EXISTS (
    SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""
_FENCES = """
SELECT polrelid, count(*) FILTER (WHERE NOT polpermissive AND polcmd = '*' AND polwithcheck IS NOT NULL
    AND pg_get_expr(polqual, polrelid) LIKE '%app.tenant_id%' AND pg_get_expr(polwithcheck, polrelid) LIKE '%app.tenant_id%')
FROM pg_policy GROUP BY polrelid
"""
_UNIQUE = """
SELECT i.indrelid, ic.relname, EXISTS (
    SELECT 1 FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attname = 'tenant_id' AND a.attnum = ANY (i.indkey::smallint[]))
FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid WHERE i.indisunique
"""
_FOREIGN = """
SELECT con.conrelid, con.conname, con.confrelid, EXISTS (
    SELECT 1 FROM pg_attribute a WHERE a.attrelid = con.conrelid AND a.attname = 'tenant_id' AND a.attnum = ANY (con.conkey))
FROM pg_constraint con WHERE con.contype = 'f'
"""
_VIEWS = """
SELECT c.relname, c.relkind::text, coalesce(c.reloptions::text, '') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm') AND NOT EXISTS (
    SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""
_DEFINERS = """
SELECT p.proname, coalesce(p.proconfig::text, ''), has_function_privilege('public', p.oid, 'EXECUTE')
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.prosecdef
"""
_ROLES = "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
_GRANTS = """
SELECT c.relname, g.grantee, g.privilege_type FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
LATERAL (SELECT pg_get_userbyid(x.grantee) AS grantee, x.privilege_type FROM aclexplode(c.relacl) x) g
WHERE n.nspname = 'public' AND g.grantee = ANY (%s)
"""


def findings(using: str = "default") -> list[str]:
    """Everything that is wrong in the catalogue of a database, in words; an empty list is a clean bill."""
    with connections[using].cursor() as cursor:

        def rows(statement: str, *params: Any) -> list[tuple[Any, ...]]:
            cursor.execute(statement, params or None)
            return list(cursor.fetchall())

        return list(_find(rows))


def _find(rows: Any) -> Iterator[str]:
    tables = {oid: (name, *rest) for oid, name, *rest in rows(_TABLES)}
    fences = dict(rows(_FENCES))
    tenant_tables = {oid for oid, (*_, has_tenant) in tables.items() if has_tenant}
    for oid, (name, enabled, forced, owner, is_partition, has_tenant) in sorted(tables.items(), key=lambda item: item[1][0]):
        if owner in SERVICE_ROLES:
            yield f"{name} belongs to {owner}: a service must own nothing"
        if not has_tenant:
            if name not in GLOBAL_TABLES:
                yield f"{name} has no tenant and no reason in GLOBAL_TABLES"
        elif not (enabled and forced):
            yield f"{name} has no forced row-level security"
        elif not fences.get(oid) and not is_partition:
            yield f"{name} has no restrictive fence for reading and writing"
        elif not fences.get(oid):
            yield f"the partition {name} has no fence of its own"
    for oid, index, with_tenant in rows(_UNIQUE):
        if oid in tenant_tables and not with_tenant:
            yield f"{tables[oid][0]}: the unique index {index} tells one tenant about another"
    for oid, name, target, with_tenant in rows(_FOREIGN):
        if oid in tenant_tables and target in tenant_tables and not with_tenant:
            yield f"{tables[oid][0]}: the foreign key {name} can point into another tenant"
    for name, kind, options in rows(_VIEWS):
        if kind == "m" or "security_invoker=true" not in options:
            yield f"the view {name} reads with its owner's rights"
    for name, config, public in rows(_DEFINERS):
        if "search_path" not in config:
            yield f"the function {name} runs as its owner without a fixed search_path"
        if public:
            yield f"the function {name} runs as its owner and everybody may call it"
    for (role,) in rows(_ROLES, list(SERVICE_ROLES)):
        yield f"the role {role} stands above row-level security"
    for name, grantee, privilege in rows(_GRANTS, list(SERVICE_ROLES)):
        if privilege in {"TRUNCATE", "REFERENCES", "TRIGGER"}:
            yield f"{grantee} has {privilege} on {name}"
        if name in APPEND_ONLY and privilege in {"UPDATE", "DELETE"}:
            yield f"{grantee} may {privilege.lower()} the append-only {name}"
