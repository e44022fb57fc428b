"""The search function over the blind index of recognised text.

It belongs to the role `sign_in` (called `search` then), which row-level security does not bind, because array operators are not leakproof and
the policy would keep the index from being used; so it filters tenant and branch itself. plpgsql with EXECUTE and
literals, since a generic plan would not use the index either. Its hits are read again under row-level security.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION archives_search_grams(wanted integer[], branches uuid[], everywhere boolean, most integer)
RETURNS TABLE (paper_id uuid, number integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
BEGIN
  IF tenant IS NULL OR coalesce(cardinality(wanted), 0) = 0 THEN
    RETURN;
  END IF;
  RETURN QUERY EXECUTE format(
    'SELECT g.paper_id, g.number FROM public.archives_pagegrams g WHERE g.tenant_id = %L AND g.grams @> %L::integer[]'
    ' AND (%L::boolean OR g.branch_id = ANY (%L::uuid[])) ORDER BY g.paper_id DESC, g.number LIMIT %s',
    tenant, wanted, everywhere, branches, least(most, 1000));
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("archives", "0001_papers")]

    operations = [
        migrations.RunSQL(
            [
                FUNCTION,
                "GRANT SELECT ON archives_pagegrams TO sign_in",
                "ALTER FUNCTION archives_search_grams(integer[], uuid[], boolean, integer) OWNER TO sign_in",
                "REVOKE ALL ON FUNCTION archives_search_grams(integer[], uuid[], boolean, integer) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION archives_search_grams(integer[], uuid[], boolean, integer) TO app, worker",
            ],
            ["DROP FUNCTION archives_search_grams(integer[], uuid[], boolean, integer)"],
        )
    ]
