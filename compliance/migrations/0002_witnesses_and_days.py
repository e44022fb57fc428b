"""What others say of the ledger: cosignatures of witnesses, and a time stamp a day. Written by the role `sealer` alone."""

import django.db.models.deletion
from django.db import migrations, models

import carloan.core.tenancy
from carloan.core.migration_operations import append_only

TABLES = ("compliance_ledgercosignature", "compliance_ledgerday", "compliance_ledgertimetoken")


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0001_ledger'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField()),
                ('body', models.TextField()),
                ('leaves', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='LedgerTimeToken',
            fields=[
                ('day', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='token', serialize=False, to='compliance.ledgerday')),
                ('token', models.BinaryField()),
                ('taken_at', models.DateTimeField()),
                ('authority', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='LedgerCosignature',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'witness', 'size', blank=True, editable=False, primary_key=True, serialize=False)),
                ('witness', models.CharField(max_length=250)),
                ('size', models.BigIntegerField()),
                ('line', models.TextField()),
                ('seen_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
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
