"""Keys are destroyed one by one and told in a list, never removed; no statement takes a lender's own key away.

A version of a lender's key is emptied when it is retired, a later one is there, and nothing living stands under it; what
stands under an index key is in the other database, where the rotation looks (services/index_rotation.py). The wrap of a held key is
written anew only as it moves to another version or under the other key.
"""

from django.db import migrations

STAY = """
CREATE FUNCTION keystore_keys_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'keys are destroyed and their rows stay' USING ERRCODE = 'restrict_violation';
END $$
"""
EMPTIED = """
CREATE FUNCTION keystore_tenantkey_emptied() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.retired_at IS NULL OR NOT EXISTS (
            SELECT 1 FROM keystore_tenantkey k WHERE k.tenant_id = OLD.tenant_id AND k.purpose = OLD.purpose
                AND k.version > OLD.version AND k.retired_at IS NULL AND octet_length(k.wrapped) > 0)
        OR (OLD.purpose <> 'index' AND EXISTS (
            SELECT 1 FROM keystore_subjectkey s WHERE s.tenant_id = OLD.tenant_id AND s.destroyed_at IS NULL
                AND s.apart = (OLD.purpose = 'seal') AND s.tenant_key_version = OLD.version)) THEN
        RAISE EXCEPTION 'what a lender still opens with this key would be lost' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
TABLES = ("keystore_subjectkey", "keystore_tenantkey", "keystore_destroyedmark")
HELD = (
    "CREATE TRIGGER held_update BEFORE UPDATE ON keystore_subjectkey FOR EACH ROW WHEN ("
    " NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.tenant_id <> OLD.tenant_id"
    " OR NEW.destroyed_at IS DISTINCT FROM OLD.destroyed_at OR octet_length(NEW.wrapped) = 0{more})"
    " EXECUTE FUNCTION keystore_subjectkey_held()"
)
OVERWRITTEN = (
    " OR (NEW.wrapped <> OLD.wrapped AND NEW.apart = OLD.apart AND NEW.tenant_key_version <= OLD.tenant_key_version)"
)


class Migration(migrations.Migration):

    dependencies = [
        ('keystore', '0007_standing_versions'),
    ]

    operations = [
        migrations.RunSQL(
            [
                STAY,
                EMPTIED,
                *(
                    statement
                    for table in TABLES
                    for statement in (
                        f"CREATE TRIGGER stay BEFORE DELETE ON {table}"
                        " FOR EACH ROW EXECUTE FUNCTION keystore_keys_stay()",
                        f"REVOKE DELETE ON {table} FROM app, worker",
                    )
                ),
                "CREATE TRIGGER emptied BEFORE UPDATE ON keystore_tenantkey FOR EACH ROW"
                " WHEN (octet_length(NEW.wrapped) = 0 AND octet_length(OLD.wrapped) > 0)"
                " EXECUTE FUNCTION keystore_tenantkey_emptied()",
                "DROP TRIGGER held_update ON keystore_subjectkey",
                HELD.format(more=OVERWRITTEN),
            ],
            [
                "DROP TRIGGER held_update ON keystore_subjectkey",
                HELD.format(more=""),
                "DROP TRIGGER emptied ON keystore_tenantkey",
                *(
                    statement
                    for table in TABLES
                    for statement in (
                        f"GRANT DELETE ON {table} TO app, worker",
                        f"DROP TRIGGER stay ON {table}",
                    )
                ),
                "DROP FUNCTION keystore_tenantkey_emptied()",
                "DROP FUNCTION keystore_keys_stay()",
            ],
        ),
    ]
