"""After a restore: do root key, key store and main database belong together?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.core import keys
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_scope


class Command(BaseCommand):
    help = "Opens the keys of every tenant with this root key. Ends with 1 and names those that stay closed."

    def handle(self, *args: Any, **options: Any) -> None:
        closed = [tenant.slug for tenant in Tenant.objects.order_by("slug") if not _opens(tenant)]
        if closed:
            raise CommandError(f"this root key does not open the keys of {', '.join(closed)}")
        self.stdout.write("Keys: all open.")


def _opens(tenant: Tenant) -> bool:
    with tenant_scope(tenant.id):
        try:
            # The index key, the wrapping key and, under the latter, the key of the tenant's own acts.
            keys.index_key("check")
            keys.secrets_of(keys.Subject("tenant", tenant.id))
        except (keys.Tampered, keys.KeyMissing):
            return False
    return True
