"""Outstanding principal that no file said is NULL, and no longer the amount of the loan."""

from django.db import migrations, models

from carloan.core.migration_operations import fill

FILES = ["loans_importrow", "loans_importbatch"]

# Loans that files brought, all of them wholly in the book by mappings that had neither a column nor a fixed value for
# it: what stands there is ours. A file that failed on the way may have been read by another mapping before.
UNSAID = """
    SELECT row.tenant_id, row.loan_id
    FROM loans_importrow row
    JOIN loans_importbatch batch ON batch.tenant_id = row.tenant_id AND batch.id = row.batch_id
    WHERE row.loan_id IS NOT NULL AND row.outcome IN ('created', 'updated')
    GROUP BY row.tenant_id, row.loan_id
    HAVING bool_or(row.outcome = 'created') AND bool_and(batch.state = 'done'
        AND NOT coalesce(batch.spec -> 'columns', '{}') ? 'outstanding'
        AND NOT coalesce(batch.spec -> 'constants', '{}') ? 'outstanding')
"""
# Nothing outstanding is what a person said who settled the loan here, and a plan on record counts from the payout.
LOANS = f"""
UPDATE loans_loan own SET outstanding = NULL
FROM ({UNSAID}) unsaid
WHERE unsaid.tenant_id = own.tenant_id AND unsaid.loan_id = own.id AND own.outstanding <> 0
    AND NOT EXISTS (
        SELECT 1 FROM loans_scheduleversion plan
        WHERE plan.tenant_id = own.tenant_id AND plan.loan_id = own.id AND plan.reason = 'disbursal')
"""
POSITIONS = f"""
UPDATE loans_openingposition own SET outstanding = NULL
FROM ({UNSAID}) unsaid WHERE unsaid.tenant_id = own.tenant_id AND unsaid.loan_id = own.loan_id
"""
# As it was reckoned before: what was lent, less the principal that the payments on record pay.
BACK = """
UPDATE {table} own SET outstanding = greatest(0, loan.principal - {paid})
FROM loans_loan loan WHERE loan.tenant_id = own.tenant_id AND loan.id = own.{key} AND own.outstanding IS NULL
"""
PAID = """coalesce((
    SELECT sum(part.amount) FROM loans_payment paid JOIN loans_allocation part
        ON part.tenant_id = paid.tenant_id AND part.payment_id = paid.id AND part.component = 'principal'
    WHERE paid.tenant_id = own.tenant_id AND paid.loan_id = own.id AND paid.channel <> 'imported'
        AND NOT EXISTS (
            SELECT 1 FROM loans_allocation newer
            WHERE newer.tenant_id = part.tenant_id AND newer.payment_id = part.payment_id
                AND newer.version > part.version)), 0)"""


class Migration(migrations.Migration):
    dependencies = [("loans", "0013_money_as_services_book_it")]

    operations = [
        migrations.AlterField(
            model_name="loan",
            name="outstanding",
            field=models.BigIntegerField(blank=True, default=0, null=True, verbose_name="outstanding principal"),
        ),
        migrations.AlterField(
            model_name="openingposition",
            name="outstanding",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="outstanding principal"),
        ),
        fill(
            "loans_loan",
            LOANS,
            reads=[*FILES, "loans_scheduleversion", "loans_payment", "loans_allocation"],
            back=BACK.format(table="loans_loan", key="id", paid=PAID),
        ),
        fill(
            "loans_openingposition",
            POSITIONS,
            reads=[*FILES, "loans_loan"],
            back=BACK.format(table="loans_openingposition", key="loan_id", paid=0),
        ),
    ]
