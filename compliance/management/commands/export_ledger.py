"""`script/manage export_ledger SLUG FILE`: the bundle with which anybody can check a lender's ledger."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carloan.compliance.services.bundle import bundle_write
from carloan.core.actors import Actor
from carloan.core.errors import Conflict
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_scope


class Command(BaseCommand):
    help = "Writes every sealed event of a lender, its last checkpoint and the program that verifies both into a zip."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["slug"]).first()
        if tenant is None:
            raise CommandError(f"There is no lender {options['slug']}.")
        path: Path = options["file"]
        try:
            file = path.open("xb")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        try:
            with tenant_scope(tenant.id), file:
                checkpoint = bundle_write(actor=Actor.system(tenant.id, "command line"), file=file)
        except Conflict as error:
            path.unlink()
            raise CommandError("Nothing is sealed yet: is the sealer running?") from error
        except OSError as error:
            # Half a bundle would prove nothing and look like one.
            path.unlink()
            raise CommandError(f"{path} cannot be written: {error.strerror}. Nothing was left there.") from error
        self.stdout.write(
            f"{checkpoint.size} events. Anybody checks them with what lies in the file, and with the key:"
        )
        self.stdout.write(checkpoint.signed_by)
