"""How much of a stranger's file we are willing to look at."""

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file. A paper of a loan is a photo or a scan; none of these is near an honest one."""

    file_bytes: int = 50 * MEGABYTE
    pages: int = 200
    page_pixels: int = 120_000_000
    # One upload's papers are looked into while its sender waits.
    zip_members: int = 200
    zip_bytes: int = 500 * MEGABYTE
    zip_ratio: int = 100
    # Of the child process that decodes it:
    cpu_seconds: int = 120
    memory_bytes: int = 2_048 * MEGABYTE
    frame_seconds: int = 30
    # Of the worker that reads its pages; an honest page takes one to three seconds, a paper seldom more than ten pages.
    page_seconds: int = 60
    paper_seconds: int = 900

    @property
    def worker_seconds(self) -> int:
        """How long a paper may hold its worker; what does not come back by then is ended."""
        return self.paper_seconds + self.page_seconds + 60


LIMITS = Limits()
