"""Segments of the text index say under which version of the lender's index key they are hashed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0015_legal_holds")]

    operations = [
        migrations.AddField(
            model_name="searchsegment",
            name="index_version",
            field=models.SmallIntegerField(db_default=1, default=1),
        ),
    ]
