"""Who has an identity number, and whom somebody means who gives one (docs/decisions/0011)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from carloan.core.actors import Actor
from carloan.core.reach import load_together, reaches
from carloan.core.sealed import clear
from carloan.core.sight import sees_clear
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
    numbers = by_number(parties)
    found = list(Party.objects.filter(id_digest__in=list(numbers)).exclude(id__in=[one.id for one in parties]))
    load_together(found)
    others = by_number(other for other in found if sees_clear(actor, other))
    return {
        one.id: [other.id for other in others[digest]]
        for digest, ones in numbers.items()
        if digest in others
        for one in ones
        if sees_clear(actor, one)
    }
