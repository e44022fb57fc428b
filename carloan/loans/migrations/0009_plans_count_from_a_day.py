"""A plan has the day from which it counts and the plan before it; instalments are tied to their version."""

from django.db import migrations, models

from carloan.core.migration_operations import composite_key, fill

# Old plans count from the payment, at the latest from the lender's day on which they were recorded.
FILL = """
UPDATE loans_scheduleversion own SET
    effective_on = least(loan.disbursed_on, (own.recorded_at AT TIME ZONE lender.time_zone)::date),
    replaces = (
        SELECT max(before.version) FROM loans_scheduleversion before
        WHERE before.tenant_id = own.tenant_id AND before.loan_id = own.loan_id AND before.version < own.version
    )
FROM loans_loan loan JOIN core_tenant lender ON lender.id = loan.tenant_id
WHERE loan.tenant_id = own.tenant_id AND loan.id = own.loan_id
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0011_worker_changes_no_person"), ("loans", "0008_former_roles")]

    operations = [
        migrations.AddField(
            model_name="scheduleversion",
            name="effective_on",
            field=models.DateField(null=True, verbose_name="counts from"),
        ),
        migrations.AddField(
            model_name="scheduleversion",
            name="replaces",
            field=models.SmallIntegerField(blank=True, null=True, verbose_name="replaces version"),
        ),
        fill("loans_scheduleversion", FILL, reads=["loans_loan"]),
        migrations.AlterField(
            model_name="scheduleversion",
            name="effective_on",
            field=models.DateField(verbose_name="counts from"),
        ),
        migrations.AddConstraint(
            model_name="scheduleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaces__isnull", True), ("version", 1)),
                    models.Q(
                        ("replaces__gte", 1),
                        ("replaces__isnull", False),
                        ("replaces__lt", models.F("version")),
                        ("version__gt", 1),
                    ),
                    _connector="OR",
                ),
                name="loans_scheduleversion_line",
            ),
        ),
        composite_key(
            "loans_scheduleversion_replaces",
            "loans_scheduleversion",
            ["loan_id", "replaces"],
            "loans_scheduleversion",
            ["loan_id", "version"],
        ),
        composite_key(
            "loans_instalment_version",
            "loans_instalment",
            ["loan_id", "version"],
            "loans_scheduleversion",
            ["loan_id", "version"],
        ),
    ]
