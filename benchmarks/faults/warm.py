"""Loaded once by the process that the acts are forked from: the whole program, its addresses, a warm nursery.

No connection is opened here; each forked process opens its own.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloan.settings")
django.setup()

from django.urls import get_resolver  # noqa: E402 - settings come first

from benchmarks.faults import acts  # noqa: E402, F401
from carloan.archives.recognition import sandbox  # noqa: E402
from carloan.lib.sandbox import Nursery  # noqa: E402

get_resolver().url_patterns  # noqa: B018 - loads every view
sandbox.PAPERS.nursery = Nursery(sandbox.PAPERS.module)
