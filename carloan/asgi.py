"""The ASGI entry point."""

import os

from django.core.asgi import get_asgi_application

from carloan.core.postgres.patience import bound_waiting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloan.settings")

bound_waiting()
application = get_asgi_application()
