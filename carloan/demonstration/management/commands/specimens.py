"""`script/manage specimens FOLDER`: papers of the demonstration's people, marked SPECIMEN, for the intake desk."""

from argparse import ArgumentParser
from itertools import chain, islice
from pathlib import Path
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from carloan.core.models import Tenant
from carloan.demonstration.lenders import LENDERS
from carloan.demonstration.seed.dossiers import NAMES, dossier_papers
from carloan.demonstration.seed.run import seeded, shares
from carloan.demonstration.specimens import photo
from carloan.demonstration.stories import SEED, stories


class Command(BaseCommand):
    help = "Write papers of loans of the demonstration into a folder, scans and photos, to try the intake with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--lender", choices=[lender.slug for lender in LENDERS], default=LENDERS[0].slug)
        parser.add_argument("--count", type=int, default=8)

    def handle(self, *args: Any, **options: Any) -> None:
        total = seeded()
        if total is None:
            raise CommandError("There is no demonstration here: script/server makes one at its first start.")
        lender = next(lender for lender in LENDERS if lender.slug == options["lender"])
        count = shares(total)[LENDERS.index(lender)]
        as_of = timezone.localdate(Tenant.objects.get(slug=lender.slug).created_at)
        told = [story for story in stories(lender, count, as_of=as_of) if story.dues and not story.deal.company]
        # The first loans have their dossiers; the last ones still wait for papers.
        papers = chain.from_iterable(
            ((story, kind, specimen) for kind, specimen in dossier_papers(story, as_of)) for story in reversed(told)
        )
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        random = Random(f"{SEED}|specimens")
        for number, (story, kind, specimen) in enumerate(islice(papers, options["count"]), 1):
            page = photo(specimen, random) if number % 3 == 0 else specimen
            path = folder / f"{number:02d} {story.contract_no} {NAMES[kind]}.jpg"
            path.write_bytes(page.jpeg())
            self.stdout.write(str(path))
