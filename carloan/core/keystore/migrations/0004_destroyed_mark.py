"""How much of the list of destroyed keys a key store has carried out."""

from django.db import migrations, models

import carloan.core.ids
import carloan.core.tenancy


class Migration(migrations.Migration):
    dependencies = [("keystore", "0003_key_versions")]

    operations = [
        migrations.CreateModel(
            name="DestroyedMark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tenant_id", models.UUIDField(default=carloan.core.tenancy.current_tenant_id, editable=False)),
                ("size", models.BigIntegerField(default=0)),
            ],
            options={
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id",), name="keystore_destroyedmark_tenant")
                ],
            },
        ),
    ]
