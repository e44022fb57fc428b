"""`script/manage tenant_change SLUG …`: second factor, time zone, hosts and state of a lender, told in its trail."""

from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.core.actors import Actor
from carloan.core.errors import AppError
from carloan.core.management.hosts import warnings
from carloan.core.models import Tenant
from carloan.core.services.access_policy import separation_lift
from carloan.core.services.tenants import tenant_change
from carloan.core.tenancy import tenant_atomic


class Command(BaseCommand):
    help = "Changes what the platform decides for a lender."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--require-mfa", action=BooleanOptionalAction, default=None)
        parser.add_argument("--time-zone")
        parser.add_argument("--state", choices=Tenant.State.values)
        parser.add_argument(
            "--one-administrator",
            action="store_true",
            help="lifts the separation of its administrators, which the lender itself cannot",
        )
        parser.add_argument("--host", action="append", help="the host names that lead to it, instead of those so far")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["slug"]).first()
        if tenant is None:
            raise CommandError(f"There is no lender {options['slug']}.")
        wanted = {name: options[name] for name in ("require_mfa", "time_zone", "state") if options[name] is not None}
        try:
            changed = tenant_change(tenant=tenant, hosts=options["host"], **wanted)
        except AppError as error:
            raise CommandError("\n".join(str(line) for found in error.fields.values() for line in found)) from error
        if options["one_administrator"]:
            with tenant_atomic(tenant.id):
                changed += ["separated"] if separation_lift(actor=Actor.system(tenant.id, "platform")) else []
        self.stdout.write(f"{tenant.name}: {', '.join(changed) or 'nothing changed'}")
        for line in warnings(options["host"] or []):
            self.stderr.write(line)
