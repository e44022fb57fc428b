"""After a restore: do root key, key store and main database belong together?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.core import keys
from carloan.core.index_keys import index_keys
from carloan.core.keyring import ring_of
from carloan.core.models import Tenant
from carloan.core.services.key_care import missing_by_kind
from carloan.core.tenancy import tenant_scope


class Command(BaseCommand):
    help = (
        "Opens the keys of every tenant with this root key and looks for rows without one. Ends with 1 and names them."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = list(Tenant.objects.order_by("slug"))
        if closed := [tenant.slug for tenant in tenants if not _opens(tenant)]:
            raise CommandError(f"this root key does not open the keys of {', '.join(closed)}")
        if bare := [words for tenant in tenants if (words := _without_key(tenant))]:
            raise CommandError(f"the key store is older than the main database; rows without a key: {'; '.join(bare)}")
        self.stdout.write("Keys: all open, no row without one.")


def _without_key(tenant: Tenant) -> str:
    with tenant_scope(tenant.id):
        missing = missing_by_kind()
    words = ", ".join(f"{count} of kind {kind}" for kind, count in missing.items())
    return f"{tenant.slug}: {words}" if words else ""


def _opens(tenant: Tenant) -> bool:
    with tenant_scope(tenant.id):
        try:
            # The index key, the wrapping key and, under the latter, the key of the tenant's own acts.
            index_keys(kept=True)
            keys.secrets_of(keys.Subject("tenant", tenant.id))
            damaged = ring_of("wrap").damaged | ring_of("index").damaged
        except (keys.Tampered, keys.KeyMissing):
            return False
    return not damaged
