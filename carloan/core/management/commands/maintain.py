"""Care at every start: months of the trail ahead of time, which only the database's owner makes; the store's mark."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from carloan.core.errors import Unavailable
from carloan.core.store_mark import store_mark
from carloan.core.trail_months import MONTHS_AHEAD, months_make


class Command(BaseCommand):
    help = "Makes the trail's partitions ahead, checks the fences, marks the store. Every start runs it, as owner."

    def handle(self, *args: Any, **options: Any) -> None:
        moved = months_make(timezone.now())
        self.stdout.write(f"Trail: partitions {MONTHS_AHEAD} months ahead.")
        if moved:
            self.stdout.write(f"Trail: {moved} events had come without one and lie in their months now.")
        call_command("lint_catalog", stdout=self.stdout)
        try:
            self.stdout.write(f"Store: {store_mark().value}.")
        except Unavailable:
            # A store that is away stops no start: /healthz says it.
            self.stdout.write("Store: does not answer, and is not marked.")
