"""Who has an identity number, and whom somebody means who gives one (docs/decisions/0011)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from carloan.core.actors import Actor
from carloan.core.index_keys import IndexKey, index_keys
from carloan.core.keys import KeyDestroyed
from carloan.core.reach import load_together, reaches
from carloan.core.sealed import clear
from carloan.core.sight import sees_clear
from carloan.lib.text import fold_key
from carloan.loans.models import Party

from .loans import VIEW


def number_digest(key: IndexKey, id_number: str) -> bytes | None:
    """The blind index of a normal number by which one number is one party."""
    return key.blind("id_number", id_number) if id_number else None


def number_digests(id_number: str) -> list[bytes]:
    """Under which blind indexes a normal number may stand in the book, the newest first; none without a number.

    Several while the index key is rotated, and under retired versions what came back from a backup.
    """
    return [each.blind("id_number", id_number) for each in index_keys(kept=True)] if id_number else []


def number_order(id_number: str) -> bytes:
    """Where a number stands in the order in which people are entered: two transactions that enter the same two people
    wait for each other and never both ways. By the oldest version, which every process knows alike."""
    return (number_digests(id_number) or [b""])[-1]


def having_number(numbers: Mapping[bytes, Sequence[Party]], id_number: str) -> list[Party]:
    """Those of the parties by number (`by_number`) that have a normal number."""
    return [party for digest in number_digests(id_number) for party in numbers.get(digest, ())]


def by_number(parties: Iterable[Party]) -> dict[bytes, list[Party]]:
    """Parties that have a number, by its digest."""
    found: dict[bytes, list[Party]] = defaultdict(list)
    for party in parties:
        if party.id_digest is not None:
            found[bytes(party.id_digest)].append(party)
    return found


def is_in_sight(actor: Actor, party: Party) -> bool:
    """Whether the actor may hear whose number it is: they see the party in some loan, and its values in clear.

    To whoever sees only masks an answer would tell, number by number, what the masks hide.
    """
    return reaches(actor, VIEW, party) and sees_clear(actor, party)


def meant(actor: Actor, holders: Iterable[Party], name: str) -> Party | None:
    """The party that somebody means who gives a number and a name, of those that have the number.

    One that is in the actor's sight, whatever it is called (a caller refuses another name); beyond that only one of
    this very name. None: nobody here has the number, or somebody of whom the actor must not hear.
    """
    wanted = fold_key(name)
    ranked = [(is_in_sight(actor, party), fold_key(clear(party, "name")) == wanted, party) for party in holders]
    seen, named, party = max(ranked, key=lambda rank: rank[:2], default=(False, False, None))
    return party if seen or named else None


def next_place(holders: Iterable[Party]) -> int:
    """Where one more party stands among those that have its number."""
    return max((party.id_place for party in holders), default=-1) + 1


def same_number(actor: Actor, parties: Sequence[Party]) -> dict[UUID, list[UUID]]:
    """The other parties that have the number of each of these: whoever sees both in clear must find out which one is
    wrong."""
    asked = {one.id: _digests_of(one) for one in parties if one.id_digest is not None and sees_clear(actor, one)}
    wanted = {digest for digests in asked.values() for digest in digests}
    found = list(Party.objects.filter(id_digest__in=list(wanted)).exclude(id__in=[one.id for one in parties]))
    load_together(found)
    others = by_number(other for other in found if sees_clear(actor, other))
    same = {one_id: [other.id for digest in digests for other in others[digest]] for one_id, digests in asked.items()}
    return {one_id: ids for one_id, ids in same.items() if ids}


def _digests_of(party: Party) -> set[bytes]:
    """The blind indexes of a party's number: its own, and while the index key is rotated those of the other versions,
    under which another one may stand already, or still."""
    digests = {bytes(party.id_digest or b"")}
    keys = index_keys()
    if len(keys) > 1:
        with suppress(KeyDestroyed):
            digests |= {each.blind("id_number", clear(party, "id_number")) for each in keys}
    return digests
