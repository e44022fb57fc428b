"""Ids of looks at pictures of pages, by which a leaked one is traced to its event."""

import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only


class Migration(migrations.Migration):
    dependencies = [("archives", "0017_packs")]

    operations = [
        migrations.CreateModel(
            name="PageMark",
            fields=[
                ("id", models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=13)),
                ("paper_id", models.UUIDField()),
                ("page", models.SmallIntegerField()),
                ("audit_event_id", models.UUIDField()),
                ("tenant", models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.tenant")),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            model_name="pagemark",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="archives_pagemark_code"),
        ),
        append_only("archives_pagemark"),
    ]
