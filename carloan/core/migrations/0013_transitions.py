"""The steps of state machines, append-only. Rows that took steps before have no invented ones."""

import django.db.models.deletion
from django.db import migrations, models

import carloan.core.tenancy
from carloan.core.migration_operations import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0012_answered_requests")]

    operations = [
        migrations.CreateModel(
            name="Transition",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id",
                        "kind",
                        "row_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("row_id", models.UUIDField()),
                ("number", models.IntegerField()),
                ("source", models.CharField(max_length=20)),
                ("event", models.CharField(max_length=20)),
                ("target", models.CharField(max_length=20)),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("audit_event_id", models.UUIDField()),
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
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        append_only("core_transition"),
    ]
