"""By which rules and engines a paper was read. Blank for those read before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0010_paper_outages")]

    operations = [
        migrations.AddField("paper", "reader", models.CharField(blank=True, db_default="", default="", max_length=12)),
    ]
