"""Destruction: the list stays as it was approved, by different people, for the days of cooling-off, and for ever."""
import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only

LIST = """
CREATE FUNCTION compliance_destruction_list(lender uuid, batch uuid) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public AS $$
    SELECT encode(sha256(convert_to(coalesce(string_agg(i.digest, ',' ORDER BY i.place), ''), 'UTF8')), 'hex')
    FROM compliance_destructionitem i WHERE i.tenant_id = lender AND i.batch_id = batch AND i.state <> 'dropped'
$$
"""
BATCH = """
CREATE FUNCTION compliance_destructionbatch_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a destruction is never forgotten' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.tenant_id, NEW.id, NEW.number, NEW.proposed_by_id, NEW.opinion, NEW.policy_version, NEW.cooling_days,
        NEW.created_at) IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.number, OLD.proposed_by_id, OLD.opinion,
        OLD.policy_version, OLD.cooling_days, OLD.created_at)
        OR (NEW.list_digest <> OLD.list_digest AND NEW.state <> 'proposed') THEN
        RAISE EXCEPTION 'what was proposed stands' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'cooling' AND OLD.state <> 'cooling' THEN
        IF OLD.state <> 'archivist_reviewed' OR NEW.list_digest <> compliance_destruction_list(OLD.tenant_id, OLD.id)
            OR (SELECT count(*) FILTER (WHERE v.part = 'business') < 1 OR count(*) FILTER (WHERE v.part = 'archive') < 1
                OR count(*) FILTER (WHERE v.part = 'approver') < 2 OR bool_or(NOT v.agrees)
                FROM compliance_destructionvoice v
                WHERE v.tenant_id = OLD.tenant_id AND v.batch_id = OLD.id AND v.list_digest = NEW.list_digest) THEN
            RAISE EXCEPTION 'not everybody has approved this list' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.approved_at := now();
        NEW.cooling_until := now() + make_interval(days => OLD.cooling_days);
    ELSIF NEW.state = 'proposed' THEN
        NEW.approved_at := NULL;
        NEW.cooling_until := NULL;
    ELSIF (NEW.approved_at, NEW.cooling_until) IS DISTINCT FROM (OLD.approved_at, OLD.cooling_until) THEN
        RAISE EXCEPTION 'nobody shortens the cooling-off' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'executing' AND OLD.state <> 'executing' AND (OLD.state <> 'cooling' OR OLD.cooling_until > now()
            OR OLD.list_digest <> compliance_destruction_list(OLD.tenant_id, OLD.id)) THEN
        RAISE EXCEPTION 'this destruction may not begin' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
ITEM = """
CREATE FUNCTION compliance_destructionitem_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
DECLARE
    batch_state text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a list of destruction is kept for ever' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT b.state INTO batch_state FROM compliance_destructionbatch b
        WHERE b.tenant_id = NEW.tenant_id AND b.id = NEW.batch_id;
    IF TG_OP = 'INSERT' THEN
        IF batch_state <> 'proposed' OR NEW.state <> 'listed' THEN
            RAISE EXCEPTION 'this list is closed' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.tenant_id, NEW.id, NEW.batch_id, NEW.place, NEW.unit, NEW.object_id, NEW.records, NEW.digest)
        IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.batch_id, OLD.place, OLD.unit, OLD.object_id, OLD.records,
        OLD.digest)
        OR (OLD.state IN ('dropped', 'spared', 'verified') AND NEW.state <> OLD.state)
        OR (OLD.state = 'destroyed' AND NEW.state NOT IN ('destroyed', 'verified')) THEN
        RAISE EXCEPTION 'what was listed stands' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state IN ('destroyed', 'spared') AND OLD.state = 'listed' AND batch_state <> 'executing' THEN
        RAISE EXCEPTION 'this destruction has not begun' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
VOICE = """
CREATE FUNCTION compliance_destructionvoice_may() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM compliance_destructionbatch b
            WHERE b.tenant_id = NEW.tenant_id AND b.id = NEW.batch_id AND b.proposed_by_id <> NEW.member_id
                AND b.list_digest = NEW.list_digest AND ((NEW.part = 'business' AND b.state = 'proposed')
                OR (NEW.part = 'archive' AND b.state = 'business_reviewed')
                OR (NEW.part = 'approver' AND b.state IN ('archivist_reviewed', 'cooling'))))
        OR (NEW.part = 'approver' AND EXISTS (
            SELECT 1 FROM core_roleassignment a JOIN core_role r ON r.tenant_id = a.tenant_id AND r.id = a.role_id
            WHERE a.tenant_id = NEW.tenant_id AND a.membership_id = NEW.member_id AND r.key = 'admin'
                AND (a.valid_until IS NULL OR a.valid_until >= current_date))) THEN
        RAISE EXCEPTION 'this person does not speak about this list' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0006_legal_holds'),
        ('core', '0017_sealing'),
    ]

    operations = [
        migrations.CreateModel(
            name='DestructionBatch',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='number')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('business_reviewed', 'Reviewed by the business'), ('archivist_reviewed', 'Reviewed by the archive'), ('cooling', 'Cooling off'), ('executing', 'Being destroyed'), ('executed', 'Destroyed, not verified'), ('verified', 'Destroyed and verified'), ('refused', 'Refused')], default='proposed', max_length=18, verbose_name='state')),
                ('opinion', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='opinion of the appraisal')),
                ('policy_version', models.IntegerField(verbose_name='version of the policy')),
                ('cooling_days', models.SmallIntegerField(verbose_name='days of cooling-off')),
                ('list_digest', models.CharField(max_length=64, verbose_name='hash of the list')),
                ('approved_at', models.DateTimeField(null=True)),
                ('cooling_until', models.DateTimeField(null=True)),
                ('executed_at', models.DateTimeField(null=True)),
                ('verified_at', models.DateTimeField(null=True)),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='DestructionItem',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('place', models.IntegerField(verbose_name='place')),
                ('unit', models.CharField(max_length=5, verbose_name='unit')),
                ('object_id', models.UUIDField()),
                ('records', models.JSONField(verbose_name='records')),
                ('digest', models.CharField(max_length=64, verbose_name='hash')),
                ('state', models.CharField(choices=[('listed', 'Listed'), ('dropped', 'Taken off the list'), ('spared', 'Kept back'), ('destroyed', 'Destroyed'), ('verified', 'Verified')], default='listed', max_length=9, verbose_name='state')),
                ('spared', models.CharField(blank=True, choices=[('held', 'A legal hold is in force'), ('early', 'Its time is not over'), ('', 'None')], default='', max_length=5, verbose_name='kept back because')),
                ('files', models.IntegerField(default=0, verbose_name='files')),
                ('destroyed_at', models.DateTimeField(null=True)),
                ('verified_at', models.DateTimeField(null=True)),
                ('audit_event_id', models.UUIDField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='compliance.destructionbatch')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='DestructionVoice',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('part', models.CharField(choices=[('business', 'Review by the business'), ('archive', 'Review by the archive'), ('approver', 'Approval')], max_length=8, verbose_name='part')),
                ('list_digest', models.CharField(max_length=64, verbose_name='hash of the list')),
                ('agrees', models.BooleanField(verbose_name='agrees')),
                ('reason', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='reason')),
                ('said_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='compliance.destructionbatch')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='destructionbatch',
            index=models.Index(fields=['tenant', 'state'], name='compliance_batch_state'),
        ),
        migrations.AddConstraint(
            model_name='destructionbatch',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='compliance_destructionbatch_number'),
        ),
        migrations.AddConstraint(
            model_name='destructionbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'business_reviewed', 'archivist_reviewed', 'cooling', 'executing', 'executed', 'verified', 'refused'])), name='compliance_destructionbatch_state'),
        ),
        migrations.AddConstraint(
            model_name='destructionbatch',
            constraint=models.CheckConstraint(condition=models.Q(('cooling_days__gte', 7), ('cooling_days__lte', 14)), name='compliance_destructionbatch_cooling'),
        ),
        migrations.AddConstraint(
            model_name='destructionitem',
            constraint=models.UniqueConstraint(fields=('tenant', 'batch', 'place'), name='compliance_destructionitem_place'),
        ),
        migrations.AddConstraint(
            model_name='destructionitem',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'listed')), fields=('tenant', 'unit', 'object_id'), name='compliance_destructionitem_once'),
        ),
        migrations.AddConstraint(
            model_name='destructionitem',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['listed', 'dropped', 'spared', 'destroyed', 'verified'])), name='compliance_destructionitem_state'),
        ),
        migrations.AddConstraint(
            model_name='destructionitem',
            constraint=models.CheckConstraint(condition=models.Q(('spared__in', ['held', 'early', ''])), name='compliance_destructionitem_spared'),
        ),
        migrations.AddConstraint(
            model_name='destructionitem',
            constraint=models.CheckConstraint(condition=models.Q(('unit__in', ['loan', 'party'])), name='compliance_destructionitem_unit'),
        ),
        migrations.AddConstraint(
            model_name='destructionvoice',
            constraint=models.UniqueConstraint(fields=('tenant', 'batch', 'list_digest', 'member'), name='compliance_destructionvoice_once'),
        ),
        migrations.AddConstraint(
            model_name='destructionvoice',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['business', 'archive', 'approver'])), name='compliance_destructionvoice_part'),
        ),
        append_only("compliance_destructionvoice"),
        migrations.RunSQL(
            [
                LIST,
                BATCH,
                "CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON compliance_destructionbatch"
                " FOR EACH ROW EXECUTE FUNCTION compliance_destructionbatch_stands()",
                ITEM,
                "CREATE TRIGGER stands BEFORE INSERT OR UPDATE OR DELETE ON compliance_destructionitem"
                " FOR EACH ROW EXECUTE FUNCTION compliance_destructionitem_stands()",
                VOICE,
                "CREATE TRIGGER may BEFORE INSERT ON compliance_destructionvoice"
                " FOR EACH ROW EXECUTE FUNCTION compliance_destructionvoice_may()",
            ],
            [
                "DROP TRIGGER may ON compliance_destructionvoice",
                "DROP FUNCTION compliance_destructionvoice_may()",
                "DROP TRIGGER stands ON compliance_destructionitem",
                "DROP FUNCTION compliance_destructionitem_stands()",
                "DROP TRIGGER stands ON compliance_destructionbatch",
                "DROP FUNCTION compliance_destructionbatch_stands()",
                "DROP FUNCTION compliance_destruction_list(uuid, uuid)",
            ],
        ),
    ]
