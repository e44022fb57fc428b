"""script/manage seed_demonstration [--if-empty] [--loans N]: fills the installation with lifelike, invented lenders."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.demonstration.lenders import LENDERS
from carloan.demonstration.seed import run


class Command(BaseCommand):
    help = "Seed the demonstration, or finish one that was interrupted. Run again it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where other lenders work already")
        parser.add_argument("--loans", type=int, default=run.LOANS, help=f"loans of both lenders ({run.LOANS})")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["loans"] < len(LENDERS):
            raise CommandError("--loans: at least one loan a lender.")
        done = run.seeded()
        if options["if_empty"] and (done is not None or run.holds_other_lenders()):
            self.stdout.write("There is something here already: nothing to do.")
            return
        if done is not None and done >= options["loans"]:
            self.stdout.write(f"The demonstration is here already ({done} loans).")
            return
        run.seed(options["loans"], tell=self.stdout.write)
