"""Care of the database that only its owner may take: months of the trail ahead of time."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from carloan.core.migration_operations import month_partitions, next_months

MONTHS_AHEAD = 24


class Command(BaseCommand):
    help = "Makes the trail's partitions 24 months ahead and checks the fences. Every start runs it, as owner."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            for statement in month_partitions("core_auditevent", next_months(timezone.now(), MONTHS_AHEAD)):
                cursor.execute(statement)
        self.stdout.write(f"Trail: partitions {MONTHS_AHEAD} months ahead.")
        call_command("lint_catalog", stdout=self.stdout)
