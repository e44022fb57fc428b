"""Which of the usual reasons a person chose, apart from what they typed. Reasons given before stay the text they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0012_corrected_values_are_found")]

    operations = [
        migrations.AddField(
            "paper",
            "note_code",
            models.CharField(blank=True, db_default="", default="", max_length=30, verbose_name="reason"),
        ),
    ]
