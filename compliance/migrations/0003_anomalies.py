"""What stood out in the trail, and the rules that ask about it: rules are facts, and nothing that was found goes away."""

import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import REFUSE, append_only


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0002_witnesses_and_days'),
        ('core', '0019_ways_through_the_trail'),
    ]

    operations = [
        migrations.CreateModel(
            name='Anomaly',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('mass_viewing', 'Mass viewing'), ('night_access', 'Access at night or on days off'), ('many_reveals', 'Many reveals'), ('scraping', 'Scraping'), ('large_exports', 'Exports out of the usual')], max_length=20)),
                ('rule_version', models.PositiveIntegerField()),
                ('limits', models.JSONField()),
                ('actor_kind', models.CharField(max_length=8)),
                ('actor_id', models.UUIDField()),
                ('day', models.DateField()),
                ('numbers', models.JSONField()),
                ('events', models.JSONField()),
                ('found_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'To be answered'), ('closed', 'Answered')], default='open', max_length=8)),
                ('reason_code', models.CharField(blank=True, choices=[('business', 'The work asked for it'), ('agreed', 'Agreed beforehand'), ('rule', 'The rule asks too soon'), ('handed_on', 'Handed on to whoever decides'), ('measures', 'Measures were taken')], default='', max_length=12)),
                ('reason', carloan.core.sealed.SealedText(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('audit_event_id', models.UUIDField()),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'state', '-id'], name='compliance_anomaly_state_at')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'kind', 'actor_id', 'day'), name='compliance_anomaly_once'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed'])), name='compliance_anomaly_state')],
            },
        ),
        migrations.CreateModel(
            name='AnomalyRule',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('mass_viewing', 'Mass viewing'), ('night_access', 'Access at night or on days off'), ('many_reveals', 'Many reveals'), ('scraping', 'Scraping'), ('large_exports', 'Exports out of the usual')], max_length=20)),
                ('version', models.PositiveIntegerField()),
                ('numbers', models.JSONField()),
                ('set_at', models.DateTimeField()),
                ('audit_event_id', models.UUIDField()),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'kind', 'version'), name='compliance_anomalyrule_version')],
            },
        ),
        append_only("compliance_anomalyrule"),
        migrations.RunSQL(
            [
                REFUSE.format(name="compliance_anomaly_refuse"),
                *(
                    f"CREATE TRIGGER refuse_{how.lower()} BEFORE {how} ON compliance_anomaly"
                    f" FOR EACH {each} EXECUTE FUNCTION compliance_anomaly_refuse()"
                    for how, each in (("DELETE", "ROW"), ("TRUNCATE", "STATEMENT"))
                ),
            ],
            [
                "DROP TRIGGER refuse_delete ON compliance_anomaly",
                "DROP TRIGGER refuse_truncate ON compliance_anomaly",
                "DROP FUNCTION compliance_anomaly_refuse()",
            ],
        ),
    ]
