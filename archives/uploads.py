"""Uploaded bytes stay in memory: a paper never touches a disk in clear."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http.multipartparser import MultiPartParser
from django.utils.translation import gettext_lazy as _

from carloan.archives.recognition.limits import LIMITS, MEGABYTE
from carloan.core.errors import AppError, Invalid, TooLarge
from carloan.lib.file_names import given_name

# What one request may bring in all its files; all of it is in memory at once.
REQUEST_BYTES = 2 * LIMITS.file_bytes
CHOOSE = _("Choose a file.")
# A part whose name is in another encoding counts as none.
UNNAMED = _("No file can be told in what was sent. A program that sends files writes their names in UTF-8.")
# Fields and the seams between them take less than so many bytes of a request without a file.
FIELDS_BYTES = 8192


class _AsGiven(MultiPartParser):
    """Reads a request's parts as Django does, but leaves the names of files alone: what is shown of them is decided
    where they are shown (lib/file_names.py)."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        name = given_name(file_name)
        return None if name in ("", ".", "..") else name


class InMemory(FileUploadHandler):
    """Keeps at most `most` files in memory and stops reading the connection when there is more than may come.

    `wrong` then holds what to tell; nothing of such a request is taken.
    """

    chunk_size = 256 * 1024

    def __init__(self, request: Any, *, most: int | None) -> None:
        super().__init__(request)
        self.most = most
        self.files = self.taken = 0
        self.reading = False
        self.wrong: AppError | None = None

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> Any:
        """Asked before anything is read, and once more by the parser that then reads for us."""
        if self.reading:
            return None
        self.reading = True
        return _AsGiven(meta, input_data, [self], encoding).parse()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.buffer, self.size = io.BytesIO(), 0
        self.files += 1
        if self.most is not None and self.files > self.most:
            self._stop(Invalid(fields={"file": [_("Send one file in one request; this one carries several.")]}))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        self.taken += len(raw_data)
        if self.size > LIMITS.file_bytes:
            message = _("The file is larger than %(limit)s MB. Split it or scan it at 300 dpi or less.")
            self._stop(TooLarge(message % {"limit": LIMITS.file_bytes // MEGABYTE}))
        if self.taken > REQUEST_BYTES:
            message = _("The files are larger than %(limit)s MB together. Send them in several goes.")
            self._stop(TooLarge(message % {"limit": REQUEST_BYTES // MEGABYTE}))
        self.buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            self.buffer, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset
        )

    def _stop(self, wrong: AppError) -> None:
        self.wrong, self.buffer = wrong, io.BytesIO()
        raise StopUpload(connection_reset=False)


def keep_in_memory(request: Any, *, most: int | None = None) -> InMemory:
    """Call before anything reads the request's body. `most` files may come; without it as many as the site takes."""
    handler = InMemory(request, most=most)
    request.upload_handlers = [handler]
    return handler


def part_text(data: Any, name: str) -> str:
    """A text beside the files. Raises Invalid for one that came twice or that no database holds."""
    values = data.getlist(name)
    if len(values) > 1:
        raise Invalid(fields={name: [_("Given more than once.")]})
    text = str(values[0]).strip() if values else ""
    if "\0" in text:
        raise Invalid(fields={name: [_("This holds a character that no text has (NUL).")]})
    return text


def files_of(request: Any, handler: InMemory) -> list[tuple[str, bytes]]:
    """Names and bytes of the parts `file`. Raises TooLarge or Invalid with a sentence for people."""
    files = request.FILES.getlist("file")
    if handler.wrong:
        raise handler.wrong
    if not files:
        sent = int(request.META.get("CONTENT_LENGTH") or 0)
        raise Invalid(fields={"file": [UNNAMED if sent > FIELDS_BYTES else CHOOSE]})
    return [(file.name or "", file.read()) for file in files]
