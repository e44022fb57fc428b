"""Quarterly backups of the archive: what passed its restore test is told as it was found, for good."""
import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

STANDS = """
CREATE FUNCTION compliance_archivebackup_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.ended_at IS NOT NULL
        AND (to_jsonb(NEW) - ARRAY['removed_at', 'audit_event_id'])
            IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['removed_at', 'audit_event_id']))
        OR OLD.removed_at IS NOT NULL THEN
        RAISE EXCEPTION 'what a backup was found to be stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0009_sealed_openings'),
        ('core', '0023_single_sign_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArchiveBackup',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('quarter', models.CharField(max_length=6, verbose_name='quarter')),
                ('state', models.CharField(choices=[('writing', 'Being written'), ('checking', 'Restore test'), ('passed', 'Passed'), ('failed', 'Failed')], default='writing', max_length=8, verbose_name='state')),
                ('policy_version', models.IntegerField(verbose_name='version of the policy')),
                ('units', models.BigIntegerField(default=0, verbose_name='units')),
                ('items', models.BigIntegerField(default=0, verbose_name='items')),
                ('size', models.BigIntegerField(default=0, verbose_name='size')),
                ('gone', models.BigIntegerField(default=0, verbose_name='destroyed meanwhile')),
                ('missing', models.BigIntegerField(default=0, verbose_name='missing files')),
                ('checked', models.BigIntegerField(default=0, verbose_name='checked')),
                ('opened', models.BigIntegerField(default=0, verbose_name='opened')),
                ('faults', models.BigIntegerField(default=0, verbose_name='faults')),
                ('root', models.CharField(blank=True, max_length=64, verbose_name='root')),
                ('manifest_digest', models.CharField(blank=True, max_length=64)),
                ('begun_at', models.DateTimeField(auto_now_add=True, verbose_name='begun')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('expires_on', models.DateField(verbose_name='kept until')),
                ('removed_at', models.DateTimeField(null=True, verbose_name='removed')),
                ('audit_event_id', models.UUIDField()),
                ('begun_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.job')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ArchiveSegment',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('place', models.IntegerField()),
                ('last_unit', models.CharField(max_length=20)),
                ('last_id', models.UUIDField()),
                ('units', models.IntegerField()),
                ('items', models.IntegerField()),
                ('gone', models.IntegerField()),
                ('missing', models.IntegerField()),
                ('size', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('root', models.CharField(max_length=64)),
                ('checked_at', models.DateTimeField(null=True)),
                ('opened', models.IntegerField(default=0)),
                ('faults', models.IntegerField(default=0)),
                ('backup', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='segments', to='compliance.archivebackup')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='archivebackup',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'failed'), _negated=True), fields=('tenant', 'quarter'), name='compliance_archivebackup_once'),
        ),
        migrations.AddConstraint(
            model_name='archivebackup',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['writing', 'checking', 'passed', 'failed'])), name='compliance_archivebackup_state'),
        ),
        migrations.AddConstraint(
            model_name='archivesegment',
            constraint=models.UniqueConstraint(fields=('tenant', 'backup', 'place'), name='compliance_archivesegment_place'),
        ),
        migrations.RunSQL(
            [
                STANDS,
                "CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON compliance_archivebackup"
                " FOR EACH ROW EXECUTE FUNCTION compliance_archivebackup_stands()",
            ],
            [
                "DROP TRIGGER stands ON compliance_archivebackup",
                "DROP FUNCTION compliance_archivebackup_stands()",
            ],
        ),
    ]
