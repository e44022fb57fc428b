"""The last act of replacing the root key: everything under the new one, while every process knows both."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.core.errors import AppError
from carloan.core.models import Tenant
from carloan.core.root_keys import root_keys
from carloan.core.services.factors import factors_rewrap
from carloan.core.services.key_rotation import root_key_rotate
from carloan.core.store import NAME, mark, papers_store
from carloan.core.store_mark import write_mark
from carloan.core.tenancy import tenant_atomic


class Command(BaseCommand):
    help = (
        "Puts lenders' keys, second factors and the store's mark under root_key; root_key_other still opens the rest."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--witness", action="append", required=True, help="who is present; may be given again")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, witness: list[str], reason: str, **options: Any) -> None:
        if len(root_keys()) == 1:
            raise CommandError("There is no root_key_other: nothing stands under another root key.")
        moved = 0
        try:
            for tenant_id in Tenant.objects.order_by("slug").values_list("id", flat=True):
                with tenant_atomic(tenant_id):
                    moved += root_key_rotate(witnesses=witness, reason=reason)
        except AppError as error:
            raise CommandError("\n".join(str(line) for found in error.fields.values() for line in found)) from error
        factors = factors_rewrap()
        with papers_store().open(NAME) as file:
            is_ours = file.read() == mark()
        if not is_ours:
            write_mark()
        self.stdout.write(f"{moved} keys of lenders and {factors} second factors stand under the root key now.")
        self.stdout.write("Leave root_key_other for a day, then take it away and start everything anew.")
