"""How often the database went while a paper was read: a paper that breaks it each time goes to a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0009_field_proofs")]

    operations = [
        migrations.AddField("paper", "outages", models.SmallIntegerField(default=0, db_default=0)),
    ]
