"""Room access: doors and what they report. Events are facts; doors are revoked, never removed."""

import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only, kept_rows


class Migration(migrations.Migration):

    dependencies = [
        ('archives', '0021_shredding_orders'),
        ('core', '0029_given_sign_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoomDevice',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('secret', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='secret')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('audit_event_id', models.UUIDField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.storageplace', verbose_name='place')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='RoomEvent',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('opened', 'Opened'), ('closed', 'Closed'), ('denied', 'Refused'), ('forced', 'Forced open'), ('held_open', 'Held open')], max_length=9, verbose_name='kind')),
                ('badge', models.CharField(blank=True, default='', max_length=40, verbose_name='badge')),
                ('happened_at', models.DateTimeField(verbose_name='when')),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('video_sha256', models.CharField(blank=True, default='', max_length=64, verbose_name='hash of the film')),
                ('nonce', models.CharField(max_length=64)),
                ('audit_event_id', models.UUIDField()),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='archives.roomdevice')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='roomdevice',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('tenant', 'name'), name='archives_roomdevice_name'),
        ),
        migrations.AddIndex(
            model_name='roomevent',
            index=models.Index(fields=['tenant', '-happened_at', '-id'], name='archives_roomevent_when'),
        ),
        migrations.AddConstraint(
            model_name='roomevent',
            constraint=models.UniqueConstraint(fields=('tenant', 'device', 'nonce'), name='archives_roomevent_nonce'),
        ),
        migrations.AddConstraint(
            model_name='roomevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['opened', 'closed', 'denied', 'forced', 'held_open'])), name='archives_roomevent_kind'),
        ),
        append_only("archives_roomevent"),
        kept_rows("archives_roomdevice"),
    ]
