"""What each release left in its databases, so that every later one is tried on it.

    0.1/migrations.json     the newest migration of each app
    0.1/database.sql.gz     rows of every table that has some, as psql reads them; keystore.sql.gz likewise

`python -m tests.operations.releases 0.2` records the checkout's present state as release 0.2.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Release:
    version: str

    @property
    def folder(self) -> Path:
        return FOLDER / self.version

    @property
    def migrations(self) -> Path:
        return self.folder / "migrations.json"

    def rows(self, database: str) -> Path:
        return self.folder / f"{database}.sql.gz"


def recorded() -> list[Release]:
    return [Release(path.parent.name) for path in sorted(FOLDER.glob("*/migrations.json"))]
