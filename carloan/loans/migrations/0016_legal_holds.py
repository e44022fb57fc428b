"""A legal hold keeps loans and people: their rows are not deleted and what identifies them is not emptied."""

from django.db import migrations

FUNCTIONS = [
    """
    CREATE FUNCTION loans_loan_held(lender uuid, loan uuid) RETURNS boolean LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, public AS $$
        SELECT compliance_held(lender, 'loan', loan) OR coalesce((
            SELECT bool_or(compliance_held(lender, 'party', r.party_id)) FROM (
                SELECT party_id FROM loans_loanparty WHERE tenant_id = lender AND loan_id = loan
                UNION SELECT party_id FROM loans_formerrole WHERE tenant_id = lender AND loan_id = loan) r), false)
    $$
    """,
    """
    CREATE FUNCTION loans_party_held(lender uuid, party uuid) RETURNS boolean LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, public AS $$
        SELECT compliance_held(lender, 'party', party) OR coalesce((
            SELECT bool_or(compliance_held(lender, 'loan', r.loan_id)) FROM (
                SELECT loan_id FROM loans_loanparty WHERE tenant_id = lender AND party_id = party
                UNION SELECT loan_id FROM loans_formerrole WHERE tenant_id = lender AND party_id = party) r), false)
    $$
    """,
    """
    CREATE FUNCTION loans_keep_held() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public AS $$
    BEGIN
        IF (CASE TG_TABLE_NAME
            WHEN 'loans_loan' THEN loans_loan_held(OLD.tenant_id, OLD.id)
            WHEN 'loans_party' THEN loans_party_held(OLD.tenant_id, OLD.id)
            WHEN 'loans_vehicle' THEN loans_loan_held(OLD.tenant_id, (to_jsonb(OLD) ->> 'loan_id')::uuid)
            ELSE loans_party_held(OLD.tenant_id, (to_jsonb(OLD) ->> 'party_id')::uuid) END) THEN
            RAISE EXCEPTION 'a legal hold keeps % %', TG_TABLE_NAME, OLD.id
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'legal_hold', TABLE = TG_TABLE_NAME;
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
]
# Of each table, what is emptied when it is destroyed.
EMPTIED = {
    "loans_loan": (),
    "loans_party": ("name", "id_number", "id_digest"),
    "loans_vehicle": ("vin", "plate", "engine_no"),
    "loans_contactpoint": ("value",),
}


def _triggers() -> list[str]:
    found = []
    for table, columns in EMPTIED.items():
        call = "FOR EACH ROW {} EXECUTE FUNCTION loans_keep_held()"
        found.append(f"CREATE TRIGGER held_delete BEFORE DELETE ON {table} {call.format('')}")
        if columns:
            emptied = " OR ".join(f"(OLD.{each} IS NOT NULL AND NEW.{each} IS NULL)" for each in columns)
            found.append(f"CREATE TRIGGER held_update BEFORE UPDATE ON {table} {call.format(f'WHEN ({emptied})')}")
    return found


class Migration(migrations.Migration):
    dependencies = [("loans", "0015_words_of_results"), ("compliance", "0006_legal_holds")]

    operations = [
        migrations.RunSQL(
            [*FUNCTIONS, *_triggers()],
            [
                *(
                    f"DROP TRIGGER {name} ON {table}"
                    for table, columns in EMPTIED.items()
                    for name in (("held_delete", "held_update") if columns else ("held_delete",))
                ),
                "DROP FUNCTION loans_keep_held()",
                "DROP FUNCTION loans_party_held(uuid, uuid)",
                "DROP FUNCTION loans_loan_held(uuid, uuid)",
            ],
        )
    ]
