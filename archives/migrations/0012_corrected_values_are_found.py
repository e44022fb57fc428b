"""Papers with values that people corrected leave the text index: the sweep indexes them anew, those values included."""

from django.db import migrations

from carloan.core.migration_operations import fill


class Migration(migrations.Migration):
    dependencies = [("archives", "0011_paper_reader")]

    operations = [
        fill(
            "archives_searchslot",
            "DELETE FROM archives_searchslot AS s USING archives_paperfield AS f"
            " WHERE f.tenant_id = s.tenant_id AND f.paper_id = s.paper_id AND f.source = 'person'",
            reads=["archives_paperfield"],
        )
    ]
