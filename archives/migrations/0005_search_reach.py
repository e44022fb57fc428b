"""The search function also proposes papers that are reached by other ways than their branch, and goes on page by page.

The function with four arguments stays for a version that still runs while this one is put in its place.
"""

from django.db import migrations

SIGNATURE = "archives_search_grams(integer[], uuid[], uuid[], boolean, uuid, integer, integer)"
FUNCTION = """
CREATE FUNCTION archives_search_grams(
  wanted integer[], branches uuid[], papers uuid[], everywhere boolean, last_paper uuid, last_number integer,
  most integer)
RETURNS TABLE (paper_id uuid, number integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
BEGIN
  IF tenant IS NULL OR coalesce(cardinality(wanted), 0) = 0 THEN
    RETURN;
  END IF;
  RETURN QUERY EXECUTE format(
    'SELECT g.paper_id, g.number FROM public.archives_pagegrams g WHERE g.tenant_id = %L AND g.grams @> %L::integer[]'
    ' AND (%L::boolean OR g.branch_id = ANY (%L::uuid[]) OR g.paper_id = ANY (%L::uuid[]))'
    ' AND (%L::uuid IS NULL OR g.paper_id < %L::uuid OR (g.paper_id = %L::uuid AND g.number > %L::integer))'
    ' ORDER BY g.paper_id DESC, g.number LIMIT %s',
    tenant, wanted, everywhere, branches, papers, last_paper, last_paper, last_paper, last_number, least(most, 1000));
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("archives", "0004_paper_note")]

    operations = [
        migrations.RunSQL(
            [
                FUNCTION,
                f"ALTER FUNCTION {SIGNATURE} OWNER TO sign_in",
                f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC",
                f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO app, worker",
            ],
            [f"DROP FUNCTION {SIGNATURE}"],
        )
    ]
