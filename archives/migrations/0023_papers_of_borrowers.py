"""Papers that borrowers send themselves."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archives', '0022_room_access'),
        ('core', '0029_given_sign_in'),
        ('loans', '0018_held_roles'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='paper',
            name='archives_paper_source',
        ),
        migrations.AlterField(
            model_name='paper',
            name='source',
            field=models.CharField(choices=[('page', 'Uploaded by a person'), ('api', 'Sent by another system'), ('archive', 'Out of an archive'), ('borrower', 'Sent by the borrower'), ('seed', 'Demonstration')], default='page', max_length=8, verbose_name='source'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['page', 'api', 'archive', 'borrower', 'seed'])), name='archives_paper_source'),
        ),
    ]
