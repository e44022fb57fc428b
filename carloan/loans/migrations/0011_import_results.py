"""Rows of an import tell which fields they changed; from a loan there is a way to the imports that wrote it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loans", "0010_allocations")]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="changed",
            field=models.JSONField(null=True),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(
                fields=["tenant", "loan_id", "batch"],
                name="loans_importrow_loan_idx",
                condition=models.Q(outcome__in=["created", "updated"], loan_id__isnull=False),
            ),
        ),
    ]
