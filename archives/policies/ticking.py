"""For which items of a checklist a paper stands, whose it is, and until when it counts. Pure decisions."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from carloan.archives.policies.checklist import Of
from carloan.archives.policies.matching import IDENTIFIERS, NAMES, identifiers
from carloan.archives.policies.packs import FILED, ISSUED, PRINTED
from carloan.lib.text import fold_key

_UNENDING: Final = "long_term"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person or organisation in the loan, as what, with what a paper may say of them, in clear."""

    id: UUID
    role: str
    name: str
    id_number: str


class Wanted(NamedTuple):
    """What an item says of its papers."""

    key: str
    stage: str
    kinds: frozenset[str]
    of: str
    expires: str
    months: int | None


class Tick(NamedTuple):
    """A paper stands for an item, and for one person where it is asked of persons."""

    key: str
    stage: str
    party_id: UUID | None
    valid_until: date | None


def whose(kind: str, values: Mapping[str, str], people: Iterable[Somebody]) -> frozenset[UUID]:
    """Whose paper it is: by the numbers on it, else by the names. A paper that names nobody (the back of an identity
    card) is of the only person there is; of several people it is nobody's until somebody says so."""
    everybody = list(people)
    numbers = {
        fold_key(value) for name, value in identifiers(kind, values).items() if IDENTIFIERS[name] == "id_number"
    } | ({fold_key(values["uscc"])} if values.get("uscc") else set())
    names = {fold_key(values[name]) for name in NAMES if values.get(name)}
    by_number = {one.id for one in everybody if one.id_number and fold_key(one.id_number) in numbers}
    if by_number:
        return frozenset(by_number)
    by_name = {one.id for one in everybody if one.name and fold_key(one.name) in names}
    if by_name or numbers or names:
        return frozenset(by_name)
    alone = {one.id for one in everybody}
    return frozenset(alone) if len(alone) == 1 else frozenset()


def ticks_of(
    items: Sequence[Wanted], *, kind: str, values: Mapping[str, str], people: Sequence[Somebody], filed_on: date | None
) -> list[Tick]:
    """The items that a paper ticks by its kind, for the people whose it is in the roles that they have."""
    mine = [item for item in items if kind in item.kinds]
    if not mine:
        return []
    who = whose(kind, values, people) if any(item.of != Of.LOAN for item in mine) else frozenset()
    found = []
    for item in mine:
        until = valid_until(item, values, filed_on=filed_on)
        if item.of == Of.LOAN:
            found.append(Tick(item.key, item.stage, None, until))
        else:
            held = dict.fromkeys(one.id for one in people if one.role == item.of and one.id in who)
            found += [Tick(item.key, item.stage, party_id, until) for party_id in held]
    return found


def valid_until(item: Wanted, values: Mapping[str, str], *, filed_on: date | None) -> date | None:
    """The last day on which a paper counts for an item; None where it does not expire, or where that is not known."""
    if item.expires == PRINTED:
        return _day(values.get("valid_to", ""))
    since = {ISSUED: _day(values.get("issue_date", "")), FILED: filed_on}.get(item.expires)
    return months_later(since, item.months) if since and item.months else None


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _day(text: str) -> date | None:
    if not text or text == _UNENDING:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
