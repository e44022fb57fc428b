"""Carloan (车贷管家): the wiring of the site and its shared kernel."""

from .celery import app as celery_app

__all__ = ["celery_app"]
