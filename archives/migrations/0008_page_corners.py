"""What was done to a page so that it stands straight: its place in the file, and the corners of what is shown of it.

Pages that were read before are shown whole: no corners, and their number is their place in the file.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0007_review_desk")]

    operations = [
        migrations.AddField("paperpage", "source", models.IntegerField(null=True)),
        migrations.AddField("paperpage", "corners", models.JSONField(null=True)),
    ]
