"""The log of acts on a lender's keys, append-only. What was done before there was this log is in the trail alone."""

import django.db.models.deletion
from django.db import migrations, models

import carloan.core.ids
import carloan.core.tenancy
from carloan.core.migration_operations import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0017_sealing")]

    operations = [
        migrations.CreateModel(
            name="KeyCeremony",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("made", "First version made"),
                            ("rotated", "New version made"),
                            ("retired", "Former versions retired"),
                            ("rewrapped", "Put under another root key"),
                        ],
                        max_length=10,
                    ),
                ),
                ("purpose", models.CharField(max_length=5)),
                ("version", models.IntegerField()),
                ("suite", models.CharField(max_length=1)),
                ("witnesses", models.JSONField(blank=True, default=list)),
                ("reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("audit_event_id", models.UUIDField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.membership",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        default=carloan.core.tenancy.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("act__in", ["made", "rotated", "retired", "rewrapped"])), name="core_keyceremony_act"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("act", "rewrapped"), _negated=True),
                        fields=("tenant", "purpose", "version", "act"),
                        name="core_keyceremony_once",
                    ),
                ],
            },
        ),
        append_only("core_keyceremony"),
    ]
