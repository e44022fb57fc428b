"""A legal hold keeps papers: they are not moved, corrected, taken out of their dossier, emptied or deleted.

A paper that has not been filed yet is still read and filed: that adds to the evidence.
"""

from django.db import migrations

FUNCTIONS = [
    """
    CREATE FUNCTION archives_paper_held(lender uuid, paper uuid) RETURNS boolean LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, public AS $$
        SELECT compliance_held(lender, 'paper', paper) OR coalesce((
            SELECT loans_loan_held(lender, p.loan_id) FROM archives_paper p
            WHERE p.tenant_id = lender AND p.id = paper AND p.loan_id IS NOT NULL), false)
    $$
    """,
    """
    CREATE FUNCTION archives_keep_held() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public AS $$
    DECLARE
        paper uuid := CASE TG_TABLE_NAME WHEN 'archives_paper' THEN OLD.id ELSE (to_jsonb(OLD) ->> 'paper_id')::uuid END;
    BEGIN
        IF archives_paper_held(OLD.tenant_id, paper) AND (TG_TABLE_NAME = 'archives_paper' OR EXISTS (
                SELECT 1 FROM archives_paper p
                WHERE p.tenant_id = OLD.tenant_id AND p.id = paper AND p.state = 'filed')) THEN
            RAISE EXCEPTION 'a legal hold keeps paper %', paper
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'legal_hold', TABLE = TG_TABLE_NAME;
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
]
_CHANGED = {
    "archives_paper": (
        "(OLD.loan_id IS NOT NULL AND (NEW.loan_id IS DISTINCT FROM OLD.loan_id"
        " OR NEW.dossier_id IS DISTINCT FROM OLD.dossier_id OR NEW.wrapped_key <> OLD.wrapped_key))"
        " OR NEW.sha256 <> OLD.sha256 OR NEW.size <> OLD.size OR (OLD.stored <> '' AND NEW.stored = '')"
        " OR (OLD.name IS NOT NULL AND NEW.name IS NULL)"
        " OR (OLD.state = 'filed' AND (NEW.state <> OLD.state OR NEW.kind <> OLD.kind))"
    ),
    "archives_paperfield": (
        "NEW.value IS DISTINCT FROM OLD.value OR NEW.original IS DISTINCT FROM OLD.original"
        " OR NEW.name <> OLD.name OR NEW.paper_id <> OLD.paper_id"
    ),
    "archives_paperpage": (
        "(OLD.lines IS NOT NULL AND NEW.lines IS NULL) OR NEW.number <> OLD.number OR NEW.paper_id <> OLD.paper_id"
    ),
}


class Migration(migrations.Migration):
    dependencies = [("archives", "0014_runs_by_block_cipher"), ("loans", "0016_legal_holds")]

    operations = [
        migrations.RunSQL(
            [
                *FUNCTIONS,
                *(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}"
                    f" EXECUTE FUNCTION archives_keep_held()"
                    for table, changed in _CHANGED.items()
                    for name, event, when in (
                        ("held_delete", "DELETE", ""),
                        ("held_update", "UPDATE", f"WHEN ({changed})"),
                    )
                ),
            ],
            [
                *(f"DROP TRIGGER {name} ON {table}" for table in _CHANGED for name in ("held_delete", "held_update")),
                "DROP FUNCTION archives_keep_held()",
                "DROP FUNCTION archives_paper_held(uuid, uuid)",
            ],
        )
    ]
