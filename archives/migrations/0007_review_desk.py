"""The desk's queue: risk, whose paper it is, and who has it open.

Papers that wait already get the points of the middle: they are weighed when they next change, and rows behind the fence
cannot be weighed here.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0006_search_segments"), ("core", "0003_close_generic_grants")]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="risk",
            field=models.SmallIntegerField(default=30, verbose_name="risk"),
        ),
        migrations.AlterField(
            model_name="paper",
            name="risk",
            field=models.SmallIntegerField(default=0, verbose_name="risk"),
        ),
        migrations.AddField(
            model_name="paper",
            name="assigned_to",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="core.membership", verbose_name="assigned to",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="claimed_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="core.membership",
            ),
        ),
        migrations.AddField(
            model_name="paper", name="claimed_until", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(fields=["tenant", "state", "-risk", "id"], name="archives_paper_risk"),
        ),
    ]
