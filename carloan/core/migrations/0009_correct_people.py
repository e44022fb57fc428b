"""The web may correct the e-mail of a person, which is one of their names at sign-in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0008_worker_reads_no_secrets")]

    operations = [
        migrations.RunSQL("GRANT UPDATE (email) ON core_user TO app", "REVOKE UPDATE (email) ON core_user FROM app")
    ]
