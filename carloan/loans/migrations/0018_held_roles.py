"""A legal hold keeps who stands in a loan: whoever is taken out of a held one leaves a former role behind.

Without either, nothing would tie a person to the hold any more, and their identity could be destroyed.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION loans_keep_held_role() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF loans_loan_held(OLD.tenant_id, OLD.loan_id) AND NOT EXISTS (SELECT 1 FROM loans_formerrole f
            WHERE f.tenant_id = OLD.tenant_id AND f.loan_id = OLD.loan_id AND f.party_id = OLD.party_id) THEN
        RAISE EXCEPTION 'a legal hold keeps who stands in loan %', OLD.loan_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'legal_hold', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("loans", "0017_index_versions")]

    operations = [
        migrations.RunSQL(
            [
                FUNCTION,
                "CREATE TRIGGER held_delete BEFORE DELETE ON loans_loanparty"
                " FOR EACH ROW EXECUTE FUNCTION loans_keep_held_role()",
                "CREATE TRIGGER held_update BEFORE UPDATE ON loans_loanparty FOR EACH ROW"
                " WHEN ((NEW.tenant_id, NEW.loan_id, NEW.party_id)"
                " IS DISTINCT FROM (OLD.tenant_id, OLD.loan_id, OLD.party_id))"
                " EXECUTE FUNCTION loans_keep_held_role()",
            ],
            [
                "DROP TRIGGER held_update ON loans_loanparty",
                "DROP TRIGGER held_delete ON loans_loanparty",
                "DROP FUNCTION loans_keep_held_role()",
            ],
        )
    ]
