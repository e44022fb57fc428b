"""The application whose worker looks all the time for what a killed one had in hand: a test need not wait for it."""

from carloan.celery import app

app.conf.broker_transport_options = {**app.conf.broker_transport_options, "unacked_restore_interval": 0.1}
