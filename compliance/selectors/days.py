"""What a day's time stamp says of one lender: that its checkpoint of that day is among those that were stamped."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from carloan.compliance.adapters.tsa import SANDBOX
from carloan.compliance.models import LedgerCheckpoint, LedgerDay, LedgerTimeToken
from carloan.core.tenancy import tenant_atomic
from carloan.lib import merkle, signed_note

# Of a lender's checkpoints before a day's moment: another sealer may have been signing while they were gathered.
LOOK_BACK = 20


@dataclass(frozen=True, slots=True)
class StampedDay:
    """`body` was stamped at `taken_at`; `note` is the lender's checkpoint, and `proof` leads from it to body's root."""

    day: date
    body: str
    index: int
    count: int
    proof: list[bytes]
    note: str
    size: int
    token: bytes
    taken_at: datetime
    authority: str


def checkpoint_leaf(note: str) -> bytes:
    """The leaf of a checkpoint in the tree of a day: its body alone, since signatures may be added."""
    return merkle.leaf_hash(note_body(note).encode())


def note_body(note: str) -> str:
    return note.rpartition("\n\n")[0] + "\n"


def day_leaves(day: LedgerDay) -> list[bytes]:
    whole = bytes(day.leaves)
    return [whole[at : at + merkle.SIZE] for at in range(0, len(whole), merkle.SIZE)]


def last_stamped_day(size: int) -> StampedDay | None:
    """The last stamped day with a checkpoint of the scope's tenant of at most `size`; None where there is none."""
    with tenant_atomic():
        for token in LedgerTimeToken.objects.select_related("day").order_by("-day")[:LOOK_BACK]:
            day, leaves = token.day, day_leaves(token.day)
            places = {leaf: index for index, leaf in enumerate(leaves)}
            before = LedgerCheckpoint.objects.filter(signed_at__lte=day.made_at, size__lte=size).order_by("-size")
            for checkpoint in before[:LOOK_BACK]:
                index = places.get(checkpoint_leaf(checkpoint.note))
                if index is None:
                    continue
                proof = merkle.prove_inclusion(index, len(leaves), lambda low, high: merkle.root(leaves[low:high]))  # noqa: B023 - asked here
                return StampedDay(
                    day.day, day.body, index, len(leaves), proof, checkpoint.note, checkpoint.size, bytes(token.token),
                    token.taken_at, token.authority,
                )  # fmt: skip
    return None


def outside_time() -> datetime | None:
    """The time of the last stamp over the installation's ledgers by an authority that is not this machine; None where
    there is none. The sandbox's clock is our own, so that its stamps say nothing of the time."""
    stamps = LedgerTimeToken.objects.exclude(authority__contains=SANDBOX)
    latest: datetime | None = stamps.aggregate(Max("taken_at"))["taken_at__max"]
    return latest


def days_broken() -> list[date]:
    """Days of which what was stamped is not the root of what is kept."""
    return [day.day for day in LedgerDay.objects.order_by("day").iterator() if not _is_whole(day)]


def _is_whole(day: LedgerDay) -> bool:
    try:
        said = signed_note.Checkpoint.parse(day.body)
    except signed_note.NoteError:
        return False
    leaves = day_leaves(day)
    return (said.size, said.root) == (len(leaves), merkle.root(leaves))
