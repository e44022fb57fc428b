"""Files are taken at the few doors that ask for them; everywhere else not a byte of one is kept."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class NoFiles(FileUploadHandler):
    """The handler of every page that brings none of its own (loans/uploads.py, archives/uploads.py do).

    Django's own would write whatever anybody sends, signed in or not, to the disk in clear before a view is asked.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None
