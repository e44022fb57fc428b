"""The bucket for papers: any store that speaks the S3 protocol, Amazon's or one in the next rack."""

from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.utils.deconstruct import deconstructible
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

# Botocore would wait for minutes, and add checksums that only Amazon's own store knows; containers carry their own.
CLIENT = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 3},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@deconstructible
class SealedBucket(S3Storage):  # type: ignore[misc]
    """Sealed papers as objects. A name that is taken is not written: it is looked up first, all that stores share."""

    # What comes instead of OSError when the store is away or refuses.
    refusals = (BotoCoreError, ClientError, RetriesExceededError)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.client_config: Config = self.client_config.merge(CLIENT)

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "file_overwrite": False}

    def make(self) -> bool:
        """Make the bucket when the store has none of that name; whether it was made now."""
        client = self.connection.meta.client
        try:
            client.head_bucket(Bucket=self.bucket_name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            # Amazon's first region is the one that must not be named.
            elsewhere = self.region_name not in {None, "us-east-1"}
            place = {"CreateBucketConfiguration": {"LocationConstraint": self.region_name}} if elsewhere else {}
            client.create_bucket(Bucket=self.bucket_name, **place)
            return True
        return False
