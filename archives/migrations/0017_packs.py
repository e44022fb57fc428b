"""Template packs in versions, what papers stand for in a dossier's checklist, waivers, and stages that are closed."""
import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import guard_moves, kept_rows


# Dossiers stand on published versions: what was asked for can always be told.
VERSION = """
CREATE FUNCTION archives_packversion_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
DECLARE
    moves text[] := ARRAY['state', 'retired_at', 'revision', 'audit_event_id'];
BEGIN
    IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR to_jsonb(OLD) - moves <> to_jsonb(NEW) - moves) THEN
        RAISE EXCEPTION 'a published template pack stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
ITEM = """
CREATE FUNCTION archives_packitem_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM archives_packversion v WHERE v.state <> 'draft' AND (
        (TG_OP <> 'INSERT' AND v.tenant_id = OLD.tenant_id AND v.id = OLD.version_id)
        OR (TG_OP <> 'DELETE' AND v.tenant_id = NEW.tenant_id AND v.id = NEW.version_id))) THEN
        RAISE EXCEPTION 'a published template pack stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
# What is filed in a closed stage is not moved, replaced or taken out. Keys are wrapped anew and files of destroyed loans
# removed all the same.
SEAL = """
CREATE FUNCTION archives_keep_closed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
DECLARE
    paper uuid := CASE TG_TABLE_NAME WHEN 'archives_paper' THEN OLD.id ELSE (to_jsonb(OLD) ->> 'paper_id')::uuid END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM archives_papertick t JOIN archives_stageclosing c
            ON c.tenant_id = t.tenant_id AND c.dossier_id = t.dossier_id AND c.stage = t.stage AND c.state <> 'reopened'
        JOIN archives_paper p ON p.tenant_id = t.tenant_id AND p.id = t.paper_id AND p.state = 'filed'
        WHERE t.tenant_id = OLD.tenant_id AND t.paper_id = paper
            AND (TG_TABLE_NAME = 'archives_paper' OR t.id = OLD.id)
    ) THEN
        RAISE EXCEPTION 'a closed stage keeps paper %', paper
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stage_closed', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
CHANGED = (
    "NEW.loan_id IS DISTINCT FROM OLD.loan_id OR NEW.dossier_id IS DISTINCT FROM OLD.dossier_id"
    " OR NEW.sha256 <> OLD.sha256 OR NEW.size <> OLD.size"
    " OR (OLD.state = 'filed' AND (NEW.state <> OLD.state OR NEW.kind <> OLD.kind))"
)
TRIGGERS = (
    ("archives_packversion", "published_stands", "BEFORE UPDATE OR DELETE", "", "archives_packversion_stands"),
    ("archives_packitem", "published_stands", "BEFORE INSERT OR UPDATE OR DELETE", "", "archives_packitem_stands"),
    ("archives_paper", "closed_update", "BEFORE UPDATE", f"WHEN ({CHANGED})", "archives_keep_closed"),
    ("archives_paper", "closed_delete", "BEFORE DELETE", "", "archives_keep_closed"),
    ("archives_papertick", "closed_stands", "BEFORE UPDATE OR DELETE", "", "archives_keep_closed"),
)


class Migration(migrations.Migration):

    dependencies = [
        ('archives', '0016_index_versions_of_segments'),
        ('core', '0029_given_sign_in'),
        ('loans', '0018_held_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='TemplatePack',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(blank=True, max_length=30)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='name in English')),
                ('products', models.JSONField(default=list, verbose_name='products')),
                ('party', models.CharField(blank=True, max_length=12, verbose_name='borrower')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PackVersion',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('retired', 'Retired')], default='draft', max_length=9, verbose_name='state')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='reason for this version')),
                ('published_at', models.DateTimeField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='archives.templatepack')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PackItem',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.SmallIntegerField()),
                ('key', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=60, verbose_name='paper')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='paper in English')),
                ('stage', models.CharField(max_length=11, verbose_name='stage')),
                ('kinds', models.JSONField(default=list, verbose_name='recognised as')),
                ('of', models.CharField(default='loan', max_length=11, verbose_name='of whom')),
                ('required', models.BooleanField(default=True, verbose_name='required')),
                ('condition', models.JSONField(default=list, verbose_name='asked for where')),
                ('count', models.SmallIntegerField(default=1, verbose_name='how many')),
                ('expires', models.CharField(blank=True, max_length=7, verbose_name='expires')),
                ('months', models.SmallIntegerField(blank=True, null=True, verbose_name='valid for months')),
                ('confidentiality', models.CharField(default='internal', max_length=12, verbose_name='confidentiality')),
                ('urgent', models.BooleanField(default=False, verbose_name='urgent: personal data')),
                ('important', models.BooleanField(default=False, verbose_name='important: title to the car')),
                ('original', models.BooleanField(default=False, verbose_name='the original is kept')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='archives.packversion')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='dossier',
            name='blocking',
            field=models.SmallIntegerField(db_default=0, default=0, verbose_name='papers that keep the stage open'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='done',
            field=models.SmallIntegerField(db_default=0, default=0, verbose_name='papers done'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='expires_on',
            field=models.DateField(blank=True, null=True, verbose_name='next paper expires'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='percent',
            field=models.SmallIntegerField(blank=True, null=True, verbose_name='complete'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='required',
            field=models.SmallIntegerField(db_default=0, default=0, verbose_name='papers asked for'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='pack_version',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='archives.packversion'),
        ),
        migrations.CreateModel(
            name='PaperTick',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('item_key', models.CharField(max_length=40)),
                ('stage', models.CharField(max_length=11)),
                ('valid_until', models.DateField(null=True)),
                ('audit_event_id', models.UUIDField()),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ticks', to='archives.dossier')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ticks', to='archives.paper')),
                ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.party')),
                ('placed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('item_key', models.CharField(max_length=40)),
                ('state', models.CharField(choices=[('asked', 'Asked for'), ('approved', 'Approved'), ('refused', 'Refused')], default='asked', max_length=8, verbose_name='state')),
                ('reason', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='reason')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('answer', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='answer')),
                ('revision', models.IntegerField(default=1)),
                ('audit_event_id', models.UUIDField()),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='archives.dossier')),
                ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.party')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='StageClosing',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('stage', models.CharField(max_length=11, verbose_name='stage')),
                ('state', models.CharField(choices=[('closed', 'Closed'), ('asked', 'Closed; reopening asked for'), ('reopened', 'Reopened')], default='closed', max_length=8, verbose_name='state')),
                ('papers', models.IntegerField(verbose_name='papers')),
                ('digest', models.CharField(max_length=64)),
                ('closed_at', models.DateTimeField(auto_now_add=True)),
                ('reason', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='reason for reopening')),
                ('asked_at', models.DateTimeField(null=True)),
                ('reopened_at', models.DateTimeField(null=True)),
                ('revision', models.IntegerField(default=1)),
                ('audit_event_id', models.UUIDField()),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='archives.dossier')),
                ('reopened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(fields=['tenant', 'percent', 'id'], name='archives_dossier_percent'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(fields=['tenant', 'expires_on', 'id'], name='archives_dossier_expires'),
        ),
        migrations.AddConstraint(
            model_name='packitem',
            constraint=models.UniqueConstraint(fields=('tenant', 'version', 'key'), name='archives_packitem_key'),
        ),
        migrations.AddConstraint(
            model_name='packitem',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['application', 'approval', 'disbursal', 'servicing', 'settled'])), name='archives_packitem_stage'),
        ),
        migrations.AddConstraint(
            model_name='packitem',
            constraint=models.CheckConstraint(condition=models.Q(('of__in', ['loan', 'borrower', 'co_borrower', 'guarantor', 'owner'])), name='archives_packitem_of'),
        ),
        migrations.AddConstraint(
            model_name='packitem',
            constraint=models.CheckConstraint(condition=models.Q(('count__gte', 1), ('count__lte', 20)), name='archives_packitem_count'),
        ),
        migrations.AddConstraint(
            model_name='packitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('expires__in', ['', 'printed']), ('months', None)), models.Q(('expires__in', ['issued', 'filed']), ('months__gte', 1), ('months__lte', 120)), _connector='OR'), name='archives_packitem_expires'),
        ),
        migrations.AddConstraint(
            model_name='packitem',
            constraint=models.CheckConstraint(condition=models.Q(('confidentiality__in', ['basic', 'internal', 'confidential'])), name='archives_packitem_confidentiality'),
        ),
        migrations.AddIndex(
            model_name='papertick',
            index=models.Index(fields=['tenant', 'dossier', 'item_key'], name='archives_papertick_item'),
        ),
        migrations.AddConstraint(
            model_name='papertick',
            constraint=models.UniqueConstraint(fields=('tenant', 'paper', 'item_key', 'party'), name='archives_papertick_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='stageclosing',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'reopened'), _negated=True), fields=('tenant', 'dossier', 'stage'), name='archives_stageclosing_once'),
        ),
        migrations.AddConstraint(
            model_name='stageclosing',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['application', 'approval', 'disbursal', 'servicing', 'settled'])), name='archives_stageclosing_stage'),
        ),
        migrations.AddConstraint(
            model_name='stageclosing',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['closed', 'asked', 'reopened'])), name='archives_stageclosing_state'),
        ),
        migrations.AddConstraint(
            model_name='stageclosing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'reopened'), _negated=True), models.Q(('asked_by__isnull', False), ('reopened_by__isnull', False), models.Q(('asked_by', models.F('reopened_by')), _negated=True)), _connector='OR'), name='archives_stageclosing_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='templatepack',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('tenant', 'code'), name='archives_templatepack_code'),
        ),
        migrations.AddConstraint(
            model_name='templatepack',
            constraint=models.CheckConstraint(condition=models.Q(('party__in', ['', 'person', 'organisation'])), name='archives_templatepack_party'),
        ),
        migrations.AddConstraint(
            model_name='packversion',
            constraint=models.UniqueConstraint(fields=('tenant', 'pack', 'number'), name='archives_packversion_number'),
        ),
        migrations.AddConstraint(
            model_name='packversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('tenant', 'pack'), name='archives_packversion_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='packversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('tenant', 'pack'), name='archives_packversion_one_live'),
        ),
        migrations.AddConstraint(
            model_name='packversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published', 'retired'])), name='archives_packversion_state'),
        ),
        migrations.AddIndex(
            model_name='waiver',
            index=models.Index(fields=['tenant', 'dossier', 'item_key'], name='archives_waiver_item'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'approved', 'refused'])), name='archives_waiver_state'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by', None), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='archives_waiver_decided'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('asked_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='archives_waiver_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('tenant', 'dossier', 'item_key', 'party'), name='archives_waiver_asked_once', nulls_distinct=False),
        ),
        guard_moves("archives_packversion", "draft", [("draft", "published"), ("published", "retired")]),
        guard_moves("archives_waiver", "asked", [("asked", "approved"), ("asked", "refused")]),
        guard_moves(
            "archives_stageclosing", "closed", [("closed", "asked"), ("asked", "reopened"), ("asked", "closed")]
        ),
        kept_rows("archives_waiver"),
        kept_rows("archives_stageclosing"),
        migrations.RunSQL(
            [
                VERSION,
                ITEM,
                SEAL,
                *(
                    f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION {function}()"
                    for table, name, event, when, function in TRIGGERS
                ),
            ],
            [
                *(f"DROP TRIGGER {name} ON {table}" for table, name, *_ in TRIGGERS),
                "DROP FUNCTION archives_keep_closed()",
                "DROP FUNCTION archives_packitem_stands()",
                "DROP FUNCTION archives_packversion_stands()",
            ],
        ),
    ]
