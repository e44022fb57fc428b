"""Figures of a loan that its source did not say are NULL, and no longer 0."""

from django.db import migrations, models

from carloan.core.migration_operations import fill

FIGURES: dict[str, tuple[type[models.Field], str]] = {
    "overdue": (models.BigIntegerField, "overdue amount"),
    "days_overdue": (models.IntegerField, "days overdue"),
    "periods_paid": (models.IntegerField, "instalments paid"),
    "next_due": (models.BigIntegerField, "next amount due"),
}
FILES = ["loans_importrow", "loans_importbatch"]

# A 0 is known to be ours, and no word of the source, where every file that brought the loan or changed it is wholly in
# the book and its mapping had neither a column nor a fixed value for the figure. Any other 0 may be the source's own
# and stays. A file that failed on the way may have been read by another mapping before: it proves nothing.
_SILENT = """bool_and(batch.state = 'done'
        AND NOT coalesce(batch.spec -> 'columns', '{{}}') ? '{figure}'
        AND NOT coalesce(batch.spec -> 'constants', '{{}}') ? '{figure}') AS {figure}"""
UNSAID = f"""
    SELECT row.tenant_id, row.loan_id, bool_or(row.outcome = 'created') AS came,
        {", ".join(_SILENT.format(figure=figure) for figure in FIGURES)}
    FROM loans_importrow row
    JOIN loans_importbatch batch ON batch.tenant_id = row.tenant_id AND batch.id = row.batch_id
    WHERE row.loan_id IS NOT NULL AND row.outcome IN ('created', 'updated')
    GROUP BY row.tenant_id, row.loan_id
"""


# All figures of a row in one statement: rows that one transaction changes twice hold up the closing of the fences.
def _set(unless: dict[str, str]) -> str:
    return ", ".join(
        f"{figure} = CASE WHEN unsaid.{figure}{unless.get(figure, '')} THEN nullif(own.{figure}, 0)"
        f" ELSE own.{figure} END"
        for figure in FIGURES
    )


# A loan that was opened here began with nothing overdue, and a settled one has nothing due: their 0 is known.
LOANS = f"""
UPDATE loans_loan own SET {_set({"next_due": " AND own.next_due_on IS NULL AND own.settled_on IS NULL"})}
FROM ({UNSAID}) unsaid WHERE unsaid.tenant_id = own.tenant_id AND unsaid.loan_id = own.id AND unsaid.came
"""
POSITIONS = f"""
UPDATE loans_openingposition own SET {_set({})}
FROM ({UNSAID}) unsaid WHERE unsaid.tenant_id = own.tenant_id AND unsaid.loan_id = own.loan_id
"""
BACK = "UPDATE {table} SET " + ", ".join(f"{figure} = coalesce({figure}, 0)" for figure in FIGURES)


def _may_be_null(model: str, **more: int) -> list[migrations.AlterField]:
    return [
        migrations.AlterField(
            model_name=model, name=figure, field=kind(blank=True, null=True, verbose_name=label, **more)
        )
        for figure, (kind, label) in FIGURES.items()
    ]


class Migration(migrations.Migration):
    dependencies = [("loans", "0011_import_results")]

    operations = [
        *_may_be_null("loan", default=0),
        *_may_be_null("openingposition"),
        fill("loans_loan", LOANS, reads=FILES, back=BACK.format(table="loans_loan")),
        fill("loans_openingposition", POSITIONS, reads=FILES, back=BACK.format(table="loans_openingposition")),
    ]
