"""The mark by which /healthz knows the paper store again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carloan.core.store_mark import Standing, store_mark


class Command(BaseCommand):
    help = "Marks the paper store as this installation's when it is new or holds what the rows name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anyway", action="store_true", help="also one that lacks files: what is lost is lost")

    def handle(self, *args: Any, anyway: bool, **options: Any) -> None:
        standing = store_mark(trusted=anyway)
        if standing is Standing.STRANGE and not anyway:
            raise CommandError(f"the store {standing.value}")
        self.stdout.write(
            f"Store: {'marked, without files that rows name' if standing is Standing.STRANGE else standing.value}."
        )
