"""Grants on single objects stand in tables of their own that know their tenant; guardian's generic ones stay empty."""

from django.db import migrations

TABLES = ("guardian_userobjectpermission", "guardian_groupobjectpermission")


class Migration(migrations.Migration):
    dependencies = [("core", "0002_trail"), ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more")]

    operations = [
        migrations.RunSQL(
            [f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM app, worker" for table in TABLES],
            [f"GRANT INSERT, UPDATE, DELETE ON {table} TO app, worker" for table in TABLES],
        )
    ]
