"""How long sessions last and how many a person has, by the lender's policy."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0025_teams'),
    ]

    operations = [
        migrations.AddField(
            model_name='accesspolicy',
            name='idle_minutes',
            field=models.PositiveSmallIntegerField(db_default=30, default=30, verbose_name='A session ends without use after (minutes)'),
        ),
        migrations.AddField(
            model_name='accesspolicy',
            name='session_hours',
            field=models.PositiveSmallIntegerField(db_default=12, default=12, verbose_name='A session ends after (hours)'),
        ),
        migrations.AddField(
            model_name='accesspolicy',
            name='sessions_at_once',
            field=models.PositiveSmallIntegerField(db_default=3, default=3, verbose_name='Sessions of a person at once'),
        ),
        migrations.AddConstraint(
            model_name='accesspolicy',
            constraint=models.CheckConstraint(condition=models.Q(('idle_minutes__gte', 5), ('idle_minutes__lte', 60), ('session_hours__gte', 1), ('session_hours__lte', 12), ('sessions_at_once__gte', 1), ('sessions_at_once__lte', 10)), name='core_accesspolicy_sessions'),
        ),
    ]
