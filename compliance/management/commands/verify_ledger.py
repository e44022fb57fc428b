"""`script/manage verify_ledger`: hashes every event of every lender anew and holds it against what was signed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.compliance.selectors.days import days_broken
from carloan.compliance.selectors.ledger_check import ledger_check
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_scope


class Command(BaseCommand):
    help = "Checks that every event is sealed, unchanged and in its place, and every checkpoint signed for its events."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for tenant in Tenant.objects.order_by("slug"):
            with tenant_scope(tenant.id):
                report = ledger_check()
            self.stdout.write(f"{tenant.slug}: {report.events} events, {report.checkpoints} checkpoints")
            for finding in report.findings:
                self.stderr.write(f"{tenant.slug}: {finding}")
            wrong += len(report.findings)
        for day in days_broken():
            self.stderr.write(f"{day}: what was stamped is not the root of what is kept")
            wrong += 1
        if wrong:
            raise CommandError("The ledger is not whole. Keep the databases as they are: they are the evidence.")
