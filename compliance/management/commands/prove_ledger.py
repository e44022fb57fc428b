"""`script/manage prove_ledger SLUG FILE (--event ID | --since SIZE)`: the proof of one thing, for somebody outside."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carloan.compliance.selectors.proofs import event_proof, growth_proof
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_atomic


class Command(BaseCommand):
    help = "Writes the proof that one event stands in a lender's ledger, or that the ledger only grew since a size."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--event", type=UUID)
        what.add_argument("--since", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["slug"]).first()
        if tenant is None:
            raise CommandError(f"There is no lender {options['slug']}.")
        path, event = options["file"], options["event"]
        with tenant_atomic(tenant.id):
            proof = event_proof(event) if event else growth_proof(options["since"])
            if proof is None:
                raise CommandError("No such event is sealed." if event else "No checkpoint of that size was signed.")
            audit.record(
                actor=Actor.system(tenant.id, "command line"), action="compliance.ledger.exported",
                object_type="compliance.ledger", count=1,
            )  # fmt: skip
            try:
                # Nothing is left where it cannot be written whole: it is made in memory and is short.
                path.open("x").close()
                path.write_text(json.dumps(proof, ensure_ascii=False))
            except FileExistsError as error:
                raise CommandError(f"{path} is there already.") from error
            except OSError as error:
                path.unlink(missing_ok=True)
                raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write("Anybody checks it with carloan_verify.py, which every bundle holds, and with the key:")
        self.stdout.write(proof["key"])
