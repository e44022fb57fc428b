"""What people write about a paper is sealed; the clear column `reason` holds codes only from now on."""

from django.db import migrations

import carloan.core.sealed


class Migration(migrations.Migration):
    dependencies = [("archives", "0003_specimen_source")]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="note",
            field=carloan.core.sealed.SealedText(blank=True, null=True, verbose_name="reason"),
        )
    ]
