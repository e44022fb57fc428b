"""`script/manage key_care`: the nightly round over keys, now and for every lender."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.core.models import Tenant
from carloan.core.services.key_care import missing_by_kind, orphans_destroy, to_the_end
from carloan.core.tenancy import tenant_scope


class Command(BaseCommand):
    help = "Destroys keys older than a day that no row owns, and fails when rows lack their key (after a restore)."

    def handle(self, *args: Any, **options: Any) -> None:
        lost = 0
        for tenant in Tenant.objects.order_by("slug"):
            with tenant_scope(tenant.id):
                destroyed = to_the_end(orphans_destroy)
                missing = missing_by_kind()
            lost += sum(missing.values())
            words = ", ".join(f"{count} of kind {kind}" for kind, count in missing.items()) or "none"
            self.stdout.write(f"{tenant.slug}: {destroyed} keys without a row destroyed; rows without a key: {words}")
        if lost:
            raise CommandError(f"{lost} rows have no key: their sealed values cannot be read. Restore the key store.")
