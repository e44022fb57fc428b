"""`script/manage key_care`: the nightly round over keys, now and for every lender."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from carloan.core.key_owners import key_owners
from carloan.core.models import Tenant
from carloan.core.services.key_care import missing_report, orphans_destroy
from carloan.core.tenancy import tenant_scope


class Command(BaseCommand):
    help = "Destroys keys older than a day that no row owns, and fails when rows lack their key (after a restore)."

    def handle(self, *args: Any, **options: Any) -> None:
        lost = 0
        for tenant in Tenant.objects.order_by("slug"):
            with tenant_scope(tenant.id):
                destroyed = _all(orphans_destroy)
                missing = {kind: _all(missing_report, kind=kind) for kind in sorted(key_owners())}
            lost += sum(missing.values())
            words = ", ".join(f"{count} of kind {kind}" for kind, count in missing.items() if count) or "none"
            self.stdout.write(f"{tenant.slug}: {destroyed} keys without a row destroyed; rows without a key: {words}")
        if lost:
            raise CommandError(f"{lost} rows have no key: their sealed values cannot be read. Restore the key store.")


def _all(look: Callable[..., tuple[int, UUID | None]], **chosen: str) -> int:
    total = 0
    place: UUID | None = None
    while True:
        found, place = look(after=place, **chosen)
        total += found
        if place is None:
            return total
