"""Shredding orders: the originals of a destruction batch, scanned one by one. Facts; the order itself stays."""

import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only, kept_rows


class Migration(migrations.Migration):

    dependencies = [
        ('archives', '0020_stock_takes'),
        ('compliance', '0017_registers_stay'),
        ('core', '0029_given_sign_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShreddingOrder',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='number')),
                ('state', models.CharField(choices=[('open', 'Being scanned'), ('done', 'Shredded and witnessed'), ('withdrawn', 'Withdrawn')], default='open', max_length=9, verbose_name='state')),
                ('drawn_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('revision', models.IntegerField(default=1)),
                ('audit_event_id', models.UUIDField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.destructionbatch')),
                ('drawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ShreddingItem',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.IntegerField(verbose_name='place')),
                ('audit_event_id', models.UUIDField()),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.original')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='archives.shreddingorder')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ShreddingScan',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='archives.shreddingorder')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.original')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='shreddingorder',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='archives_shreddingorder_number'),
        ),
        migrations.AddConstraint(
            model_name='shreddingorder',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('tenant', 'batch'), name='archives_shreddingorder_once'),
        ),
        migrations.AddConstraint(
            model_name='shreddingorder',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done', 'withdrawn'])), name='archives_shreddingorder_state'),
        ),
        migrations.AddConstraint(
            model_name='shreddingitem',
            constraint=models.UniqueConstraint(fields=('tenant', 'order', 'original'), name='archives_shreddingitem_once'),
        ),
        migrations.AddConstraint(
            model_name='shreddingscan',
            constraint=models.UniqueConstraint(fields=('tenant', 'order', 'original'), name='archives_shreddingscan_once'),
        ),
        *(append_only(f"archives_{table}") for table in ("shreddingitem", "shreddingscan")),
        kept_rows("archives_shreddingorder"),
    ]
