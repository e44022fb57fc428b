"""People and loans say under which version of the lender's index key their hashes stand."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loans", "0016_legal_holds")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="index_version",
            field=models.SmallIntegerField(db_default=1, default=1),
        )
        for model in ("party", "loan")
    ]
