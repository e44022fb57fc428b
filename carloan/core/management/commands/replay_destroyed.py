"""After a restore: what was destroyed or ended since goes and ends again, and everybody signs in anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from carloan.core.destroyed import ListAway
from carloan.core.models import Tenant
from carloan.core.services.ending_again import access_end_again
from carloan.core.services.replaying import destroyed_replay, rows_shred_again
from carloan.core.tenancy import tenant_scope


class Command(BaseCommand):
    help = (
        "Carries out the whole list of destroyed keys again, in the key store and in the main database, ends what the "
        "key store says has ended, and all sessions."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        again = emptied = ended = 0
        try:
            for tenant in Tenant.objects.order_by("slug"):
                with tenant_scope(tenant.id):
                    again += destroyed_replay(everything=True)
                    emptied += rows_shred_again()
                    ended += access_end_again()
        except ListAway as error:
            raise CommandError("The list of destroyed keys is missing or shorter than it was.") from error
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_session")
        self.stdout.write(f"Destroyed again: {again} keys, {emptied} objects. Ended again: {ended}, and all sessions.")
