"""Rows of the registers are ended, never removed: neither by a service nor by a statement past them."""

from django.db import migrations

from carloan.core.migration_operations import kept_rows

REGISTERS = (
    "opening", "sealedunit", "archivesegment", "personrequest", "processingstop", "entrustedprocessor", "risk",
    "rulechange", "course", "examresult", "examgate",
)  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0016_destruction_steps'),
    ]

    operations = [kept_rows(f"compliance_{register}") for register in REGISTERS]
