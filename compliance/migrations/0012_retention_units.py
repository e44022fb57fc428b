"""Kinds of units and of what can be held are registered by the apps; the tables list none."""
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0011_retention_sealed_apart'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='destructionitem',
            name='compliance_destructionitem_unit',
        ),
        migrations.RemoveConstraint(
            model_name='holdtarget',
            name='compliance_holdtarget_kind',
        ),
        migrations.AlterField(
            model_name='destructionitem',
            name='unit',
            field=models.CharField(max_length=20, verbose_name='unit'),
        ),
        migrations.AlterField(
            model_name='holdtarget',
            name='kind',
            field=models.CharField(max_length=20, verbose_name='kind'),
        ),
    ]
