"""Keys that are kept apart under a lender's sealing key, opened for a while by two people only."""
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keystore', '0005_held_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='subjectkey',
            name='apart',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='subjectkey',
            name='approved_by',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='subjectkey',
            name='open_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='subjectkey',
            name='opened_by',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='tenantkey',
            name='purpose',
            field=models.CharField(choices=[('wrap', 'Wrap'), ('index', 'Index'), ('seal', 'Seal')], max_length=5),
        ),
        migrations.AddConstraint(
            model_name='subjectkey',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_by__isnull', True), ('open_until__isnull', True), ('opened_by__isnull', True)), models.Q(('approved_by__isnull', False), ('open_until__isnull', False), ('opened_by__isnull', False), models.Q(('opened_by', models.F('approved_by')), _negated=True)), _connector='OR'), name='keystore_subjectkey_two_open'),
        ),
    ]
