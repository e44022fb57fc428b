"""The bucket for papers of an S3 store."""

from typing import Any

from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError

from carloan.core.bucket import SealedBucket


class Command(BaseCommand):
    help = "Makes the bucket of CARLOAN_S3_BUCKET when the store has none of that name. Can run at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        papers = storages["papers"]
        if not isinstance(papers, SealedBucket):
            raise CommandError("CARLOAN_S3_BUCKET is not set: papers lie in a folder")
        try:
            made = papers.make()
        except SealedBucket.refusals as error:
            raise CommandError(f"the store refuses the bucket {papers.bucket_name}: {error}") from error
        self.stdout.write(f"Bucket {papers.bucket_name}: {'made' if made else 'is there'}.")
