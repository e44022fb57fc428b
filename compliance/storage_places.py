"""Where what was destroyed had lain, and until when it may still lie in a backup: what a certificate says of places."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from carloan.lib.backups import KEY_STORE_DAYS


@dataclass(frozen=True, slots=True)
class StoragePlace:
    """`gone_on`: from this day nothing lies there that could be read; None where the installation was not told."""

    code: str
    label: Any
    said: Any
    gone_on: date | None


# The living ones, in which everything went with the destruction itself.
_LIVING: Final = (
    (
        "keys",
        _("Key store"),
        _(
            "The keys were deleted, and their numbers entered in the list of destroyed keys, which each restore "
            "carries out again."
        ),
    ),
    (
        "database",
        _("Main database"),
        _(
            "What the keys had sealed was emptied. What was never sealed stays as a tombstone: number, amounts and "
            "days of the loan, record classes."
        ),
    ),
    ("files", _("Store of papers"), _("The sealed files were deleted and looked for again: none was there.")),
    ("index", _("Search index"), _("Terms and text of the papers were removed.")),
    ("memory", _("Memory of running processes"), _("Keys are forgotten within minutes.")),
    (
        "ledger",
        _("Trail and ledger"),
        _(
            "Kept for ever: they hold commitments and nothing personal. What their sealed details said went with the "
            "keys."
        ),
    ),
)


def storage_places(destroyed_on: date, *, archived_until: date | None) -> list[StoragePlace]:
    """Every place of this installation (docs/operate.md, Backup); `destroyed_on` is the day on which the last thing of
    the batch went, `archived_until` the last day of the quarterly backups that stand (None: there are none)."""
    kept = settings.BACKUP_DAYS
    return [
        *(StoragePlace(code, label, said, destroyed_on) for code, label, said in _LIVING),
        StoragePlace(
            "key-backups",
            _("Backups of the key store"),
            _(
                "Those from before the destruction hold the keys until the last of them is deleted; with one of them "
                "and a backup of database and papers of the same time the records could be read."
            ),
            destroyed_on + timedelta(days=KEY_STORE_DAYS),
        ),
        StoragePlace(
            "backups",
            _("Backups of the main database and of papers"),
            _("They hold ciphertext, which nothing opens any more once the backups of the key store are gone."),
            destroyed_on + timedelta(days=kept) if kept else None,
        ),
        StoragePlace(
            "archive-backups",
            _("Quarterly backups of the archive"),
            _("They hold ciphertext and no key: what was sealed with a key that was destroyed is not to be opened."),
            archived_until or destroyed_on,
        ),
    ]
