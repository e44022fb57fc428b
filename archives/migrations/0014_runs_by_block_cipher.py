"""The text index is hashed in another way, and papers in it leave it: the sweep indexes them anew (`missing_index`)."""

from django.db import migrations

# TRUNCATE is bound by no policy: the owner, who is fenced, would delete no row of any lender.
EMPTY = "TRUNCATE archives_searchblock, archives_searchslot, archives_searchsegment"


class Migration(migrations.Migration):
    dependencies = [("archives", "0013_reason_codes")]

    operations = [migrations.RunSQL(EMPTY, EMPTY)]
