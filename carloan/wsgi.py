"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from carloan.core.postgres.patience import bound_waiting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloan.settings")

bound_waiting()
application = get_wsgi_application()
