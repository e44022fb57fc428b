"""After a restore: the index of recognised text is in no backup."""

from typing import Any

from django.core.management.base import BaseCommand

from carloan.archives.services.finding import search_rebuild
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_scope


class Command(BaseCommand):
    help = "Rebuilds the search in papers (text index and identifiers) of every tenant. It may run while people work."

    def handle(self, *args: Any, **options: Any) -> None:
        for tenant in Tenant.objects.order_by("slug"):
            with tenant_scope(tenant.id):
                count = search_rebuild()
            self.stdout.write(f"{tenant.slug}: {count} papers can be found.")
