"""The lender's calendar of working days."""

import django.db.models.deletion
from django.db import migrations, models

import carloan.core.ids
import carloan.core.tenancy


def tenant_columns():
    return [
        ("id", models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
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
    ]


class Migration(migrations.Migration):
    dependencies = [("core", "0006_narrow_global_grants")]

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                *tenant_columns(),
                ("day", models.DateField()),
                ("is_off", models.BooleanField()),
                ("name", models.CharField(max_length=60)),
                ("name_en", models.CharField(blank=True, max_length=60)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("audit_event_id", models.UUIDField()),
            ],
            options={
                "ordering": ["day"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "day"), name="core_calendarday_day")],
            },
        ),
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                *tenant_columns(),
                ("year", models.IntegerField()),
                ("source", models.CharField(max_length=200)),
                ("audit_event_id", models.UUIDField()),
            ],
            options={
                "ordering": ["year"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "year"), name="core_calendaryear_year")],
            },
        ),
    ]
