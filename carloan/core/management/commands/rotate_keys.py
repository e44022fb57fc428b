"""`script/manage rotate_keys SLUG …`: a new version of a lender's wrapping, sealing or index key, to the end, while
people work."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.core.actors import Actor
from carloan.core.errors import AppError
from carloan.core.index_keys import INDEX
from carloan.core.models import Job, Tenant
from carloan.core.services.key_rotation import ROTATED, WRAP, rotation_work, tenant_key_rotate
from carloan.core.suites import SUITES
from carloan.core.tenancy import tenant_atomic, tenant_scope


class Command(BaseCommand):
    help = "Rotates a key of a lender online; --suite also chooses what new values are sealed with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--witness", action="append", required=True, help="who is present; may be given again")
        parser.add_argument("--reason", required=True)
        parser.add_argument(
            "--key", choices=sorted(ROTATED), default=WRAP, help="the wrapping, the sealing or the index key"
        )
        parser.add_argument("--suite", choices=sorted(SUITES), default="", help="without it the one in use")

    def handle(
        self, *args: Any, slug: str, witness: list[str], reason: str, suite: str, key: str, **options: Any
    ) -> None:
        tenant = Tenant.objects.filter(slug=slug).first()
        if tenant is None:
            raise CommandError(f"There is no lender {slug}.")
        things = "entries of the index" if key == INDEX else "keys"
        with tenant_scope(tenant.id):
            try:
                job = tenant_key_rotate(
                    actor=Actor.system(tenant.id, "platform"),
                    witnesses=witness,
                    reason=reason,
                    suite=suite,
                    purpose=key,
                )
            except AppError as error:
                lines = [str(line) for found in error.fields.values() for line in found]
                raise CommandError("\n".join(lines) or str(error)) from error
            while True:
                rotation_work(job_id=job.id)
                with tenant_atomic():
                    job = Job.objects.get(id=job.id)
                if job.state == Job.State.DONE:
                    break
                if job.state == Job.State.FAILED:
                    raise CommandError(job.error_shown)
                self.stdout.write(f"{job.done} of {job.total} {things}")
                time.sleep(1)  # a worker may have it, or it waits until what was before is forgotten everywhere
        self.stdout.write(f"{slug}: {job.result['keys']} {things} stand under version {job.result['version']}.")
