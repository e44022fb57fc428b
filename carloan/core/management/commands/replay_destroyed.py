"""After a restore: what was destroyed since is destroyed again, keys and what rows still hold under them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.core.destroyed import ListAway
from carloan.core.models import Tenant
from carloan.core.services.replaying import destroyed_replay, rows_shred_again
from carloan.core.tenancy import tenant_scope


class Command(BaseCommand):
    help = "Carries out the whole list of destroyed keys again, in the key store and in the main database."

    def handle(self, *args: Any, **options: Any) -> None:
        again = emptied = 0
        try:
            for tenant in Tenant.objects.order_by("slug"):
                with tenant_scope(tenant.id):
                    again += destroyed_replay(everything=True)
                    emptied += rows_shred_again()
        except ListAway as error:
            raise CommandError("The list of destroyed keys is missing or shorter than it was.") from error
        self.stdout.write(f"Destroyed again: {again} keys, {emptied} objects.")
