"""Identity providers of lenders, and who their subjects are."""

import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0022_access_reviews'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignOn',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('issuer', models.CharField(max_length=255, verbose_name='issuer')),
                ('client_id', models.CharField(max_length=200, verbose_name='client id')),
                ('client_secret', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='client secret')),
                ('is_active', models.BooleanField(default=False)),
                ('passwords_closed', models.BooleanField(default=False)),
                ('audit_event_id', models.UUIDField()),
                ('break_glass', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant',), name='core_signon_one'), models.CheckConstraint(condition=models.Q(('passwords_closed', False), models.Q(('break_glass__isnull', False), ('is_active', True)), _connector='OR'), name='core_signon_break_glass')],
            },
        ),
        migrations.CreateModel(
            name='SignOnLink',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('issuer', models.CharField(max_length=255)),
                ('subject', models.CharField(max_length=255)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_on_links', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'issuer', 'subject'), name='core_signonlink_subject'), models.UniqueConstraint(fields=('tenant', 'issuer', 'membership'), name='core_signonlink_member')],
            },
        ),
    ]
