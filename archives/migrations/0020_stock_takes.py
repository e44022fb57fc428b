"""Stock-takes: what should lie in a place, what was scanned, how they differ. Facts; the count itself forgets nothing."""

import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only, kept_rows


class Migration(migrations.Migration):

    dependencies = [
        ('archives', '0019_originals'),
        ('core', '0029_given_sign_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='StockTake',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='number')),
                ('state', models.CharField(choices=[('open', 'Being counted'), ('counted', 'Counted, to be settled'), ('settled', 'Settled'), ('withdrawn', 'Withdrawn')], default='open', max_length=9, verbose_name='state')),
                ('begun_at', models.DateTimeField(auto_now_add=True)),
                ('counted_at', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(blank=True, default='', max_length=64, verbose_name='hash of the differences')),
                ('revision', models.IntegerField(default=1)),
                ('audit_event_id', models.UUIDField()),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('counted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.storageplace', verbose_name='place')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='StockScan',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('audit_event_id', models.UUIDField()),
                ('code', models.CharField(max_length=20, verbose_name='code')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('original', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.original')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.storageplace')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('stocktake', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.stocktake')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='StockExpected',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('audit_event_id', models.UUIDField()),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.original')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.storageplace')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('stocktake', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.stocktake')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='StockDifference',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('audit_event_id', models.UUIDField()),
                ('position', models.IntegerField(verbose_name='place')),
                ('kind', models.CharField(choices=[('missing', 'Not found'), ('misplaced', 'In another place'), ('unexpected', 'Should not be here'), ('unknown', 'Code of nothing known')], max_length=10, verbose_name='kind')),
                ('code', models.CharField(max_length=20, verbose_name='code')),
                ('lies', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.storageplace')),
                ('original', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.original')),
                ('should_lie', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.storageplace')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('stocktake', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.stocktake')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='stocktake',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='archives_stocktake_number'),
        ),
        migrations.AddConstraint(
            model_name='stocktake',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('tenant', 'place'), name='archives_stocktake_once'),
        ),
        migrations.AddConstraint(
            model_name='stocktake',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'counted', 'settled', 'withdrawn'])), name='archives_stocktake_state'),
        ),
        migrations.AddConstraint(
            model_name='stocktake',
            constraint=models.CheckConstraint(condition=models.Q(('settled_by', None), models.Q(('settled_by', models.F('counted_by')), _negated=True), _connector='OR'), name='archives_stocktake_two'),
        ),
        migrations.AddConstraint(
            model_name='stockscan',
            constraint=models.UniqueConstraint(fields=('tenant', 'stocktake', 'code'), name='archives_stockscan_once'),
        ),
        migrations.AddConstraint(
            model_name='stockexpected',
            constraint=models.UniqueConstraint(fields=('tenant', 'stocktake', 'original'), name='archives_stockexpected_once'),
        ),
        migrations.AddConstraint(
            model_name='stockdifference',
            constraint=models.UniqueConstraint(fields=('tenant', 'stocktake', 'position'), name='archives_stockdifference_place'),
        ),
        migrations.AddConstraint(
            model_name='stockdifference',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['missing', 'misplaced', 'unexpected', 'unknown'])), name='archives_stockdifference_kind'),
        ),
        *(append_only(f"archives_{table}") for table in ("stockexpected", "stockscan", "stockdifference")),
        kept_rows("archives_stocktake"),
    ]
