"""Workers read nothing by which people prove who they are: no password, no session, no second factor.

Sessions they only clear away. A column of a person that is added later is granted to them in its own migration;
`carloan/core/catalog.py` checks the result.
"""

from django.db import migrations

SIGN_IN = (
    "account_emailaddress, account_emailconfirmation, mfa_authenticator, usersessions_usersession, axes_accessattempt, "
    "axes_accessattemptexpiration, axes_accessfailurelog, axes_accesslog, django_session"
)
READABLE = (
    "id, last_login, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined, language, "
    "theme, shortcuts, must_change_password"
)
# The demonstration sets passwords once, and must know which it has set without reading one.
HAVE_PASSWORD = """
CREATE FUNCTION core_users_with_password(names text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT username::text FROM public.core_user WHERE username = ANY (names) AND left(password, 1) <> '!'
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_working_days"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
        ("axes", "0010_accessattemptexpiration"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            [
                f"REVOKE ALL ON {SIGN_IN} FROM worker",
                "GRANT SELECT (expire_date), DELETE ON django_session TO worker",
                "REVOKE SELECT ON core_user FROM worker",
                f"GRANT SELECT ({READABLE}) ON core_user TO worker",
                HAVE_PASSWORD,
                "REVOKE ALL ON FUNCTION core_users_with_password(text[]) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION core_users_with_password(text[]) TO worker",
            ],
            [
                "DROP FUNCTION core_users_with_password(text[])",
                f"REVOKE SELECT ({READABLE}) ON core_user FROM worker",
                "GRANT SELECT ON core_user TO worker",
                "REVOKE SELECT (expire_date) ON django_session FROM worker",
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON {SIGN_IN} TO worker",
            ],
        )
    ]
