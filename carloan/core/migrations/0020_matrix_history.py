"""The history of the permission matrix, append-only, and previews of the pages as a role sees them."""

import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models
from carloan.core.migration_operations import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0019_ways_through_the_trail'),
    ]

    operations = [
        migrations.CreateModel(
            name='MatrixChange',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('capability', models.CharField(max_length=60)),
                ('before', models.CharField(blank=True, max_length=6)),
                ('after', models.CharField(blank=True, max_length=6)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='core.role')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'audit_event_id', 'role', 'capability'), name='core_matrixchange_once'), models.CheckConstraint(condition=models.Q(('before', models.F('after')), _negated=True), name='core_matrixchange_differs')],
            },
        ),
        migrations.CreateModel(
            name='RolePreview',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.CharField(blank=True, choices=[('person', 'Ended by the person'), ('time', 'The time was over')], max_length=6)),
                ('audit_event_id', models.UUIDField()),
                ('branch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.branch')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.role')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['tenant', 'ends_at'], name='core_rolepreview_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', '')), models.Q(('ended_at__isnull', False), ('ended_by__in', ['person', 'time'])), _connector='OR'), name='core_rolepreview_end'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('started_at'))), name='core_rolepreview_lasts')],
            },
        ),
        append_only("core_matrixchange"),
    ]
