"""The ledger over the trail: written by the role `sealer` alone, changed by nobody."""

import django.db.models.deletion
from django.db import migrations, models

import carloan.core.tenancy
from carloan.core.migration_operations import append_only

TABLES = ("compliance_ledgerleaf", "compliance_ledgertile", "compliance_ledgercheckpoint")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0017_sealing'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerCheckpoint',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'size', blank=True, editable=False, primary_key=True, serialize=False)),
                ('size', models.BigIntegerField()),
                ('root', models.BinaryField(max_length=32)),
                ('note', models.TextField()),
                ('signed_by', models.CharField(max_length=250)),
                ('signed_at', models.DateTimeField()),
                ('epoch', models.BigIntegerField()),
                ('after_xid', models.BigIntegerField()),
                ('after_event', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='LedgerTile',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'level', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('level', models.SmallIntegerField()),
                ('number', models.BigIntegerField()),
                ('hashes', models.BinaryField()),
                ('root', models.BinaryField(max_length=32)),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='LedgerLeaf',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'index', blank=True, editable=False, primary_key=True, serialize=False)),
                ('index', models.BigIntegerField()),
                ('event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'event_id'), name='compliance_ledgerleaf_once')],
            },
        ),
        *(append_only(table) for table in TABLES),
        migrations.RunSQL(
            [
                statement
                for table in TABLES
                for statement in (f"REVOKE INSERT ON {table} FROM app, worker", f"GRANT SELECT, INSERT ON {table} TO sealer")
            ],
            migrations.RunSQL.noop,
        ),
    ]
