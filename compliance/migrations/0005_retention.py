"""Retention: versions of the policy that nobody changes once they are published, and where each record stands."""
import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only

# By these rules records were destroyed: what was published is evidence.
POLICY = """
CREATE FUNCTION compliance_retentionpolicy_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF OLD.state = 'published' THEN
        RAISE EXCEPTION 'a published policy of retention stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
RULE = """
CREATE FUNCTION compliance_retentionrule_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM compliance_retentionpolicy p WHERE p.state = 'published' AND (
        (TG_OP <> 'INSERT' AND p.tenant_id = OLD.tenant_id AND p.id = OLD.policy_id)
        OR (TG_OP <> 'DELETE' AND p.tenant_id = NEW.tenant_id AND p.id = NEW.policy_id))) THEN
        RAISE EXCEPTION 'a published policy of retention stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0004_masking'),
        ('core', '0017_sealing'),
    ]

    operations = [
        migrations.CreateModel(
            name='RetentionPolicy',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.IntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published')], default='draft', max_length=9, verbose_name='state')),
                ('effective_on', models.DateField(verbose_name='effective on')),
                ('cooling_days', models.SmallIntegerField(default=7, verbose_name='days of cooling-off')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='reason for this version')),
                ('published_at', models.DateTimeField(null=True)),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='RetentionRecord',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'record_class', 'object_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('record_class', models.CharField(max_length=30, verbose_name='record class')),
                ('object_id', models.UUIDField()),
                ('trigger', models.CharField(blank=True, max_length=20, verbose_name='trigger')),
                ('since', models.DateField(null=True, verbose_name='since')),
                ('lawful_since', models.DateField(null=True)),
                ('phase', models.CharField(choices=[('living', 'In use'), ('active', 'Active'), ('archive', 'Archived'), ('sealed', 'Sealed apart'), ('due', 'To be appraised'), ('destroyed', 'Destroyed')], max_length=9, verbose_name='phase')),
                ('next_on', models.DateField(null=True, verbose_name='next phase on')),
                ('keep_until', models.DateField(null=True, verbose_name='kept until')),
                ('policy_version', models.IntegerField(verbose_name='version of the policy')),
                ('sweep_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('record_class', models.CharField(max_length=30, verbose_name='record class')),
                ('trigger', models.CharField(max_length=20, verbose_name='trigger')),
                ('active_years', models.SmallIntegerField(verbose_name='active until year')),
                ('archive_years', models.SmallIntegerField(verbose_name='archived until year')),
                ('total_years', models.SmallIntegerField(verbose_name='kept until year')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='basis')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='reviewed on')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='compliance.retentionpolicy')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='RetentionSweep',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('record_class', models.CharField(max_length=30)),
                ('policy_version', models.IntegerField()),
                ('changed', models.BigIntegerField()),
                ('stopped', models.BigIntegerField()),
                ('swept_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='retentionpolicy',
            constraint=models.UniqueConstraint(fields=('tenant', 'version'), name='compliance_retentionpolicy_version'),
        ),
        migrations.AddConstraint(
            model_name='retentionpolicy',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('tenant',), name='compliance_retentionpolicy_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='retentionpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published'])), name='compliance_retentionpolicy_state'),
        ),
        migrations.AddConstraint(
            model_name='retentionpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('cooling_days__gte', 7), ('cooling_days__lte', 14)), name='compliance_retentionpolicy_cooling'),
        ),
        migrations.AddIndex(
            model_name='retentionrecord',
            index=models.Index(condition=models.Q(('phase', 'due')), fields=['tenant', 'record_class', 'keep_until', 'object_id'], name='compliance_record_due'),
        ),
        migrations.AddConstraint(
            model_name='retentionrecord',
            constraint=models.CheckConstraint(condition=models.Q(('phase__in', ['living', 'active', 'archive', 'sealed', 'due', 'destroyed'])), name='compliance_retentionrecord_phase'),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.UniqueConstraint(fields=('tenant', 'policy', 'record_class', 'trigger'), name='compliance_retentionrule_once'),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(('active_years__gte', 0), ('archive_years__gte', models.F('active_years')), ('total_years__gte', models.F('archive_years')), ('total_years__lte', 100)), name='compliance_retentionrule_years'),
        ),
        migrations.RunSQL(
            [
                POLICY,
                "CREATE TRIGGER published_stands BEFORE UPDATE OR DELETE ON compliance_retentionpolicy"
                " FOR EACH ROW EXECUTE FUNCTION compliance_retentionpolicy_stands()",
                RULE,
                "CREATE TRIGGER published_stands BEFORE INSERT OR UPDATE OR DELETE ON compliance_retentionrule"
                " FOR EACH ROW EXECUTE FUNCTION compliance_retentionrule_stands()",
            ],
            [
                "DROP TRIGGER published_stands ON compliance_retentionrule",
                "DROP FUNCTION compliance_retentionrule_stands()",
                "DROP TRIGGER published_stands ON compliance_retentionpolicy",
                "DROP FUNCTION compliance_retentionpolicy_stands()",
            ],
        ),
        append_only("compliance_retentionsweep"),
    ]
