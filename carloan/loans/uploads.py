"""Uploaded files of loans stay in memory until they are sealed: they never touch a disk in clear."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

LARGEST_FILE = 300 * 1024 * 1024


class InMemory(FileUploadHandler):
    """Keeps at most LARGEST_FILE bytes a request in memory and stops reading the connection when there is more."""

    chunk_size = 256 * 1024
    too_large = False
    taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.buffer = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        if self.taken > LARGEST_FILE:
            self.too_large = True
            self.buffer = io.BytesIO()
            raise StopUpload(connection_reset=False)
        self.buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            self.buffer, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset
        )


def keep_in_memory(request: Any) -> InMemory:
    """Call before anything reads the request's body, the CSRF check included."""
    handler = InMemory(request)
    request.upload_handlers = [handler]
    return handler
