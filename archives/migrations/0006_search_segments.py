"""Segments take the place of one row of grams a page. The sweep indexes what there is (`missing_index`)."""

from importlib import import_module

import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

_FIRST = import_module("carloan.archives.migrations.0002_search_grams")
_REACH = import_module("carloan.archives.migrations.0005_search_reach")
_OLD = {
    "archives_search_grams(integer[], uuid[], boolean, integer)": _FIRST.FUNCTION,
    _REACH.SIGNATURE: _REACH.FUNCTION,
}


class Migration(migrations.Migration):

    dependencies = [
        ('archives', '0005_search_reach'),
        ('core', '0006_narrow_global_grants'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchSegment',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('pages', models.IntegerField()),
                ('papers', models.IntegerField()),
                ('starts', models.BinaryField()),
                ('purge', models.BooleanField(default=False)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='SearchBlock',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'segment_id', 'first', blank=True, editable=False, primary_key=True, serialize=False)),
                ('first', models.BigIntegerField()),
                ('body', models.BinaryField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('segment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='archives.searchsegment')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='SearchSlot',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'segment_id', 'place', blank=True, editable=False, primary_key=True, serialize=False)),
                ('place', models.IntegerField()),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='archives.paper')),
                ('segment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='archives.searchsegment')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.RunSQL(
            [f"DROP FUNCTION {signature}" for signature in _OLD],
            [
                statement
                for signature, function in _OLD.items()
                for statement in (
                    function,
                    f"ALTER FUNCTION {signature} OWNER TO sign_in",
                    f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
                    f"GRANT EXECUTE ON FUNCTION {signature} TO app, worker",
                )
            ],
        ),
        migrations.RunSQL(
            migrations.RunSQL.noop, "GRANT SELECT ON archives_pagegrams TO sign_in"
        ),
        migrations.DeleteModel(
            name='PageGrams',
        ),
        migrations.AddIndex(
            model_name='searchsegment',
            index=models.Index(condition=models.Q(('retired_at', None)), fields=['tenant', 'id'], name='archives_searchsegment_live'),
        ),
    ]
