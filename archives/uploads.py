"""Uploaded bytes stay in memory: a paper never touches a disk in clear."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.utils.translation import gettext_lazy as _

from carloan.archives.recognition.limits import LIMITS, MEGABYTE
from carloan.core.errors import Invalid, TooLarge


class InMemory(FileUploadHandler):
    """Keeps a file of at most `LIMITS.file_bytes` in memory and stops reading the connection when there is more."""

    chunk_size = 256 * 1024
    too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.buffer = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > LIMITS.file_bytes:
            self.too_large = True
            raise StopUpload(connection_reset=False)
        self.buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            self.buffer, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset
        )


def keep_in_memory(request: Any) -> InMemory:
    """Call before anything reads the request's body."""
    handler = InMemory(request)
    request.upload_handlers = [handler]
    return handler


def file_of(request: Any, handler: InMemory) -> tuple[str, bytes]:
    """Name and bytes of the field `file`. Raises TooLarge or Invalid with a sentence for people."""
    file = request.FILES.get("file")
    if handler.too_large:
        raise TooLarge(_("The file is larger than %(limit)s MB. Split it or scan it at 300 dpi or less.") % {
            "limit": LIMITS.file_bytes // MEGABYTE
        })  # fmt: skip
    if file is None:
        raise Invalid(fields={"file": [_("Choose a file.")]})
    return file.name or "", file.read()
