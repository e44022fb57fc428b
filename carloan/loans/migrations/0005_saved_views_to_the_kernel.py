"""Saved views are the kernel's now; their rows stay in their table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("loans", "0004_import_warnings"), ("core", "0010_saved_views")]

    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="SavedView")])]
