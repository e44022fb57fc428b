"""The Celery application: workers of the lanes and beat."""

import os

from celery import Celery

# Connected here: the signs of life that /healthz reads, and the bond of pool processes to their worker.
from carloan import heartbeat, lifeline  # noqa: F401
from carloan.broker import speak_carefully

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloan.settings")

speak_carefully()
app = Celery("carloan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["carloan.core"], related_name="sweeps")
app.autodiscover_tasks(["carloan.loans", "carloan.archives", "carloan.compliance"])
