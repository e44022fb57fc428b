"""Who set how somebody signs in could speak for them: a member keeps when that was."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0028_confirmed_api_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="sign_in_given_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
