"""Duties lent to a colleague from one day to another."""

import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0020_matrix_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('begins_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('reason', models.CharField(max_length=200)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('branch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.branch')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lent', to='core.membership')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.role')),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='borrowed', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['tenant', 'taker'], name='core_delegation_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('begins_on'))), name='core_delegation_days'), models.CheckConstraint(condition=models.Q(('giver', models.F('taker')), _negated=True), name='core_delegation_two'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('tenant', 'giver', 'taker', 'role', 'branch'), name='core_delegation_once', nulls_distinct=False)],
            },
        ),
    ]
