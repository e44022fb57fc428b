"""A first password is replaced at the first sign-in; nobody stands above the roles of a tenant."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_lookup_natural_key")]

    operations = [
        migrations.AddField("user", "must_change_password", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(("is_staff", False), ("is_superuser", False)), name="core_user_no_superuser"
            ),
        ),
    ]
