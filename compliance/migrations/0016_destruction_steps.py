"""Destructions take the steps of their machine alone, each with what it rests on, whoever writes."""
from django.db import migrations

from carloan.core.migration_operations import guard_moves

_BEFORE = ("proposed", "business_reviewed", "archivist_reviewed", "cooling")
BATCH_STEPS = [
    ("proposed", "business_reviewed"),
    ("business_reviewed", "archivist_reviewed"),
    ("archivist_reviewed", "cooling"),
    *((state, "proposed") for state in _BEFORE[1:]),
    *((state, "refused") for state in _BEFORE),
    ("cooling", "executing"),
    ("executing", "executed"),
    ("executed", "verified"),
    ("verified", "certified"),
    ("certified", "notarised"),
]
ITEM_STEPS = [("listed", "dropped"), ("listed", "spared"), ("listed", "destroyed"), ("destroyed", "verified")]

SAID = """
CREATE FUNCTION compliance_destruction_said(lender uuid, batch uuid, digest text, speaking text, agreeing boolean)
RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT 1 FROM compliance_destructionvoice v WHERE v.tenant_id = lender AND v.batch_id = batch
        AND v.list_digest = digest AND v.agrees = agreeing AND (speaking IS NULL OR v.part = speaking))
$$
"""
LEFT = """
CREATE FUNCTION compliance_destruction_left(lender uuid, batch uuid, waiting text)
RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT 1 FROM compliance_destructionitem i
        WHERE i.tenant_id = lender AND i.batch_id = batch AND i.state = waiting)
$$
"""
# Beside the triggers of migrations 0007 and 0008: the voice or the proof behind each step, and at each of them a list
# that is the one its hash names.
BATCH = """
CREATE FUNCTION compliance_destructionbatch_rests() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF num_nonnulls(NEW.approved_at, NEW.cooling_until, NEW.executed_at, NEW.verified_at) > 0 THEN
            RAISE EXCEPTION 'a destruction begins with its proposal' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.list_digest <> compliance_destruction_list(OLD.tenant_id, OLD.id) THEN
        RAISE EXCEPTION 'the list is not the one that its hash names' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT (CASE NEW.state
        WHEN 'business_reviewed' THEN
            compliance_destruction_said(OLD.tenant_id, OLD.id, NEW.list_digest, 'business', true)
        WHEN 'archivist_reviewed' THEN
            compliance_destruction_said(OLD.tenant_id, OLD.id, NEW.list_digest, 'archive', true)
        WHEN 'refused' THEN compliance_destruction_said(OLD.tenant_id, OLD.id, NEW.list_digest, NULL, false)
        WHEN 'executing' THEN coalesce(NEW.cooling_until <= now(), false)
            AND NOT compliance_destruction_said(OLD.tenant_id, OLD.id, NEW.list_digest, NULL, false)
        WHEN 'executed' THEN NOT compliance_destruction_left(OLD.tenant_id, OLD.id, 'listed')
        WHEN 'verified' THEN NOT compliance_destruction_left(OLD.tenant_id, OLD.id, 'destroyed')
        ELSE true END) THEN
        RAISE EXCEPTION 'nothing bears this step out' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.executed_at IS NOT NULL AND NEW.executed_at IS DISTINCT FROM OLD.executed_at)
        OR (OLD.verified_at IS NOT NULL AND NEW.verified_at IS DISTINCT FROM OLD.verified_at) THEN
        RAISE EXCEPTION 'when it was destroyed stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
ITEM = """
CREATE FUNCTION compliance_destructionitem_rests() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM 1 FROM compliance_destructionbatch b WHERE b.tenant_id = NEW.tenant_id AND b.id = NEW.batch_id
        AND CASE NEW.state WHEN 'verified' THEN b.state = 'executed' WHEN 'dropped' THEN b.state IN
            ('proposed', 'business_reviewed', 'archivist_reviewed', 'cooling', 'refused') ELSE true END;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this destruction is not so far, or further' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
# Who gives roles administers too (carloan/core/voices.py), since that is a right of its own (core's migration 0024).
# Beside the trigger of migration 0008, which knows the other two rights.
VOICE = """
CREATE FUNCTION compliance_destructionvoice_assigns_nothing() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM core_roleassignment a JOIN core_rolecapability c ON c.tenant_id = a.tenant_id
            AND c.role_id = a.role_id AND c.capability = 'rights.assign'
            WHERE a.tenant_id = NEW.tenant_id AND a.membership_id = NEW.member_id
                AND (a.valid_until IS NULL OR a.valid_until >= current_date)) THEN
        RAISE EXCEPTION 'this person does not speak about this list' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0015_controls_and_registers'),
        ('core', '0024_separated_administrators'),
    ]

    operations = [
        guard_moves("compliance_destructionbatch", "proposed", BATCH_STEPS),
        guard_moves("compliance_destructionitem", "listed", ITEM_STEPS),
        migrations.RunSQL(
            [
                SAID,
                LEFT,
                BATCH,
                "CREATE TRIGGER rests BEFORE INSERT ON compliance_destructionbatch"
                " FOR EACH ROW EXECUTE FUNCTION compliance_destructionbatch_rests()",
                "CREATE TRIGGER rests_on BEFORE UPDATE ON compliance_destructionbatch FOR EACH ROW"
                " WHEN ((NEW.state, NEW.list_digest, NEW.executed_at, NEW.verified_at)"
                " IS DISTINCT FROM (OLD.state, OLD.list_digest, OLD.executed_at, OLD.verified_at))"
                " EXECUTE FUNCTION compliance_destructionbatch_rests()",
                ITEM,
                "CREATE TRIGGER rests_on BEFORE UPDATE ON compliance_destructionitem FOR EACH ROW"
                " WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION compliance_destructionitem_rests()",
                VOICE,
                "CREATE TRIGGER assigns_nothing BEFORE INSERT ON compliance_destructionvoice FOR EACH ROW"
                " WHEN (NEW.part = 'approver') EXECUTE FUNCTION compliance_destructionvoice_assigns_nothing()",
            ],
            [
                "DROP TRIGGER assigns_nothing ON compliance_destructionvoice",
                "DROP FUNCTION compliance_destructionvoice_assigns_nothing()",
                "DROP TRIGGER rests_on ON compliance_destructionitem",
                "DROP FUNCTION compliance_destructionitem_rests()",
                "DROP TRIGGER rests_on ON compliance_destructionbatch",
                "DROP TRIGGER rests ON compliance_destructionbatch",
                "DROP FUNCTION compliance_destructionbatch_rests()",
                "DROP FUNCTION compliance_destruction_left(uuid, uuid, text)",
                "DROP FUNCTION compliance_destruction_said(uuid, uuid, text, text, boolean)",
            ],
        ),
    ]
