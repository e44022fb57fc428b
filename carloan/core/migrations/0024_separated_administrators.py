"""Separated administrators (三员分立), kept by the database; to give roles is a right apart from making people."""

import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import fill

# Which right is whose. A right that is not named here is of the business; a later one that is not gets a migration that
# replaces this function (the catalogue's linter compares it with the registry).
FAMILY = """
CREATE FUNCTION core_family_of(code text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN code IN ('people.manage', 'keys.manage', 'calendar.manage') THEN 'system'
        WHEN code IN ('roles.manage', 'rights.assign', 'sign_on.manage', 'encryption.rotate', 'masking.manage')
            THEN 'security'
        WHEN code IN ('rights.review', 'trail.detail', 'trail.export', 'anomalies.decide') THEN 'audit'
        WHEN code IN ('home.view', 'search.use', 'jobs.view', 'people.view', 'roles.view', 'duties.lend',
            'encryption.view', 'trail.view', 'masking.view', 'retention.view', 'holds.view', 'destruction.view',
            'loans.view') THEN 'common'
        ELSE 'business' END
$$
"""
# Who holds rights of two families: people by all roles that they hold or that are lent to them, also for later, and
# roles by themselves (member is null). A role that ended yesterday counts: the lender's day may not be over.
MIXED = """
CREATE FUNCTION core_families_mixed(lender uuid, only_member uuid, only_role uuid)
RETURNS TABLE (member uuid, role uuid, family text) LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    WITH held AS (
        SELECT a.membership_id AS member, a.role_id AS role FROM core_roleassignment a
        WHERE a.tenant_id = lender AND (a.valid_until IS NULL OR a.valid_until >= current_date - 1)
        UNION
        SELECT d.taker_id, d.role_id FROM core_delegation d
        WHERE d.tenant_id = lender AND d.ended_at IS NULL AND d.ends_on >= current_date - 1
        UNION
        SELECT NULL, r.id FROM core_role r WHERE r.tenant_id = lender
    ), asked AS (
        SELECT h.member, h.role FROM held h
        WHERE (only_member IS NULL OR h.member = only_member)
            AND (only_role IS NULL OR h.role = only_role
                OR h.member IN (SELECT o.member FROM held o WHERE o.role = only_role))
    ), families AS (
        SELECT DISTINCT a.member, a.role, core_family_of(c.capability) AS family
        FROM asked a JOIN core_rolecapability c ON c.tenant_id = lender AND c.role_id = a.role
        WHERE core_family_of(c.capability) <> 'common'
    ), counted AS (
        SELECT f.*, min(f.family) OVER whose <> max(f.family) OVER whose AS mixed
        FROM families f WINDOW whose AS (PARTITION BY f.member, CASE WHEN f.member IS NULL THEN f.role END)
    )
    SELECT c.member, c.role, c.family FROM counted c WHERE c.mixed
$$
"""
# One at a time in a lender, whether or not it is separated yet: who waits here sees what the one before left. The lock
# is that of carloan/core/locks.py by the name of carloan/core/families.py.
APART = """
CREATE FUNCTION core_families_apart(lender uuid, only_member uuid, only_role uuid) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
DECLARE
    whose record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('families|' || lender::text, 0));
    IF NOT EXISTS (SELECT 1 FROM core_accesspolicy p WHERE p.tenant_id = lender AND p.separated) THEN
        RETURN;
    END IF;
    SELECT m.member, CASE WHEN m.member IS NULL THEN m.role END AS role,
            string_agg(DISTINCT m.family, ',' ORDER BY m.family) AS families INTO whose
        FROM core_families_mixed(lender, only_member, only_role) m
        GROUP BY 1, 2 ORDER BY m.member NULLS FIRST LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'nobody holds rights of two families' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'core_families_apart',
            DETAIL = concat(whose.member, '|', whose.role, '|', whose.families);
    END IF;
END $$
"""
ASSIGNMENT = """
CREATE FUNCTION core_roleassignment_apart() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM core_families_apart(NEW.tenant_id, NEW.membership_id, NULL);
    RETURN NULL;
END $$
"""
DELEGATION = """
CREATE FUNCTION core_delegation_apart() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM core_families_apart(NEW.tenant_id, NEW.taker_id, NULL);
    RETURN NULL;
END $$
"""
CELL = """
CREATE FUNCTION core_rolecapability_apart() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF core_family_of(NEW.capability) <> 'common' THEN
        PERFORM core_families_apart(NEW.tenant_id, NULL, NEW.role_id);
    END IF;
    RETURN NULL;
END $$
"""
# The lender separates its administrators; only the operator of the installation (the role of the command line) undoes it.
POLICY = """
CREATE FUNCTION core_accesspolicy_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF OLD.separated AND (TG_OP = 'DELETE' OR NOT NEW.separated OR NEW.tenant_id <> OLD.tenant_id)
        AND current_user = 'app' THEN
        RAISE EXCEPTION 'separated administrators stay separated' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
"""
POLICY_APART = """
CREATE FUNCTION core_accesspolicy_apart() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM core_families_apart(NEW.tenant_id, NULL, NULL);
    RETURN NULL;
END $$
"""
GUARDED = ("core_roleassignment", "core_delegation", "core_rolecapability", "core_accesspolicy")
# Whoever made people gave them their roles too: both rights from now on, so that nobody loses one.
SPLIT = """
INSERT INTO core_rolecapability (tenant_id, id, role_id, capability, scope, audit_event_id)
SELECT c.tenant_id, gen_random_uuid(), c.role_id, 'rights.assign', c.scope, c.audit_event_id
FROM core_rolecapability c WHERE c.capability = 'people.manage'
ON CONFLICT DO NOTHING;
-- Their keys are checked now: the table is altered again before the transaction ends.
SET CONSTRAINTS ALL IMMEDIATE
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0023_single_sign_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessPolicy',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('separated', models.BooleanField(default=False, verbose_name='Administrators are separated')),
                ('passkeys', models.BooleanField(default=False, verbose_name='Approvals are given with a passkey')),
                ('confirm_minutes', models.PositiveSmallIntegerField(default=5, verbose_name='A confirmation counts for (minutes)')),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant',), name='core_accesspolicy_one'), models.CheckConstraint(condition=models.Q(('confirm_minutes__gte', 1), ('confirm_minutes__lte', 15)), name='core_accesspolicy_minutes')],
            },
        ),
        fill("core_rolecapability", SPLIT, back="DELETE FROM core_rolecapability WHERE capability = 'rights.assign'"),
        migrations.RunSQL(
            [
                FAMILY,
                MIXED,
                APART,
                ASSIGNMENT,
                DELEGATION,
                CELL,
                POLICY,
                POLICY_APART,
                *(
                    f"CREATE TRIGGER apart AFTER INSERT OR UPDATE ON {table} FOR EACH ROW"
                    f" EXECUTE FUNCTION {table}_apart()"
                    for table in GUARDED
                ),
                "CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON core_accesspolicy"
                " FOR EACH ROW EXECUTE FUNCTION core_accesspolicy_stands()",
            ],
            [
                "DROP TRIGGER stands ON core_accesspolicy",
                *(f"DROP TRIGGER apart ON {table}" for table in GUARDED),
                *(f"DROP FUNCTION {table}_apart()" for table in GUARDED),
                "DROP FUNCTION core_accesspolicy_stands()",
                "DROP FUNCTION core_families_apart(uuid, uuid, uuid)",
                "DROP FUNCTION core_families_mixed(uuid, uuid, uuid)",
                "DROP FUNCTION core_family_of(text)",
            ],
        ),
    ]
