"""Legal holds: what is held is asked in the database itself, and two voices release."""
import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only

# Whoever is about to change a thing asks this first: it waits for a hold that is being placed, and a hold that is
# placed afterwards waits for the end of the transaction. Volatile, so that each look is a fresh one.
HELD = """
CREATE FUNCTION compliance_held(lender uuid, what text, thing uuid) RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(lender::text || what || thing::text, 6));
    RETURN EXISTS (
        SELECT 1 FROM compliance_holdtarget t
        JOIN compliance_legalhold h ON h.tenant_id = t.tenant_id AND h.id = t.hold_id
        WHERE t.tenant_id = lender AND t.kind = what AND t.target_id = thing AND h.state = 'active');
END $$
"""
FIRST = """
CREATE FUNCTION compliance_holdtarget_first() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.tenant_id::text || NEW.kind || NEW.target_id::text, 6));
    IF NOT EXISTS (SELECT 1 FROM compliance_legalhold h
            WHERE h.tenant_id = NEW.tenant_id AND h.id = NEW.hold_id AND h.state = 'active') THEN
        RAISE EXCEPTION 'a released hold holds nothing more' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
STANDS = """
CREATE FUNCTION compliance_legalhold_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'released'
        OR (NEW.tenant_id, NEW.id, NEW.number, NEW.kind, NEW.name, NEW.reason, NEW.placed_by_id, NEW.placer_may_release,
            NEW.placed_at) IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.number, OLD.kind, OLD.name, OLD.reason,
            OLD.placed_by_id, OLD.placer_may_release, OLD.placed_at) THEN
        RAISE EXCEPTION 'a hold is released, and nothing else of it changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'released' AND (SELECT count(DISTINCT r.member_id) FROM compliance_holdrelease r
            WHERE r.tenant_id = OLD.tenant_id AND r.hold_id = OLD.id
                AND (OLD.placer_may_release OR r.member_id <> OLD.placed_by_id)) < 2 THEN
        RAISE EXCEPTION 'a hold is released by two people' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
VOICE = """
CREATE FUNCTION compliance_holdrelease_voice() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM compliance_legalhold h WHERE h.tenant_id = NEW.tenant_id AND h.id = NEW.hold_id
            AND h.state = 'active' AND (h.placer_may_release OR h.placed_by_id <> NEW.member_id)) THEN
        RAISE EXCEPTION 'this person does not release this hold' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0005_retention'),
        ('core', '0017_sealing'),
    ]

    operations = [
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='number')),
                ('kind', models.CharField(choices=[('litigation', 'Litigation'), ('audit', 'Audit'), ('aml', 'AML inquiry'), ('complaint', 'Complaint'), ('regulator', 'Regulator')], max_length=10, verbose_name='kind')),
                ('state', models.CharField(choices=[('active', 'In force'), ('released', 'Released')], default='active', max_length=8, verbose_name='state')),
                ('name', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='name of the matter')),
                ('reason', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='reason')),
                ('placer_may_release', models.BooleanField()),
                ('placed_at', models.DateTimeField(auto_now_add=True)),
                ('released_at', models.DateTimeField(null=True)),
                ('revision', models.IntegerField(default=1)),
                ('audit_event_id', models.UUIDField()),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='HoldTarget',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('loan', 'Loan'), ('party', 'Person'), ('paper', 'Paper')], max_length=5, verbose_name='kind')),
                ('target_id', models.UUIDField()),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='compliance.legalhold')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='HoldRelease',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='reason')),
                ('said_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='compliance.legalhold')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='compliance_legalhold_number'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['litigation', 'audit', 'aml', 'complaint', 'regulator'])), name='compliance_legalhold_kind'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'released'])), name='compliance_legalhold_state'),
        ),
        migrations.AddIndex(
            model_name='holdtarget',
            index=models.Index(fields=['tenant', 'kind', 'target_id'], name='compliance_holdtarget_held'),
        ),
        migrations.AddConstraint(
            model_name='holdtarget',
            constraint=models.UniqueConstraint(fields=('tenant', 'hold', 'kind', 'target_id'), name='compliance_holdtarget_once'),
        ),
        migrations.AddConstraint(
            model_name='holdtarget',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['loan', 'party', 'paper'])), name='compliance_holdtarget_kind'),
        ),
        migrations.AddConstraint(
            model_name='holdrelease',
            constraint=models.UniqueConstraint(fields=('tenant', 'hold', 'member'), name='compliance_holdrelease_once'),
        ),
        append_only("compliance_holdtarget"),
        append_only("compliance_holdrelease"),
        migrations.RunSQL(
            [
                HELD,
                FIRST,
                "CREATE TRIGGER first BEFORE INSERT ON compliance_holdtarget"
                " FOR EACH ROW EXECUTE FUNCTION compliance_holdtarget_first()",
                STANDS,
                "CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON compliance_legalhold"
                " FOR EACH ROW EXECUTE FUNCTION compliance_legalhold_stands()",
                VOICE,
                "CREATE TRIGGER voice BEFORE INSERT ON compliance_holdrelease"
                " FOR EACH ROW EXECUTE FUNCTION compliance_holdrelease_voice()",
            ],
            [
                "DROP TRIGGER voice ON compliance_holdrelease",
                "DROP FUNCTION compliance_holdrelease_voice()",
                "DROP TRIGGER stands ON compliance_legalhold",
                "DROP FUNCTION compliance_legalhold_stands()",
                "DROP TRIGGER first ON compliance_holdtarget",
                "DROP FUNCTION compliance_holdtarget_first()",
                "DROP FUNCTION compliance_held(uuid, text, uuid)",
            ],
        ),
    ]
