"""Versions of a lender's wrapping key: the gate below which none opens anything, kept by the database too.

A process may remember a version that was retired meanwhile. What it wraps then is refused here, under a lock that
whoever retires a version takes alone, so that no key can come to stand under a version that is proven empty.
"""

from django.db import migrations, models

from carloan.core.migration_operations import guard_inserts


class Migration(migrations.Migration):
    dependencies = [("keystore", "0002_import_keys")]

    operations = [
        migrations.AddField(
            model_name="tenantkey",
            name="min_decryption_version",
            field=models.IntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="tenantkey",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="tenantkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_decryption_version__gte", 1), ("min_decryption_version__lte", models.F("version"))
                ),
                name="keystore_tenantkey_gate",
            ),
        ),
        guard_inserts(
            "keystore_subjectkey",
            "living_version",
            "SELECT f.id::text FROM fresh f WHERE f.tenant_key_version < ("
            "SELECT coalesce(max(min_decryption_version), 1) FROM keystore_tenantkey"
            " WHERE tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid AND purpose = 'wrap'"
            ") LIMIT 1",
            "stands under a retired version of the wrapping key",
            first="PERFORM pg_advisory_xact_lock_shared("
            "hashtextextended('wrapping ' || current_setting('app.tenant_id', true), 0));",
        ),
    ]
