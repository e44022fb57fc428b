"""A number may stand with a second party of which whoever entered it may not know (docs/decisions/0011).

Back it goes only while no number has two.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('loans', '0005_saved_views_to_the_kernel'),
    ]

    operations = [
        migrations.AddField(
            model_name='party',
            name='id_place',
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.UniqueConstraint(fields=('tenant', 'id_digest', 'id_place'), name='loans_party_id_holder'),
        ),
        migrations.RemoveConstraint(
            model_name='party',
            name='loans_party_id_digest',
        ),
    ]
