"""Paper originals: places, custody, requests, hand-over lists. The database keeps who changes an original and how."""

import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only, kept_rows


STEPS = (
    ("expected", "received"),
    ("expected", "voided"),
    ("received", "shelved"),
    ("received", "lent"),
    ("shelved", "lent"),
    ("lent", "received"),
    ("received", "in_transit"),
    ("shelved", "in_transit"),
    ("in_transit", "received"),
    ("received", "missing"),
    ("shelved", "missing"),
    ("lent", "missing"),
    ("in_transit", "missing"),
    ("missing", "received"),
    ("received", "released"),
    ("shelved", "released"),
    ("shelved", "shredded"),
    ("received", "shredded"),
)
FACTS = (
    "archives_custody", "archives_storagemove", "archives_handoveritem", "archives_handoversignature",
    "archives_custodyreminder",
)  # fmt: skip
KEPT = (
    "archives_original", "archives_storageplace", "archives_custodydetail", "archives_custodyrequest",
    "archives_handoverlist",
)  # fmt: skip
_PAIRS = ", ".join(f"('{source}', '{target}')" for source, target in STEPS)
# No `guard_moves`: it holds where a row begins, and a restore of the archive inserts originals as they stood.
FUNCTIONS = [
    f"""
    CREATE FUNCTION archives_original_step(source text, target text) RETURNS boolean LANGUAGE sql IMMUTABLE
    PARALLEL SAFE AS $$ SELECT (source, target) IN ({_PAIRS}) $$
    """,
    """
    CREATE FUNCTION archives_original_hand() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public AS $$
    BEGIN
        IF (NEW.number, NEW.loan_id, NEW.kind, NEW.sheets) IS DISTINCT FROM
                (OLD.number, OLD.loan_id, OLD.kind, OLD.sheets)
                OR (OLD.paper_id IS NOT NULL AND NEW.paper_id IS DISTINCT FROM OLD.paper_id) THEN
            RAISE EXCEPTION 'what original % is does not change', OLD.number
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'archives_original_fixed';
        END IF;
        IF (NEW.state, NEW.place_id, NEW.holder_id, NEW.due_on, NEW.seal_no, NEW.hands) IS NOT DISTINCT FROM
                (OLD.state, OLD.place_id, OLD.holder_id, OLD.due_on, OLD.seal_no, OLD.hands) THEN
            RETURN NEW;
        END IF;
        IF NEW.state <> OLD.state AND NOT archives_original_step(OLD.state, NEW.state) THEN
            RAISE EXCEPTION 'archives_original takes no step from % to %', OLD.state, NEW.state
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'archives_original_step';
        END IF;
        IF NEW.hands <> OLD.hands + 1 OR NOT EXISTS (
                SELECT 1 FROM archives_custody c
                WHERE c.tenant_id = NEW.tenant_id AND c.original_id = NEW.id AND c.number = NEW.hands
                    AND c.to_place_id IS NOT DISTINCT FROM NEW.place_id
                    AND c.to_holder_id IS NOT DISTINCT FROM NEW.holder_id
                    AND c.due_on IS NOT DISTINCT FROM NEW.due_on) THEN
            RAISE EXCEPTION 'original % changes by a hand of its chain only', OLD.number
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'archives_original_hand';
        END IF;
        IF (NEW.state = 'shelved') <> (NEW.place_id IS NOT NULL) OR (NEW.state = 'lent') <> (NEW.due_on IS NOT NULL)
                OR (NEW.state = 'lent' AND NEW.holder_id IS NULL) THEN
            RAISE EXCEPTION 'original % cannot be there while it is %', OLD.number, NEW.state
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'archives_original_where';
        END IF;
        IF NEW.state <> OLD.state AND NEW.state IN ('released', 'shredded') AND (
                loans_loan_held(NEW.tenant_id, NEW.loan_id)
                OR coalesce(compliance_held(NEW.tenant_id, 'paper', NEW.paper_id), false)) THEN
            RAISE EXCEPTION 'a legal hold keeps original %', OLD.number
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'legal_hold', TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER by_a_hand BEFORE UPDATE ON archives_original FOR EACH ROW EXECUTE FUNCTION archives_original_hand()
    """,
    """
    CREATE FUNCTION archives_custodydetail_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (NEW.words IS NOT NULL AND NEW.words IS DISTINCT FROM OLD.words)
                OR (NEW.photo IS NOT NULL AND NEW.photo IS DISTINCT FROM OLD.photo)
                OR to_jsonb(NEW) - 'words' - 'photo' <> to_jsonb(OLD) - 'words' - 'photo' THEN
            RAISE EXCEPTION 'what was said at a hand is emptied, never changed'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'archives_custodydetail_emptied';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER emptied BEFORE UPDATE ON archives_custodydetail FOR EACH ROW
    EXECUTE FUNCTION archives_custodydetail_emptied()
    """,
]
BACK = [
    "DROP TRIGGER emptied ON archives_custodydetail",
    "DROP FUNCTION archives_custodydetail_emptied()",
    "DROP TRIGGER by_a_hand ON archives_original",
    "DROP FUNCTION archives_original_hand()",
    "DROP FUNCTION archives_original_step(text, text)",
]


class Migration(migrations.Migration):

    dependencies = [
        ('archives', '0018_page_marks'),
        ('core', '0029_given_sign_in'),
        ('loans', '0018_held_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='HandoverList',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='number')),
                ('purpose', models.CharField(max_length=20, verbose_name='purpose')),
                ('state', models.CharField(choices=[('drawn', 'Drawn up'), ('given', 'Handed over, not confirmed'), ('taken', 'Confirmed by both'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='drawn', max_length=9, verbose_name='state')),
                ('digest', models.CharField(max_length=64, verbose_name='hash of the list')),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership', verbose_name='given by')),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership', verbose_name='taken by')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='HandoverSignature',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('part', models.CharField(choices=[('giver', 'Given by'), ('taker', 'Taken by')], max_length=5, verbose_name='part')),
                ('digest', models.CharField(max_length=64, verbose_name='hash of the list')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('handover', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='archives.handoverlist')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Original',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='number')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('sheets', models.PositiveSmallIntegerField(default=1, verbose_name='sheets')),
                ('state', models.CharField(choices=[('expected', 'Expected'), ('received', 'Received, to shelve'), ('shelved', 'In its place'), ('lent', 'Lent'), ('in_transit', 'On its way'), ('missing', 'Missing'), ('released', 'Given to its owner'), ('shredded', 'Shredded'), ('voided', 'Entered by mistake')], default='expected', max_length=10, verbose_name='state')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due back on')),
                ('seal_no', models.CharField(blank=True, default='', max_length=40, verbose_name='seal number')),
                ('hands', models.IntegerField(default=1)),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='originals', to='loans.loan', verbose_name='loan')),
                ('paper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='originals', to='archives.paper')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='HandoverItem',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.IntegerField(verbose_name='place')),
                ('sheets', models.PositiveSmallIntegerField(verbose_name='sheets')),
                ('seal_no', models.CharField(blank=True, default='', max_length=40, verbose_name='seal number')),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('handover', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='archives.handoverlist')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.original')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CustodyRequest',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('audit_event_id', models.UUIDField()),
                ('kind', models.CharField(choices=[('borrow', 'Borrow'), ('extend', 'Keep longer'), ('loss', 'Report as lost'), ('release', 'Give to its owner')], max_length=7, verbose_name='kind')),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('granted', 'Granted'), ('used', 'Carried out'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='asked', max_length=9, verbose_name='state')),
                ('purpose', models.CharField(blank=True, default='', max_length=20, verbose_name='purpose')),
                ('words', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='in words')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('revision', models.IntegerField(default=1)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.original')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CustodyReminder',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('step', models.CharField(choices=[('soon', 'Due soon'), ('late', 'Overdue'), ('escalated', 'Overdue, told to those in charge')], max_length=9, verbose_name='step')),
                ('due_on', models.DateField(verbose_name='due back on')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.original')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='StoragePlace',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='number')),
                ('level', models.CharField(choices=[('warehouse', 'Warehouse'), ('shelf', 'Shelf'), ('box', 'Box'), ('bag', 'Bag')], max_length=9, verbose_name='kind of place')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('capacity', models.PositiveIntegerField(blank=True, null=True, verbose_name='capacity')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.branch', verbose_name='branch')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='archives.storageplace')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='StorageMove',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='archives.storageplace')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.storageplace')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.storageplace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='original',
            name='place',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='originals', to='archives.storageplace'),
        ),
        migrations.CreateModel(
            name='Custody',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('audit_event_id', models.UUIDField()),
                ('number', models.IntegerField()),
                ('act', models.CharField(choices=[('expect', 'Registered'), ('receive', 'Received'), ('shelve', 'Put into its place'), ('lend', 'Lent'), ('extend', 'Kept longer'), ('give_back', 'Given back'), ('send', 'Sent on its way'), ('arrive', 'Arrived'), ('turn_back', 'Turned back on its way'), ('seal', 'Sealed anew'), ('lose', 'Called missing'), ('find', 'Found again'), ('release', 'Given to its owner'), ('shred', 'Shredded'), ('void', 'Entry called a mistake')], max_length=9, verbose_name='act')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('purpose', models.CharField(blank=True, default='', max_length=20, verbose_name='purpose')),
                ('due_on', models.DateField(null=True, verbose_name='due back on')),
                ('seal_no', models.CharField(blank=True, default='', max_length=40, verbose_name='seal number')),
                ('photo_sha256', models.CharField(blank=True, default='', max_length=64, verbose_name='hash of the picture')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('from_holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('to_holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.custodyrequest')),
                ('handover', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.handoverlist')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.original')),
                ('from_place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.storageplace')),
                ('to_place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archives.storageplace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CustodyDetail',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('words', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='in words')),
                ('media', models.CharField(blank=True, default='', max_length=40, verbose_name='file type')),
                ('photo', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='picture')),
                ('audit_event_id', models.UUIDField()),
                ('custody', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='details', to='archives.custody')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'custody'), name='archives_custodydetail_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='handoverlist',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='archives_handoverlist_number'),
        ),
        migrations.AddConstraint(
            model_name='handoverlist',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['drawn', 'given', 'taken', 'refused', 'withdrawn'])), name='archives_handoverlist_state'),
        ),
        migrations.AddConstraint(
            model_name='handoverlist',
            constraint=models.CheckConstraint(condition=models.Q(('giver', models.F('taker')), _negated=True), name='archives_handoverlist_two'),
        ),
        migrations.AddConstraint(
            model_name='handoversignature',
            constraint=models.UniqueConstraint(fields=('tenant', 'handover', 'part'), name='archives_handoversignature_part'),
        ),
        migrations.AddConstraint(
            model_name='handoversignature',
            constraint=models.UniqueConstraint(fields=('tenant', 'handover', 'member'), name='archives_handoversignature_member'),
        ),
        migrations.AddConstraint(
            model_name='handoversignature',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['giver', 'taker'])), name='archives_handoversignature_known'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.UniqueConstraint(fields=('tenant', 'handover', 'position'), name='archives_handoveritem_position'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.UniqueConstraint(fields=('tenant', 'handover', 'original'), name='archives_handoveritem_once'),
        ),
        migrations.AddConstraint(
            model_name='custodyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['borrow', 'extend', 'loss', 'release'])), name='archives_custodyrequest_kind'),
        ),
        migrations.AddConstraint(
            model_name='custodyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'granted', 'used', 'refused', 'withdrawn'])), name='archives_custodyrequest_state'),
        ),
        migrations.AddConstraint(
            model_name='custodyrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'granted'])), fields=('tenant', 'original', 'kind'), name='archives_custodyrequest_once'),
        ),
        migrations.AddConstraint(
            model_name='custodyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='archives_custodyrequest_two'),
        ),
        migrations.AddConstraint(
            model_name='custodyreminder',
            constraint=models.UniqueConstraint(fields=('tenant', 'original', 'holder', 'due_on', 'step'), name='archives_custodyreminder_once'),
        ),
        migrations.AddConstraint(
            model_name='custodyreminder',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['soon', 'late', 'escalated'])), name='archives_custodyreminder_step'),
        ),
        migrations.AddIndex(
            model_name='storageplace',
            index=models.Index(fields=['tenant', 'parent'], name='archives_place_parent'),
        ),
        migrations.AddConstraint(
            model_name='storageplace',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='archives_storageplace_number'),
        ),
        migrations.AddConstraint(
            model_name='storageplace',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('tenant', 'branch', 'parent', 'name'), name='archives_storageplace_name', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='storageplace',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['warehouse', 'shelf', 'box', 'bag'])), name='archives_storageplace_level'),
        ),
        migrations.AddConstraint(
            model_name='storageplace',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('level', 'warehouse'), ('parent', None)), models.Q(models.Q(('level', 'warehouse'), _negated=True), ('parent__isnull', False)), _connector='OR'), name='archives_storageplace_root'),
        ),
        migrations.AddIndex(
            model_name='original',
            index=models.Index(fields=['tenant', 'state', 'due_on', 'id'], name='archives_original_desk'),
        ),
        migrations.AddIndex(
            model_name='original',
            index=models.Index(fields=['tenant', 'loan'], name='archives_original_loan'),
        ),
        migrations.AddIndex(
            model_name='original',
            index=models.Index(fields=['tenant', 'place'], name='archives_original_place_ix'),
        ),
        migrations.AddConstraint(
            model_name='original',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='archives_original_number'),
        ),
        migrations.AddConstraint(
            model_name='original',
            constraint=models.UniqueConstraint(condition=models.Q(('paper__isnull', False), models.Q(('state', 'voided'), _negated=True)), fields=('tenant', 'paper'), name='archives_original_once_a_paper'),
        ),
        migrations.AddConstraint(
            model_name='original',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['expected', 'received', 'shelved', 'lent', 'in_transit', 'missing', 'released', 'shredded', 'voided'])), name='archives_original_state'),
        ),
        migrations.AddConstraint(
            model_name='custody',
            constraint=models.UniqueConstraint(fields=('tenant', 'original', 'number'), name='archives_custody_number'),
        ),
        migrations.AddConstraint(
            model_name='custody',
            constraint=models.CheckConstraint(condition=models.Q(('act__in', ['expect', 'receive', 'shelve', 'lend', 'extend', 'give_back', 'send', 'arrive', 'turn_back', 'seal', 'lose', 'find', 'release', 'shred', 'void'])), name='archives_custody_act'),
        ),
        migrations.AddConstraint(
            model_name='custody',
            constraint=models.CheckConstraint(condition=models.Q(('second', None), ('by', None), models.Q(('second', models.F('by')), _negated=True), _connector='OR'), name='archives_custody_two'),
        ),
        migrations.RunSQL(FUNCTIONS, BACK),
        *(append_only(table) for table in FACTS),
        *(kept_rows(table) for table in KEPT),
    ]
