"""What opens something is written over by nobody: a wrap changes as its key moves on, and not where it stands.

A lender's own key keeps what it is for ever. Only the owner of the tables, who replaces the root key, writes its wrap
anew; its versions follow each other, and the gate moves past one once no living key stands under it. The key of a
subject is written anew only together with the place it moves to: a later version that was made, or the other key.
"""

from django.db import migrations

from carloan.core.migration_operations import guard_updates

NEXT = """
CREATE FUNCTION keystore_tenantkey_next() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
DECLARE newest record;
BEGIN
    SELECT k.version, k.min_decryption_version INTO newest FROM keystore_tenantkey k
        WHERE k.tenant_id = NEW.tenant_id AND k.purpose = NEW.purpose ORDER BY k.version DESC LIMIT 1;
    IF NEW.version <> coalesce(newest.version, 0) + 1 OR NEW.retired_at IS NOT NULL OR octet_length(NEW.wrapped) = 0
        OR NEW.min_decryption_version <> coalesce(newest.min_decryption_version, 1) THEN
        RAISE EXCEPTION 'this is not the next version of the key' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
TENANT_KEY = """
CREATE FUNCTION keystore_tenantkey_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF (NEW.id, NEW.tenant_id, NEW.purpose, NEW.version, NEW.suite)
            IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.purpose, OLD.version, OLD.suite)
        OR (OLD.retired_at IS NOT NULL AND NEW.retired_at IS DISTINCT FROM OLD.retired_at) THEN
        RAISE EXCEPTION 'a lender''s key stays what it is' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.wrapped <> OLD.wrapped AND octet_length(NEW.wrapped) > 0 AND (octet_length(OLD.wrapped) = 0
        OR NOT pg_has_role(current_user, (SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID), 'USAGE')) THEN
        RAISE EXCEPTION 'the wrap of a lender''s key is not written over' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.retired_at IS DISTINCT FROM OLD.retired_at AND NOT EXISTS (
            SELECT 1 FROM keystore_tenantkey k WHERE k.tenant_id = OLD.tenant_id AND k.purpose = OLD.purpose
                AND k.min_decryption_version > OLD.version) THEN
        RAISE EXCEPTION 'this version of the key opens still' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.min_decryption_version < OLD.min_decryption_version
        OR (NEW.min_decryption_version > OLD.min_decryption_version AND OLD.purpose <> 'index' AND EXISTS (
            SELECT 1 FROM keystore_subjectkey s WHERE s.tenant_id = OLD.tenant_id AND s.destroyed_at IS NULL
                AND s.apart = (OLD.purpose = 'seal') AND s.tenant_key_version < NEW.min_decryption_version)) THEN
        RAISE EXCEPTION 'living keys stand under a version before this gate' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
SUBJECT_KEY = """
CREATE FUNCTION keystore_subjectkey_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the key of % % is not written over where it stands', OLD.kind, OLD.id
        USING ERRCODE = 'restrict_violation';
END $$
"""
# Of a living key: the wrap changes exactly when the key moves, and is emptied only by its destruction.
WRITTEN_OVER = """
CREATE TRIGGER stands BEFORE UPDATE ON keystore_subjectkey FOR EACH ROW WHEN (octet_length(OLD.wrapped) > 0 AND (
    NEW.id <> OLD.id OR NEW.tenant_id <> OLD.tenant_id OR NEW.kind <> OLD.kind
    OR (octet_length(NEW.wrapped) = 0 AND NEW.destroyed_at IS NULL)
    OR (octet_length(NEW.wrapped) > 0 AND (
        (NEW.apart = OLD.apart AND NEW.tenant_key_version < OLD.tenant_key_version)
        OR (NEW.wrapped <> OLD.wrapped)
            <> (NEW.apart <> OLD.apart OR NEW.tenant_key_version > OLD.tenant_key_version)))))
    EXECUTE FUNCTION keystore_subjectkey_stands()
"""


class Migration(migrations.Migration):
    dependencies = [("keystore", "0008_keys_stay")]

    operations = [
        migrations.RunSQL(
            [
                NEXT,
                "CREATE TRIGGER next BEFORE INSERT ON keystore_tenantkey"
                " FOR EACH ROW EXECUTE FUNCTION keystore_tenantkey_next()",
                TENANT_KEY,
                "CREATE TRIGGER stands BEFORE UPDATE ON keystore_tenantkey"
                " FOR EACH ROW EXECUTE FUNCTION keystore_tenantkey_stands()",
                SUBJECT_KEY,
                WRITTEN_OVER,
            ],
            [
                "DROP TRIGGER stands ON keystore_subjectkey",
                "DROP FUNCTION keystore_subjectkey_stands()",
                "DROP TRIGGER stands ON keystore_tenantkey",
                "DROP FUNCTION keystore_tenantkey_stands()",
                "DROP TRIGGER next ON keystore_tenantkey",
                "DROP FUNCTION keystore_tenantkey_next()",
            ],
        ),
        guard_updates(
            "keystore_subjectkey",
            "made_version",
            "SELECT f.id::text FROM fresh f, ("
            "SELECT max(version) FILTER (WHERE purpose = 'wrap') AS wrap,"
            " max(version) FILTER (WHERE purpose = 'seal') AS seal FROM keystore_tenantkey"
            " WHERE tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"
            ") newest WHERE f.destroyed_at IS NULL"
            " AND f.tenant_key_version > coalesce(CASE WHEN f.apart THEN newest.seal ELSE newest.wrap END, 0) LIMIT 1",
            "stands under a version that was never made",
        ),
    ]
