"""Care of the database that only its owner may take: months of the trail ahead of time."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from carloan.core.trail_months import MONTHS_AHEAD, months_make


class Command(BaseCommand):
    help = "Makes the trail's partitions 24 months ahead and checks the fences. Every start runs it, as owner."

    def handle(self, *args: Any, **options: Any) -> None:
        moved = months_make(timezone.now())
        self.stdout.write(f"Trail: partitions {MONTHS_AHEAD} months ahead.")
        if moved:
            self.stdout.write(f"Trail: {moved} events had come without one and lie in their months now.")
        call_command("lint_catalog", stdout=self.stdout)
