"""`manage.py messages --compile | --check`: translation catalogues without gettext's programs."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from carloan.core import catalogues


class Command(BaseCommand):
    help = "Compile the translation catalogues, or list what lacks Chinese."
    # Set-up compiles before there is a database, and before the apps' checks could pass.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--compile", action="store_true", help="write the .mo file beside each catalogue")
        parser.add_argument(
            "--check", action="store_true", help="fail on strings without Chinese and on broken placeholders"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["compile"] and not options["check"]:
            raise CommandError("Say --compile or --check.")
        root = settings.BASE_DIR
        if options["compile"]:
            written = catalogues.compile_catalogues(root)
            self.stdout.write(f"{len(written)} of {len(catalogues.catalogue_paths(root))} catalogues compiled")
        if options["check"]:
            self._check()

    def _check(self) -> None:
        root = settings.BASE_DIR
        missing, broken = catalogues.missing(root), catalogues.broken(root)
        for line in missing:
            self.stdout.write(f"no Chinese  {line}")
        for line in broken:
            self.stdout.write(f"broken      {line}")
        for line in catalogues.unused(root):
            self.stdout.write(f"unused      {line}")
        if missing or broken:
            raise CommandError(f"{len(missing)} strings without Chinese, {len(broken)} broken translations")
