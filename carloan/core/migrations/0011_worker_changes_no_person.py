"""Workers and the command line make people, and change nothing of those there are but a password that was never set.

`carloan/core/catalog.py` checks the result.
"""

from django.db import migrations

# The demonstration makes people first and hashes their passwords beside that.
FIRST_PASSWORD = """
CREATE FUNCTION core_user_first_password(name text, hashed text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH able AS (
        UPDATE public.core_user SET password = hashed WHERE username = name AND left(password, 1) = '!' RETURNING 1
    )
    SELECT EXISTS (SELECT FROM able)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0010_saved_views")]

    operations = [
        migrations.RunSQL(
            [
                "REVOKE UPDATE ON core_user FROM worker",
                FIRST_PASSWORD,
                "REVOKE ALL ON FUNCTION core_user_first_password(text, text) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION core_user_first_password(text, text) TO worker",
            ],
            [
                "DROP FUNCTION core_user_first_password(text, text)",
                "GRANT UPDATE ON core_user TO worker",
            ],
        )
    ]
