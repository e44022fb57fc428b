"""`manage.py verify_destruction SLUG NUMBER`: prove in a process of its own that a batch is gone, as the sweep does."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.compliance.models import DestructionBatch
from carloan.compliance.services.executing import batch_verify
from carloan.core.actors import Actor
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_atomic, tenant_scope


class Command(BaseCommand):
    help = "Look whether everything that a destruction destroyed is gone; once it is, the destruction is verified."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("number", type=int)

    def handle(self, *args: Any, slug: str, number: int, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=slug).first()
        if tenant is None:
            raise CommandError(f"no lender {slug}")
        with tenant_scope(tenant.id):
            with tenant_atomic():
                batch = DestructionBatch.objects.filter(number=number).first()
            if batch is None:
                raise CommandError(f"no destruction {number}")
            left = batch_verify(actor=Actor.system(tenant.id, "verify"), batch_id=batch.id)
        for place, codes in left:
            self.stdout.write(f"{place}: {', '.join(codes)}")
        if left:
            raise CommandError(f"{len(left)} things are not gone")
        self.stdout.write("everything is gone")
