from uuid import UUID

import carloan.core.sealed
from carloan.core.keys import KeyDestroyed, KeyMissing, Subject
from carloan.core.sealed import seal_value
from carloan.core.tenancy import tenant_atomic
from django.db import migrations, models

TABLE = 'loans_importbatch'


def seal_names(apps, schema_editor):
    """Names that stood in clear go under the key of their file; with the key gone, the name goes too."""
    connection = schema_editor.connection
    tenant_ids = list(apps.get_model('core', 'Tenant').objects.using(connection.alias).values_list('id', flat=True))
    for tenant_id in tenant_ids:
        with tenant_atomic(tenant_id, using=connection.alias), connection.cursor() as cursor:
            cursor.execute(f'SELECT id, file_name FROM {TABLE} WHERE tenant_id = %s', [tenant_id])
            for batch_id, name in cursor.fetchall():
                cursor.execute(
                    f'UPDATE {TABLE} SET file_name = %s WHERE tenant_id = %s AND id = %s',
                    [_sealed(UUID(str(batch_id)), bytes(name or b'').decode()), tenant_id, batch_id],
                )


def _sealed(batch_id, name):
    try:
        return seal_value(Subject('import', batch_id), TABLE, 'file_name', batch_id, name)
    except (KeyDestroyed, KeyMissing):
        return None


class Migration(migrations.Migration):

    dependencies = [
        ('loans', '0002_sealed_reasons_and_revisions'),
    ]

    operations = [
        # A rewrite of the column reaches every tenant's rows; the next step, in the same transaction, seals them.
        migrations.RunSQL(
            f"ALTER TABLE {TABLE} ALTER COLUMN file_name DROP NOT NULL, "
            f"ALTER COLUMN file_name TYPE bytea USING convert_to(file_name, 'UTF8')",
            f"ALTER TABLE {TABLE} ALTER COLUMN file_name TYPE varchar(255) USING '', "
            f"ALTER COLUMN file_name SET NOT NULL",
            state_operations=[
                migrations.AlterField(
                    model_name='importbatch',
                    name='file_name',
                    field=carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='file'),
                ),
            ],
        ),
        migrations.RunPython(seal_names, migrations.RunPython.noop),
    ]
