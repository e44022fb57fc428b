"""Saved views are the kernel's: lists of all apps have them. The table stays where and what it is."""

import django.db.models.deletion
from django.db import migrations, models

import carloan.core.ids
import carloan.core.tenancy


class Migration(migrations.Migration):
    dependencies = [("core", "0009_correct_people"), ("loans", "0004_import_warnings")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("page", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        ("query", models.CharField(max_length=500)),
                        ("position", models.SmallIntegerField(default=0)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("audit_event_id", models.UUIDField()),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
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
                        "db_table": "loans_savedview",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("tenant", "page", "owner", "name"),
                                name="loans_savedview_name",
                                nulls_distinct=False,
                            )
                        ],
                    },
                )
            ]
        )
    ]
