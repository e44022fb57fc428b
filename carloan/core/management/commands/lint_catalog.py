"""Check the tenant fences in the running databases; exit 1 with the findings."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.core.catalog import findings


class Command(BaseCommand):
    help = "Checks that every tenant table is fenced in the databases as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [f"{using}: {line}" for using in ("default", "keystore") for line in findings(using)]
        if found:
            raise CommandError("The tenant fences are not whole:\n" + "\n".join(found))
        self.stdout.write("Tenant fences: whole.")
