"""Views that come with a lender have a name for readers of English; those of a demonstration had both in one."""

from django.db import migrations, models

from carloan.core.migration_operations import fill

TOGETHER = (
    ("逾期 1–29 天", "1–29 days overdue"),
    ("逾期 90 天及以上", "90 days overdue or more"),
    ("待放款", "To be paid out"),
    ("审批中", "In approval"),
)
_NAMES = ", ".join(f"('{name}', '{name_en}')" for name, name_en in TOGETHER)
# Whoever has kept a view under the short name meanwhile keeps it.
APART = f"""
UPDATE loans_savedview own SET name = seeded.name, name_en = seeded.name_en
FROM (VALUES {_NAMES}) seeded (name, name_en)
WHERE own.owner_id IS NULL AND own.name = seeded.name || ' · ' || seeded.name_en
    AND NOT EXISTS (
        SELECT 1 FROM loans_savedview other
        WHERE other.tenant_id = own.tenant_id AND other.page = own.page AND other.owner_id IS NULL
            AND other.name = seeded.name)
"""
BACK = """
UPDATE loans_savedview SET name = name || ' · ' || name_en WHERE name_en <> '' AND length(name || name_en) <= 37
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0015_no_results_to_clear")]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="name_en",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        fill("loans_savedview", APART, back=BACK),
    ]
