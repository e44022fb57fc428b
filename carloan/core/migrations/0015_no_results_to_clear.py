"""Beat forgets a task of Celery's own: it clears results, of which there are none, and workers do not know it any more."""

from typing import Any

from django.db import migrations

NAME = "celery.backend_cleanup"


def forget(apps: Any, schema_editor: Any) -> None:
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(task=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0014_jurisdictions_and_calendars"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
