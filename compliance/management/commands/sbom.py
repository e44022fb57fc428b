"""`script/sbom`: the bill of materials of this copy, from its lock files."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from carloan.compliance.bill import bill_of_materials


class Command(BaseCommand):
    help = "Writes every library of the product with its hashes, as CycloneDX 1.6 JSON; the same locks, the same bytes."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--timestamp", default="", help="a moment of ISO 8601 that the bill shall name")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(bill_of_materials(made_at=options["timestamp"]), ensure_ascii=False, indent=1))
