"""Keys that were made by people of a separated lender wait for whoever gives roles; those that are there count."""
from django.db import migrations, models

from carloan.core.migration_operations import fill


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0027_index_key_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='apikey',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        fill("core_apikey", "UPDATE core_apikey SET confirmed_at = created_at"),
    ]
