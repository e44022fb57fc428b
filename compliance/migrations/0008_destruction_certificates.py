"""Certificates: what is certified has a certificate, papers go before two witnesses, and administrators approve nothing."""
import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only

ENDS = """
CREATE FUNCTION compliance_destructionbatch_ends() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
DECLARE
    certified boolean;
BEGIN
    certified := EXISTS (SELECT 1 FROM compliance_destructioncertificate c
        WHERE c.tenant_id = OLD.tenant_id AND c.batch_id = OLD.id);
    IF (certified AND NEW.state NOT IN ('verified', 'certified', 'notarised'))
        OR (NOT certified AND NEW.state IN ('certified', 'notarised')) THEN
        RAISE EXCEPTION 'a certificate is the end of a destruction' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'notarised' AND NOT EXISTS (SELECT 1 FROM compliance_destructionnotary n
            WHERE n.tenant_id = OLD.tenant_id AND n.batch_id = OLD.id AND n.notarised_on IS NOT NULL) THEN
        RAISE EXCEPTION 'no notary has spoken' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.originals <> OLD.originals AND (OLD.originals OR certified OR OLD.state = 'refused') THEN
        RAISE EXCEPTION 'paper originals are declared once and for all' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
# The batch is locked first: what is recorded of papers and the certificate never pass each other.
CERTIFICATE = """
CREATE FUNCTION compliance_destructioncertificate_may() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
DECLARE
    batch compliance_destructionbatch%ROWTYPE;
BEGIN
    SELECT * INTO batch FROM compliance_destructionbatch b
        WHERE b.tenant_id = NEW.tenant_id AND b.id = NEW.batch_id FOR UPDATE;
    IF batch.state <> 'verified' OR (batch.originals AND EXISTS (SELECT 1 FROM compliance_destructionitem i
            WHERE i.tenant_id = NEW.tenant_id AND i.batch_id = NEW.batch_id AND i.state = 'verified')
        AND (SELECT count(*) FROM compliance_shreddingwitness w
            WHERE w.tenant_id = NEW.tenant_id AND w.batch_id = NEW.batch_id
                AND w.digest = compliance_shredding_last(NEW.tenant_id, NEW.batch_id)) < 2) THEN
        RAISE EXCEPTION 'this destruction cannot be certified yet' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
LAST = """
CREATE FUNCTION compliance_shredding_last(lender uuid, batch uuid) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public AS $$
    SELECT s.digest FROM compliance_destructionshredding s
    WHERE s.tenant_id = lender AND s.batch_id = batch ORDER BY s.version DESC LIMIT 1
$$
"""
SHREDDING = """
CREATE FUNCTION compliance_destructionshredding_may() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM 1 FROM compliance_destructionbatch b WHERE b.tenant_id = NEW.tenant_id AND b.id = NEW.batch_id
        AND b.originals AND b.state IN ('executing', 'executed', 'verified') FOR UPDATE;
    IF NOT FOUND OR EXISTS (SELECT 1 FROM compliance_destructionshredding s WHERE s.tenant_id = NEW.tenant_id
            AND s.batch_id = NEW.batch_id AND s.version >= NEW.version) THEN
        RAISE EXCEPTION 'no papers of this destruction are shredded now' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
WITNESS = """
CREATE FUNCTION compliance_shreddingwitness_may() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM 1 FROM compliance_destructionbatch b WHERE b.tenant_id = NEW.tenant_id AND b.id = NEW.batch_id
        AND b.state IN ('executing', 'executed', 'verified') AND b.proposed_by_id <> NEW.member_id FOR UPDATE;
    IF NOT FOUND OR NEW.digest IS DISTINCT FROM compliance_shredding_last(NEW.tenant_id, NEW.batch_id)
        OR EXISTS (SELECT 1 FROM compliance_destructionshredding s WHERE s.tenant_id = NEW.tenant_id
            AND s.batch_id = NEW.batch_id AND s.digest = NEW.digest AND s.recorded_by_id = NEW.member_id) THEN
        RAISE EXCEPTION 'this person does not witness this shredding' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
NOTARY = """
CREATE FUNCTION compliance_destructionnotary_may() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM 1 FROM compliance_destructionbatch b WHERE b.tenant_id = NEW.tenant_id AND b.id = NEW.batch_id
        AND (b.state = 'certified' OR (NEW.notarised_on IS NULL AND b.state IN ('executing', 'executed', 'verified')))
        FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is nothing to be notarised' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
# As migration 0007 had it, but for {administers}: what makes an administrator.
VOICE = """
CREATE OR REPLACE FUNCTION compliance_destructionvoice_may() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM compliance_destructionbatch b
            WHERE b.tenant_id = NEW.tenant_id AND b.id = NEW.batch_id AND b.proposed_by_id <> NEW.member_id
                AND b.list_digest = NEW.list_digest AND ((NEW.part = 'business' AND b.state = 'proposed')
                OR (NEW.part = 'archive' AND b.state = 'business_reviewed')
                OR (NEW.part = 'approver' AND b.state IN ('archivist_reviewed', 'cooling'))))
        OR (NEW.part = 'approver' AND EXISTS (
            SELECT 1 FROM core_roleassignment a JOIN core_role r ON r.tenant_id = a.tenant_id AND r.id = a.role_id
            WHERE a.tenant_id = NEW.tenant_id AND a.membership_id = NEW.member_id AND {administers}
                AND (a.valid_until IS NULL OR a.valid_until >= current_date))) THEN
        RAISE EXCEPTION 'this person does not speak about this list' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
BY_KEY = "r.key = 'admin'"
BY_RIGHTS = """(r.key = 'admin' OR EXISTS (SELECT 1 FROM core_rolecapability c WHERE c.tenant_id = r.tenant_id
                AND c.role_id = r.id AND c.capability IN ('people.manage', 'roles.manage')))"""


def of_batch(name, fields, constraints):
    """A table of what belongs to one batch."""
    return migrations.CreateModel(
        name=name,
        fields=[
            ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
            ('audit_event_id', models.UUIDField()),
            *fields,
            ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='compliance.destructionbatch')),
            ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
        ],
        options={
            'abstract': False,
            'base_manager_name': 'objects',
        },
    ), *(migrations.AddConstraint(model_name=name.lower(), constraint=constraint) for constraint in constraints)


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0007_destruction'),
        ('core', '0017_sealing'),
    ]

    operations = [
        migrations.AddField(
            model_name='destructionbatch',
            name='originals',
            field=models.BooleanField(default=False, verbose_name='paper originals'),
        ),
        migrations.AlterField(
            model_name='destructionbatch',
            name='state',
            field=models.CharField(choices=[('proposed', 'Proposed'), ('business_reviewed', 'Reviewed by the business'), ('archivist_reviewed', 'Reviewed by the archive'), ('cooling', 'Cooling off'), ('executing', 'Being destroyed'), ('executed', 'Destroyed, not verified'), ('verified', 'Destroyed and verified'), ('certified', 'Certified'), ('notarised', 'Notarised'), ('refused', 'Refused')], default='proposed', max_length=18, verbose_name='state'),
        ),
        migrations.RemoveConstraint(model_name='destructionbatch', name='compliance_destructionbatch_state'),
        migrations.AddConstraint(
            model_name='destructionbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'business_reviewed', 'archivist_reviewed', 'cooling', 'executing', 'executed', 'verified', 'certified', 'notarised', 'refused'])), name='compliance_destructionbatch_state'),
        ),
        *of_batch(
            'DestructionShredding',
            [
                ('version', models.IntegerField(verbose_name='version')),
                ('method', models.CharField(choices=[('shredded', 'Shredded'), ('pulped', 'Pulped'), ('burnt', 'Burnt')], max_length=8, verbose_name='method')),
                ('company', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='destroying company')),
                ('site', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='place of the destruction')),
                ('began_at', models.DateTimeField(verbose_name='began at')),
                ('ended_at', models.DateTimeField(verbose_name='ended at')),
                ('counts', models.JSONField(verbose_name='boxes and papers')),
                ('film', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='segments of the film')),
                ('no_film', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='why there is no film')),
                ('digest', models.CharField(max_length=64, verbose_name='hash')),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
            ],
            [
                models.UniqueConstraint(fields=('tenant', 'batch', 'version'), name='compliance_destructionshredding_once'),
                models.CheckConstraint(condition=models.Q(('method__in', ['shredded', 'pulped', 'burnt'])), name='compliance_destructionshredding_method'),
                models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='compliance_destructionshredding_time'),
            ],
        ),
        *of_batch(
            'ShreddingWitness',
            [
                ('digest', models.CharField(max_length=64, verbose_name='hash')),
                ('said_at', models.DateTimeField(auto_now_add=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
            ],
            [models.UniqueConstraint(fields=('tenant', 'batch', 'digest', 'member'), name='compliance_shreddingwitness_once')],
        ),
        *of_batch(
            'DestructionCertificate',
            [
                ('body', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='certificate')),
                ('pdf', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='PDF')),
                ('digest', models.CharField(max_length=64, verbose_name='hash')),
                ('pdf_digest', models.CharField(max_length=64, verbose_name='hash of the PDF')),
                ('root', models.CharField(max_length=64, verbose_name='root of the list')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
            ],
            [models.UniqueConstraint(fields=('tenant', 'batch'), name='compliance_destructioncertificate_once')],
        ),
        *of_batch(
            'DestructionNotary',
            [
                ('number', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='number of the notarial deed')),
                ('office', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='notary office')),
                ('notarised_on', models.DateField(null=True, verbose_name='notarised on')),
                ('reason', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='why there is no notary')),
                ('said_at', models.DateTimeField(auto_now_add=True)),
                ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
            ],
            [
                models.UniqueConstraint(condition=models.Q(('notarised_on__isnull', False)), fields=('tenant', 'batch'), name='compliance_destructionnotary_once'),
                models.UniqueConstraint(condition=models.Q(('notarised_on', None)), fields=('tenant', 'batch'), name='compliance_destructionnotary_none_once'),
                models.CheckConstraint(condition=models.Q(models.Q(('notarised_on', None), ('number', None), ('office', None), ('reason__isnull', False)), models.Q(('notarised_on__isnull', False), ('number__isnull', False), ('office__isnull', False), ('reason', None)), _connector='OR'), name='compliance_destructionnotary_either'),
            ],
        ),
        *(
            append_only(f"compliance_{table}")
            for table in ("destructionshredding", "shreddingwitness", "destructioncertificate", "destructionnotary")
        ),
        migrations.RunSQL(
            [
                LAST,
                ENDS,
                "CREATE TRIGGER ends BEFORE UPDATE ON compliance_destructionbatch"
                " FOR EACH ROW EXECUTE FUNCTION compliance_destructionbatch_ends()",
                *(
                    statement
                    for table, function in (
                        ("destructioncertificate", CERTIFICATE),
                        ("destructionshredding", SHREDDING),
                        ("shreddingwitness", WITNESS),
                        ("destructionnotary", NOTARY),
                    )
                    for statement in (
                        function,
                        f"CREATE TRIGGER may BEFORE INSERT ON compliance_{table}"
                        f" FOR EACH ROW EXECUTE FUNCTION compliance_{table}_may()",
                    )
                ),
                VOICE.format(administers=BY_RIGHTS),
            ],
            [
                VOICE.format(administers=BY_KEY),
                *(
                    statement
                    for table in (
                        "destructionnotary",
                        "shreddingwitness",
                        "destructionshredding",
                        "destructioncertificate",
                    )
                    for statement in (
                        f"DROP TRIGGER may ON compliance_{table}",
                        f"DROP FUNCTION compliance_{table}_may()",
                    )
                ),
                "DROP TRIGGER ends ON compliance_destructionbatch",
                "DROP FUNCTION compliance_destructionbatch_ends()",
                "DROP FUNCTION compliance_shredding_last(uuid, uuid)",
            ],
        ),
    ]
