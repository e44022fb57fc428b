import carloan.core.sealed
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('loans', '0002_kept_rows'),
    ]

    operations = [
        migrations.AddField(
            model_name='party',
            name='revision',
            field=models.IntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='vehicle',
            name='revision',
            field=models.IntegerField(db_default=1, default=1),
        ),
        # The reasons that stood in clear go; the trail holds them encrypted. A rewrite of the column reaches every
        # tenant's rows, which an UPDATE behind the fence would not.
        migrations.RunSQL(
            'ALTER TABLE loans_loangrant ALTER COLUMN reason DROP NOT NULL, ALTER COLUMN reason TYPE bytea USING NULL',
            'ALTER TABLE loans_loangrant ALTER COLUMN reason TYPE varchar(200) USING \'\', '
            'ALTER COLUMN reason SET NOT NULL',
            state_operations=[
                migrations.AlterField(
                    model_name='loangrant',
                    name='reason',
                    field=carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='reason'),
                ),
            ],
        ),
    ]
