"""The sealer's way through the trail: events in the order of their transactions, and which lenders there are."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0016_views_in_both_languages")]

    operations = [
        migrations.RunSQL(
            [
                "CREATE INDEX core_auditevent_sealing ON core_auditevent (tenant_id, xid, id)",
                # It seals what it cannot read.
                "REVOKE SELECT ON core_auditevent FROM sealer",
                "GRANT SELECT (id, tenant_id, created_at, xid, canon, leaf) ON core_auditevent TO sealer",
                "GRANT SELECT (id, state, slug) ON core_tenant TO sealer",
            ],
            [
                "REVOKE SELECT (id, state, slug) ON core_tenant FROM sealer",
                "REVOKE SELECT (id, tenant_id, created_at, xid, canon, leaf) ON core_auditevent FROM sealer",
                "GRANT SELECT ON core_auditevent TO sealer",
                "DROP INDEX core_auditevent_sealing",
            ],
        ),
    ]
