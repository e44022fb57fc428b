"""The Celery application: workers of the lanes and beat."""

import os

from celery import Celery

from carloan import heartbeat  # noqa: F401 - connects the signs of life that /healthz reads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloan.settings")

app = Celery("carloan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["carloan.core"], related_name="sweeps")
app.autodiscover_tasks(["carloan.loans", "carloan.archives", "carloan.compliance"])
