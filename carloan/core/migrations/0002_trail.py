"""The trail: partitioned by month, append-only for everybody, with leaf, transaction and time set by the database."""

from datetime import UTC, datetime

from django.db import migrations

from carloan.core.migration_operations import append_only, month_partitions, next_months, partition_fence
from carloan.core.postgres.schema import fence_sql

CREATE = """
CREATE TABLE core_auditevent (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    xid xid8 NOT NULL,
    canon bytea NOT NULL,
    leaf bytea NOT NULL,
    action varchar(60) NOT NULL,
    outcome varchar(8) NOT NULL CHECK (outcome IN ('done', 'refused', 'revealed')),
    actor_kind varchar(8) NOT NULL,
    actor_id uuid,
    object_type varchar(40) NOT NULL,
    object_id uuid,
    loan_id uuid,
    field varchar(40) NOT NULL,
    reason_code varchar(30) NOT NULL,
    request_id uuid,
    address_digest bytea,
    subject_kind varchar(8) NOT NULL,
    subject_id uuid NOT NULL,
    detail bytea,
    PRIMARY KEY (tenant_id, id)
) PARTITION BY RANGE (id)
"""
# What the application says about leaf, xid and time is overwritten: none of it can be forged through an INSERT. An id
# whose time is far from now would hide a row in another month.
SET_BY_DATABASE = """
CREATE FUNCTION core_auditevent_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.leaf := sha256('\\x00'::bytea || NEW.canon);
    NEW.xid := pg_current_xact_id();
    NEW.created_at := clock_timestamp();
    IF abs(extract(epoch FROM NEW.created_at) * 1000
           - ('x' || lpad(left(replace(NEW.id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint) > 86400000 THEN
        RAISE EXCEPTION 'an event carries a time that is not now' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
TENANTS_OF = """
CREATE FUNCTION core_tenants_of(person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT m.tenant_id FROM public.core_membership m JOIN public.core_tenant t ON t.id = m.tenant_id
    WHERE m.user_id = person AND m.is_active AND t.state = 'active' ORDER BY t.slug
$$
"""
FIRST_MONTH = datetime(2026, 10, 1, tzinfo=UTC)

FORWARD = [
    CREATE,
    *fence_sql("core_auditevent"),
    "GRANT SELECT, INSERT ON core_auditevent TO app, worker",
    "GRANT SELECT ON core_auditevent TO sealer",
    "CREATE TABLE core_auditevent_default PARTITION OF core_auditevent DEFAULT",
    *partition_fence("core_auditevent_default"),
    *month_partitions("core_auditevent", next_months(FIRST_MONTH, 26)),
    # The trail page: newest first, narrowed by one of these.
    "CREATE INDEX core_auditevent_actor ON core_auditevent (tenant_id, actor_id, id DESC)",
    "CREATE INDEX core_auditevent_loan ON core_auditevent (tenant_id, loan_id, id DESC)",
    "CREATE INDEX core_auditevent_object ON core_auditevent (tenant_id, object_id, id DESC)",
    "CREATE INDEX core_auditevent_action ON core_auditevent (tenant_id, action, id DESC)",
    SET_BY_DATABASE,
    "CREATE TRIGGER a_set BEFORE INSERT ON core_auditevent FOR EACH ROW EXECUTE FUNCTION core_auditevent_set()",
]


class Migration(migrations.Migration):
    dependencies = [("core", "0001_kernel")]

    operations = [
        migrations.RunSQL(
            FORWARD,
            ["DROP TABLE core_auditevent", "DROP FUNCTION core_auditevent_set()"],
        ),
        append_only("core_auditevent"),
        migrations.RunSQL(
            [
                TENANTS_OF,
                "REVOKE ALL ON FUNCTION core_tenants_of(uuid) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION core_tenants_of(uuid) TO app, worker",
                "GRANT SELECT (tenant_id, user_id, is_active) ON core_membership TO sign_in",
                "GRANT SELECT ON core_tenant TO sign_in",
                "ALTER FUNCTION core_tenants_of(uuid) OWNER TO sign_in",
            ],
            ["DROP FUNCTION core_tenants_of(uuid)"],
        ),
    ]
