"""Quarterly reviews of access; a signed one is never changed, the owner included."""

import carloan.core.ids
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models


FIXED = """
CREATE FUNCTION core_accessreview_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NOT NULL OR TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a signed review does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
# Runs with the rights of whoever writes, behind the fence: the review is the lender's own.
ITEMS_FIXED = """
CREATE FUNCTION core_reviewitem_fixed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' OR EXISTS (
        SELECT 1 FROM core_accessreview review
        WHERE review.tenant_id = NEW.tenant_id AND review.id = NEW.review_id AND review.signed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a signed review does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0021_delegations'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessReview',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('quarter', models.CharField(max_length=6)),
                ('due_on', models.DateField()),
                ('opened_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('audit_event_id', models.UUIDField()),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ReviewItem',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.UUIDField()),
                ('whose', models.CharField(max_length=120)),
                ('what', models.CharField(max_length=200)),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('mark', models.CharField(max_length=64)),
                ('unchanged', models.BooleanField(default=False)),
                ('decision', models.CharField(blank=True, choices=[('keep', 'Kept'), ('take', 'Taken away')], max_length=4)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('audit_event_id', models.UUIDField()),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='core.accessreview')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='accessreview',
            constraint=models.UniqueConstraint(fields=('tenant', 'quarter'), name='core_accessreview_quarter'),
        ),
        migrations.AddConstraint(
            model_name='accessreview',
            constraint=models.CheckConstraint(condition=models.Q(('quarter__regex', '^[0-9]{4}Q[1-4]$')), name='core_accessreview_quarter_form'),
        ),
        migrations.AddConstraint(
            model_name='accessreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('digest', ''), ('signed_at', None), ('signed_by', None)), models.Q(('digest__regex', '^[0-9a-f]{64}$'), ('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='core_accessreview_signed'),
        ),
        migrations.AddConstraint(
            model_name='reviewitem',
            constraint=models.UniqueConstraint(fields=('tenant', 'review', 'kind', 'object_id'), name='core_reviewitem_once'),
        ),
        migrations.AddConstraint(
            model_name='reviewitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('decision__in', ['keep', 'take'])), _connector='OR'), name='core_reviewitem_decided'),
        ),
        migrations.AddConstraint(
            model_name='reviewitem',
            constraint=models.CheckConstraint(condition=models.Q(('member', None), ('decided_by', None), models.Q(('member', models.F('decided_by')), _negated=True), _connector='OR'), name='core_reviewitem_not_own'),
        ),
        migrations.RunSQL(
            [
                FIXED,
                ITEMS_FIXED,
                "CREATE TRIGGER fixed BEFORE UPDATE OR DELETE ON core_accessreview"
                " FOR EACH ROW EXECUTE FUNCTION core_accessreview_fixed()",
                "CREATE TRIGGER fixed BEFORE INSERT OR UPDATE OR DELETE ON core_reviewitem"
                " FOR EACH ROW EXECUTE FUNCTION core_reviewitem_fixed()",
            ],
            [
                "DROP TRIGGER fixed ON core_reviewitem",
                "DROP TRIGGER fixed ON core_accessreview",
                "DROP FUNCTION core_reviewitem_fixed()",
                "DROP FUNCTION core_accessreview_fixed()",
            ],
        ),
    ]
