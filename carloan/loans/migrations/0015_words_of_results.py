"""What becomes of a row has one word everywhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loans", "0014_unknown_outstanding")]

    operations = [
        migrations.AlterField(
            model_name="importbatch",
            name="unchanged",
            field=models.BigIntegerField(default=0, verbose_name="unchanged"),
        ),
        migrations.AlterField(
            model_name="importbatch",
            name="rejected",
            field=models.BigIntegerField(default=0, verbose_name="left out"),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("created", "New"),
                    ("updated", "Changed"),
                    ("unchanged", "Unchanged"),
                    ("kept", "Older than the book"),
                    ("rejected", "Left out"),
                ],
                max_length=9,
                verbose_name="outcome",
            ),
        ),
    ]
