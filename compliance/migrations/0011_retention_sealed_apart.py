"""Which units are kept sealed apart, since when, and until when two people hold one open."""
import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0010_retention_archive_backups'),
        ('core', '0023_single_sign_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealedUnit',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('unit', models.CharField(max_length=20, verbose_name='unit')),
                ('object_id', models.UUIDField()),
                ('policy_version', models.IntegerField(verbose_name='version of the policy')),
                ('sealed_at', models.DateTimeField(auto_now_add=True, verbose_name='sealed apart since')),
                ('keyed_at', models.DateTimeField(null=True)),
                ('opened_until', models.DateTimeField(null=True, verbose_name='open until')),
                ('opening_id', models.UUIDField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('tenant', 'unit', 'object_id'), name='compliance_sealedunit_once')],
            },
        ),
    ]
