"""Keys that a legal hold needs: not destroyed here by anybody until two people have released the hold."""
import carloan.core.ids
import carloan.core.tenancy
from django.db import migrations, models

DESTROY = """
CREATE FUNCTION keystore_subjectkey_held() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM keystore_heldkey h
            WHERE h.tenant_id = OLD.tenant_id AND h.subject_id = OLD.id AND h.second_voice IS NULL) THEN
        RAISE EXCEPTION 'a legal hold needs the key of % %', OLD.kind, OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'legal_hold', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
STANDS = """
CREATE FUNCTION keystore_heldkey_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.second_voice IS NOT NULL
        OR (NEW.id, NEW.tenant_id, NEW.hold_id, NEW.subject_id, NEW.placed_by, NEW.placer_may_release)
            IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.hold_id, OLD.subject_id, OLD.placed_by, OLD.placer_may_release)
    THEN
        RAISE EXCEPTION 'a held key is let go by two people, and nothing else of it changes'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('keystore', '0004_destroyed_mark'),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldKey',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('tenant_id', models.UUIDField(default=carloan.core.tenancy.current_tenant_id, editable=False)),
                ('hold_id', models.UUIDField()),
                ('subject_id', models.UUIDField()),
                ('placed_by', models.UUIDField()),
                ('placer_may_release', models.BooleanField()),
                ('first_voice', models.UUIDField(null=True)),
                ('second_voice', models.UUIDField(null=True)),
            ],
            options={
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant_id', 'subject_id'], name='keystore_heldkey_subject')],
                'constraints': [models.UniqueConstraint(fields=('tenant_id', 'hold_id', 'subject_id'), name='keystore_heldkey_once'), models.CheckConstraint(condition=models.Q(models.Q(('first_voice__isnull', True), ('second_voice__isnull', True)), models.Q(('first_voice__isnull', False), ('second_voice__isnull', False), models.Q(('first_voice', models.F('second_voice')), _negated=True), models.Q(('placer_may_release', True), models.Q(('first_voice', models.F('placed_by')), ('second_voice', models.F('placed_by')), _connector='OR', _negated=True), _connector='OR')), _connector='OR'), name='keystore_heldkey_two_voices')],
            },
        ),
        migrations.RunSQL(
            [
                DESTROY,
                "CREATE TRIGGER held_delete BEFORE DELETE ON keystore_subjectkey"
                " FOR EACH ROW EXECUTE FUNCTION keystore_subjectkey_held()",
                "CREATE TRIGGER held_update BEFORE UPDATE ON keystore_subjectkey FOR EACH ROW WHEN ("
                " NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.tenant_id <> OLD.tenant_id"
                " OR NEW.destroyed_at IS DISTINCT FROM OLD.destroyed_at OR octet_length(NEW.wrapped) = 0)"
                " EXECUTE FUNCTION keystore_subjectkey_held()",
                STANDS,
                "CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON keystore_heldkey"
                " FOR EACH ROW EXECUTE FUNCTION keystore_heldkey_stands()",
            ],
            [
                "DROP TRIGGER stands ON keystore_heldkey",
                "DROP FUNCTION keystore_heldkey_stands()",
                "DROP TRIGGER held_update ON keystore_subjectkey",
                "DROP TRIGGER held_delete ON keystore_subjectkey",
                "DROP FUNCTION keystore_subjectkey_held()",
            ],
        ),
    ]
