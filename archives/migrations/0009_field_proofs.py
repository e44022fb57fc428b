"""Which checks a value went through: the desk and the API can say why a value is sure."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0008_page_corners")]

    operations = [migrations.AddField("paperfield", "proofs", models.JSONField(default=list))]
