"""Who has an identity number, and whom somebody means who gives one (docs/decisions/0011)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from carloan.core.actors import Actor
from carloan.core.reach import reaches
from carloan.core.sealed import clear
from carloan.lib.text import fold_key
from carloan.loans.models import Party

from .loans import VIEW


def by_number(parties: Iterable[Party]) -> dict[bytes, list[Party]]:
    """Parties that have a number, by its digest."""
    found: dict[bytes, list[Party]] = defaultdict(list)
    for party in parties:
        if party.id_digest is not None:
            found[bytes(party.id_digest)].append(party)
    return found


def meant(actor: Actor, holders: Iterable[Party], name: str) -> Party | None:
    """The party that somebody means who gives a number and a name, of those that have the number.

    One that the actor sees in some loan, whatever it is called (a caller refuses another name); beyond that only one of
    this very name. None: nobody here has the number, or somebody of whom the actor must not hear.
    """
    wanted = fold_key(name)
    ranked = [(reaches(actor, VIEW, party), fold_key(clear(party, "name")) == wanted, party) for party in holders]
    seen, named, party = max(ranked, key=lambda rank: rank[:2], default=(False, False, None))
    return party if seen or named else None


def next_place(holders: Iterable[Party]) -> int:
    """Where one more party stands among those that have its number."""
    return max((party.id_place for party in holders), default=-1) + 1


def same_number(parties: Sequence[Party]) -> dict[UUID, list[UUID]]:
    """The other parties that have the number of each of these: whoever sees both must find out which one is wrong."""
    numbers = by_number(parties)
    others = by_number(Party.objects.filter(id_digest__in=list(numbers)).exclude(id__in=[one.id for one in parties]))
    return {one.id: [other.id for other in others.get(digest, ())] for digest, ones in numbers.items() for one in ones}
