"""A lender has a jurisdiction, days belong to a calendar, a branch may have a time zone of its own.

What is there already is of China: `ADD COLUMN … DEFAULT` reaches every tenant's rows, which an UPDATE would not.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0013_transitions")]

    operations = [
        migrations.AddField("tenant", "jurisdiction", models.CharField(default="CN", max_length=2)),
        migrations.AddConstraint(
            model_name="tenant",
            constraint=models.CheckConstraint(
                condition=models.Q(("jurisdiction__regex", "^[A-Z]{2}$")), name="core_tenant_jurisdiction"
            ),
        ),
        migrations.AddField("branch", "time_zone", models.CharField(blank=True, max_length=40, null=True)),
        migrations.AddConstraint(
            model_name="branch",
            constraint=models.CheckConstraint(
                condition=models.Q(("time_zone", ""), _negated=True), name="core_branch_time_zone"
            ),
        ),
        migrations.AddField(
            "calendarday", "calendar", models.CharField(default="CN", max_length=20), preserve_default=False
        ),
        migrations.AddField(
            "calendaryear", "calendar", models.CharField(default="CN", max_length=20), preserve_default=False
        ),
        migrations.AddConstraint(
            model_name="calendarday",
            constraint=models.UniqueConstraint(fields=("tenant", "calendar", "day"), name="core_calendarday_calendar"),
        ),
        migrations.RemoveConstraint(model_name="calendarday", name="core_calendarday_day"),
        migrations.AddConstraint(
            model_name="calendaryear",
            constraint=models.UniqueConstraint(
                fields=("tenant", "calendar", "year"), name="core_calendaryear_calendar"
            ),
        ),
        migrations.RemoveConstraint(model_name="calendaryear", name="core_calendaryear_year"),
    ]
