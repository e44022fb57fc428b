"""The web may not make or change lenders, nor delete people or change more of them than signing in needs.

`carloan/core/catalog.py` checks the result; whoever adds a column that the web changes grants it in a migration.
"""

from django.db import migrations

LENDERS = "core_tenant, core_tenanthost"
# Django's own groups and permissions of people stay empty: rights are roles of a tenant.
CLOSED = "core_user_groups, core_user_user_permissions, auth_group, auth_group_permissions"
OWN_COLUMNS = "password, last_login, language, theme, shortcuts, must_change_password"


class Migration(migrations.Migration):
    dependencies = [("core", "0005_first_passwords"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.RunSQL(
            [
                f"REVOKE INSERT, UPDATE, DELETE ON {LENDERS} FROM app",
                "REVOKE DELETE ON core_tenant FROM worker",
                "REVOKE UPDATE, DELETE ON core_user FROM app",
                f"GRANT UPDATE ({OWN_COLUMNS}) ON core_user TO app",
                "REVOKE DELETE ON core_user FROM worker",
                f"REVOKE INSERT, UPDATE, DELETE ON {CLOSED} FROM app, worker",
            ],
            [
                f"GRANT INSERT, UPDATE, DELETE ON {LENDERS} TO app",
                "GRANT DELETE ON core_tenant, core_user TO worker",
                f"REVOKE UPDATE ({OWN_COLUMNS}) ON core_user FROM app",
                "GRANT UPDATE, DELETE ON core_user TO app",
                f"GRANT INSERT, UPDATE, DELETE ON {CLOSED} TO app, worker",
            ],
        )
    ]
