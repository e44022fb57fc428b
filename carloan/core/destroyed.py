"""The list of destroyed keys: ids alone, outside both databases and the backup cycle of either.

A key store that was restored to an older state knows keys again that were destroyed since. This list says which: it is
written before a key goes, never shortened, and what stands in it is destroyed again before anybody works
(services/replaying.py). One file a lender, one line a key: time, kind, id.

The key store keeps for each lender how much of the list it has carried out, so that an empty folder in place of the
list is told from it.
"""

import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .errors import Unavailable

SUFFIX: Final = ".list"
_LINE = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) ([a-z]{1,8}) ([0-9a-f]{32})")


class ListAway(Unavailable):
    """The folder of the list is not there, or what stands in it is shorter than what was carried out already."""

    code = "destroyed_list_away"
    audited = True
    default = _(
        "The list of destroyed keys is not in its place, so nothing can be destroyed. Tell whoever runs this "
        "installation, and try again later."
    )


class Destroyed(NamedTuple):
    at: datetime
    kind: str
    id: UUID


def make_folder() -> None:
    """Make the folder of a new installation, for its owner alone."""
    folder = Path(settings.DESTROYED)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _to_disk(folder)


def note(tenant_id: UUID, keys: Iterable[tuple[str, UUID]]) -> None:
    """Put keys on the list, on the disk when this returns. Raises ListAway: what is not listed is not destroyed."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # The empty line ends one that a power cut tore.
    lines = "\n" + "".join(f"{at} {kind} {key_id.hex}\n" for kind, key_id in keys)
    path = _path(tenant_id)
    try:
        is_new = not path.exists()
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            rest = lines.encode()
            while rest:  # a disk that is nearly full takes a part of it and says nothing
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        if is_new:
            _to_disk(path.parent)
    except OSError as error:
        raise ListAway from error


def size(tenant_id: UUID) -> int:
    """Bytes of the lender's list, 0 when nothing was ever destroyed. Raises ListAway without its folder."""
    try:
        return _path(tenant_id).stat().st_size
    except FileNotFoundError as error:
        if not Path(settings.DESTROYED).is_dir():
            raise ListAway from error
        return 0
    except OSError as error:
        raise ListAway from error


def listed(tenant_id: UUID, *, since: int = 0) -> Iterator[Destroyed]:
    """The lender's destroyed keys behind a place in the list, the oldest first; torn lines are passed over."""
    try:
        with open(_path(tenant_id), "rb") as file:
            file.seek(since)
            for line in file:
                if found := _LINE.fullmatch(line.strip()):
                    at = datetime.strptime(found[1].decode(), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
                    yield Destroyed(at, found[2].decode(), UUID(found[3].decode()))
    except FileNotFoundError:
        return
    except OSError as error:
        raise ListAway from error


def _path(tenant_id: UUID) -> Path:
    return Path(settings.DESTROYED) / f"{tenant_id}{SUFFIX}"


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
