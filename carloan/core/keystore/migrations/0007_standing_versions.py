"""No key comes to stand under a retired version by a change either: when it is sealed apart, joined again or rotated.

Beside the trigger of migration 0003, which looks at keys as they are made. Each purpose has a gate of its own.
"""

from django.db import migrations

from carloan.core.migration_operations import guard_updates


class Migration(migrations.Migration):
    dependencies = [("keystore", "0006_sealed_apart")]

    operations = [
        guard_updates(
            "keystore_subjectkey",
            "standing_version",
            "SELECT f.id::text FROM fresh f, ("
            "SELECT max(min_decryption_version) FILTER (WHERE purpose = 'wrap') AS wrap,"
            " max(min_decryption_version) FILTER (WHERE purpose = 'seal') AS seal FROM keystore_tenantkey"
            " WHERE tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"
            ") gate WHERE f.destroyed_at IS NULL"
            " AND f.tenant_key_version < coalesce(CASE WHEN f.apart THEN gate.seal ELSE gate.wrap END, 1) LIMIT 1",
            "stands under a retired version of the key that wraps it",
            first="PERFORM pg_advisory_xact_lock_shared("
            "hashtextextended('wrapping ' || current_setting('app.tenant_id', true), 0));",
        ),
    ]
