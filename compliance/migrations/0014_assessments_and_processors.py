"""Impact assessments, fixed once signed and kept for their years; entrusted processors and who looked after them."""
import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only

STANDS = """
CREATE FUNCTION compliance_impactassessment_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a signed assessment is fixed: a change is a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    IF current_date <= OLD.keep_until THEN
        RAISE EXCEPTION 'a signed assessment is kept until %', OLD.keep_until USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0013_person_rights'),
        ('core', '0023_single_sign_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='EntrustedProcessor',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='number')),
                ('name', models.CharField(max_length=120, verbose_name='processor')),
                ('contract', models.CharField(max_length=60, verbose_name='contract number')),
                ('purpose', models.TextField(verbose_name='purpose')),
                ('manner', models.TextField(verbose_name='manner of processing')),
                ('kinds', models.TextField(verbose_name='kinds of data')),
                ('measures', models.TextField(verbose_name='protective measures')),
                ('duties', models.TextField(verbose_name='rights and duties of both')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='until')),
                ('state', models.CharField(choices=[('active', 'Runs'), ('ended', 'Ended, return or deletion not confirmed'), ('closed', 'Ended, data returned or deleted')], default='active', max_length=6, verbose_name='state')),
                ('ended_on', models.DateField(null=True, verbose_name='ended on')),
                ('fate', models.CharField(blank=True, choices=[('', 'Not confirmed'), ('returned', 'Given back'), ('deleted', 'Deleted'), ('both', 'Given back and deleted')], default='', max_length=8, verbose_name='data after the end')),
                ('evidence', models.CharField(blank=True, max_length=200, verbose_name='confirmation')),
                ('closed_on', models.DateField(null=True, verbose_name='confirmed on')),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ImpactAssessment',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='number')),
                ('version', models.SmallIntegerField(default=1, verbose_name='version')),
                ('title', models.CharField(max_length=120, verbose_name='processing')),
                ('occasion', models.CharField(choices=[('sensitive', 'Sensitive personal data'), ('automated', 'Automated decisions'), ('entrusted', 'Entrusting a processor'), ('provided', 'Giving or publishing personal data'), ('abroad', 'Data abroad'), ('other', 'Other processing with great effect on persons')], max_length=9, verbose_name='occasion')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('waiting', 'Waits for the second person'), ('signed', 'Signed')], default='draft', max_length=7, verbose_name='state')),
                ('activity', models.TextField(blank=True, verbose_name='what is done with the data, and how')),
                ('kinds', models.TextField(blank=True, verbose_name='kinds of data and of persons')),
                ('lawfulness', models.TextField(blank=True, verbose_name='whether purpose and manner are lawful, legitimate and necessary')),
                ('impact', models.TextField(blank=True, verbose_name='effect on persons, and risks')),
                ('measures', models.TextField(blank=True, verbose_name='protective measures: lawful, effective and fit for the risk')),
                ('conclusion', models.TextField(blank=True, verbose_name='conclusion')),
                ('risk', models.CharField(blank=True, choices=[('', 'Not said yet'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], default='', max_length=6, verbose_name='risk that remains')),
                ('signed_on', models.DateField(null=True, verbose_name='signed on')),
                ('keep_until', models.DateField(null=True, verbose_name='kept until at least')),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Supervision',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('looked_on', models.DateField(verbose_name='looked on')),
                ('finding', models.CharField(choices=[('good', 'As agreed'), ('faults', 'Faults to be mended'), ('grave', 'Grave breach')], max_length=6, verbose_name='finding')),
                ('words', models.TextField(verbose_name='what was found and done')),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('processor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervisions', to='compliance.entrustedprocessor')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='entrustedprocessor',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='compliance_processor_number'),
        ),
        migrations.AddConstraint(
            model_name='entrustedprocessor',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'ended', 'closed'])), name='compliance_processor_state'),
        ),
        migrations.AddConstraint(
            model_name='entrustedprocessor',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='compliance_processor_term'),
        ),
        migrations.AddConstraint(
            model_name='entrustedprocessor',
            constraint=models.CheckConstraint(condition=models.Q(('fate__in', ['', 'returned', 'deleted', 'both'])), name='compliance_processor_fate'),
        ),
        migrations.AddConstraint(
            model_name='entrustedprocessor',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(models.Q(('fate', ''), _negated=True), models.Q(('evidence', ''), _negated=True)), _connector='OR'), name='compliance_processor_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='impactassessment',
            constraint=models.UniqueConstraint(fields=('tenant', 'number', 'version'), name='compliance_assessment_version'),
        ),
        migrations.AddConstraint(
            model_name='impactassessment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'waiting', 'signed'])), name='compliance_assessment_state'),
        ),
        migrations.AddConstraint(
            model_name='impactassessment',
            constraint=models.CheckConstraint(condition=models.Q(('occasion__in', ['sensitive', 'automated', 'entrusted', 'provided', 'abroad', 'other'])), name='compliance_assessment_occasion'),
        ),
        migrations.AddConstraint(
            model_name='impactassessment',
            constraint=models.CheckConstraint(condition=models.Q(('risk__in', ['', 'low', 'medium', 'high'])), name='compliance_assessment_risk'),
        ),
        migrations.AddConstraint(
            model_name='impactassessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'signed'), _negated=True), models.Q(('keep_until__isnull', False), ('signed_by__isnull', False), ('signed_on__isnull', False)), _connector='OR'), name='compliance_assessment_signed'),
        ),
        migrations.AddConstraint(
            model_name='impactassessment',
            constraint=models.CheckConstraint(condition=models.Q(('signed_by', None), models.Q(('signed_by', models.F('made_by')), _negated=True), _connector='OR'), name='compliance_assessment_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='supervision',
            constraint=models.CheckConstraint(condition=models.Q(('finding__in', ['good', 'faults', 'grave'])), name='compliance_supervision_finding'),
        ),
        append_only("compliance_supervision"),
        migrations.RunSQL(
            [
                STANDS,
                "CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON compliance_impactassessment FOR EACH ROW"
                " WHEN (OLD.state = 'signed') EXECUTE FUNCTION compliance_impactassessment_stands()",
            ],
            [
                "DROP TRIGGER stands ON compliance_impactassessment",
                "DROP FUNCTION compliance_impactassessment_stands()",
            ],
        ),
    ]
