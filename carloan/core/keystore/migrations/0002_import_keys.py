from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keystore', '0001_keys'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='subjectkey',
            name='keystore_subjectkey_kind',
        ),
        migrations.AddConstraint(
            model_name='subjectkey',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['loan', 'party', 'desk', 'tenant', 'import'])), name='keystore_subjectkey_kind'),
        ),
    ]
