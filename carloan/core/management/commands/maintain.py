"""Care at every start: months of the trail ahead of time, which only the database's owner makes; the store's mark; what
was destroyed or ended and came back with a restore goes and ends again before anybody works."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from carloan.core import destroyed
from carloan.core.destroyed import ListAway
from carloan.core.errors import Unavailable
from carloan.core.models import Tenant
from carloan.core.services.ending_again import access_end_again
from carloan.core.services.replaying import destroyed_replay, list_expected
from carloan.core.store_mark import store_mark
from carloan.core.tenancy import tenant_scope
from carloan.core.trail_months import MONTHS_AHEAD, months_make


class Command(BaseCommand):
    help = "Makes the trail's partitions ahead, checks the fences, marks the store. Every start runs it, as owner."

    def handle(self, *args: Any, **options: Any) -> None:
        moved = months_make(timezone.now())
        self.stdout.write(f"Trail: partitions {MONTHS_AHEAD} months ahead.")
        if moved:
            self.stdout.write(f"Trail: {moved} events had come without one and lie in their months now.")
        call_command("lint_catalog", stdout=self.stdout)
        self._destroy_again()
        self._end_again()
        try:
            self.stdout.write(f"Store: {store_mark().value}.")
        except Unavailable:
            # A store that is away stops no start: /healthz says it.
            self.stdout.write("Store: does not answer, and is not marked.")

    def _destroy_again(self) -> None:
        tenants = list(Tenant.objects.values_list("id", flat=True))
        again = 0
        try:
            if not any(list_expected(tenant_id) for tenant_id in tenants):
                destroyed.make_folder()
            for tenant_id in tenants:
                with tenant_scope(tenant_id):
                    again += destroyed_replay()
        except ListAway as error:
            raise CommandError(
                f"The list of destroyed keys in {settings.DESTROYED} is missing or shorter than what the key store has "
                "carried out: nothing starts without it. Bring the newest one back (docs/operate.md, Destroyed keys)."
            ) from error
        if again:
            self.stdout.write(f"Keys: {again} that a restore had brought back are destroyed again.")

    def _end_again(self) -> None:
        again = 0
        for tenant_id in Tenant.objects.values_list("id", flat=True):
            with tenant_scope(tenant_id):
                again += access_end_again()
        if again:
            self.stdout.write(
                f"Access: {again} keys, people, roles and lent duties of a restored database ended again."
            )
