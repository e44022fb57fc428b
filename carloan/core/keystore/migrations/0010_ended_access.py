"""Access that ended, told beside the main database, whose older backup would open it again."""

from django.db import migrations, models

import carloan.core.ids
import carloan.core.tenancy
from carloan.core.migration_operations import append_only


class Migration(migrations.Migration):
    dependencies = [("keystore", "0009_keys_stand")]

    operations = [
        migrations.CreateModel(
            name="EndedAccess",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(default=carloan.core.tenancy.current_tenant_id, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("api_key", "Api Key"),
                            ("member", "Member"),
                            ("role", "Assignment"),
                            ("lent", "Delegation"),
                        ],
                        max_length=8,
                    ),
                ),
                ("object_id", models.UUIDField()),
                ("returned", models.BooleanField(default=False)),
            ],
            options={
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["tenant_id", "kind", "object_id", "id"], name="keystore_endedaccess_object"
                    )
                ],
            },
        ),
        append_only("keystore_endedaccess"),
    ]
