"""The Celery application: workers of the lanes and beat."""

import os
from functools import cached_property
from typing import Any

from celery import Celery

# Connected here: the signs of life that /healthz reads, and the bond of pool processes to their worker.
from carloan import heartbeat, lifeline  # noqa: F401
from carloan.broker import speak_carefully

OURS = "carloan."
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloan.settings")

speak_carefully()


class Application(Celery):
    @cached_property
    def Worker(self) -> Any:  # noqa: N802 - Celery's name
        # Read by its name, so that only a worker loads it: the stubs know of classes only.
        named: Any = "carloan.worker:Worker"
        return self.subclass_with_self(named)


app = Application("carloan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["carloan.core"], related_name="sweeps")
app.autodiscover_tasks(["carloan.loans", "carloan.messaging", "carloan.archives", "carloan.compliance"])


def _keep_ours(sender: Any, **_: Any) -> None:
    """Celery brings tasks of its own, which call any other one with any arguments: nobody asks for them here."""
    for name in [name for name in sender.tasks if not name.startswith(OURS)]:
        sender.tasks.unregister(name)


app.on_after_finalize.connect(_keep_ours)
