"""What a lender's own policy makes stricter than the registry says: law 7, tighten, never loosen.

Whatever a policy says, the rule that comes out hides at least what the registry's rule hides: a policy that was written
for other rules, or into the database past the page, cannot open anything. The policy of the day comes with the query
that reads who somebody is (core/access.py), so that no value that is shown asks for it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeVar

from django.db.models import JSONField, QuerySet, Value

from .actors import Actor
from .registry import ExportRule, Field, Term, Tighter, masked_fields, terms_of

# For each rule of carloan.lib.masks those that hide at least as much of the same value.
_NUMBERS: Final = ("phone", "id_number", "card", "plate", "vin")
HARDER: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_NUMBERS, ("ends", "text")),
    **dict.fromkeys(("name", "address", "date", "email", "ends"), ("text",)),
}
EXPORTS: Final[tuple[ExportRule, ...]] = ("clear", "masked", "never")
# Rows whose values are shown by what they are called on their paper, or opened one by one with a reason; and what is
# of members rather than of borrowers.
_CONTAINERS: Final = frozenset(
    {"archives.paper", "archives.paperpage", "archives.paperfield", "core.auditevent", "core.user", "loans.loangrant"}
)
Row = TypeVar("Row", bound=Any)


NOTHING: Final = Tighter()


@dataclass(frozen=True, slots=True)
class Tightenable:
    """A rule that a lender may tighten: its key in policies, whose field it is, and what the field is called.
    `guarded_means` is what `guarded` does where it is not a reveal of one value with a reason."""

    key: str
    object_type: str
    name: str
    rule: Field
    guarded_means: Any = ""


# Rules of values that are no columns, by the prefix of their keys: (object type, rules by name, guarded_means).
_others: dict[str, tuple[str, Callable[[], Mapping[str, Field]], Any]] = {}
_policy: list[Callable[[], Any]] = []


def register_rules(
    prefix: str, object_type: str, rules: Callable[[], Mapping[str, Field]], *, guarded_means: Any = ""
) -> None:
    """Rules of an app beside its columns: policies name them `prefix.name`."""
    _others[prefix] = (object_type, rules, guarded_means)


def register_policy(expression: Callable[[], Any]) -> None:
    """The expression that a query is annotated with to know what the open lender's policy says today."""
    _policy[:] = [expression]


def tightenable() -> dict[str, Tightenable]:
    """Everything a policy may name, by its key."""
    columns = [
        Tightenable(f"{label}.{name}", label, name, rule)
        for label, name, rule in masked_fields()
        if rule.mask != "written" and label not in _CONTAINERS
    ]
    others = [
        Tightenable(f"{prefix}.{name}", object_type, name, rule, means)
        for prefix, (object_type, rules, means) in _others.items()
        for name, rule in rules().items()
        if rule.mask is not None
    ]
    return {each.key: each for each in (*columns, *others)}


def with_policy(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The same rows, each with the lender's policy of today as `masking`."""
    annotated: QuerySet[Row] = rows.annotate(masking=_policy[0]() if _policy else Value(None, JSONField()))
    return annotated


def parsed(rules: Any) -> dict[str, Tighter]:
    """A policy as it is stored; what nobody knows in it says nothing."""
    known = Tighter.__slots__
    return {
        key: Tighter(**{name: value for name, value in said.items() if name in known})
        for key, said in (rules or {}).items()
    }


@lru_cache(maxsize=1024)
def tightened(rule: Field, by: Tighter) -> Field:
    """The stricter of both, part by part."""
    mask = by.mask if rule.mask and by.mask in HARDER.get(rule.mask, ()) else rule.mask
    exports = [each for each in EXPORTS if each in (rule.export, by.export)]
    return replace(
        rule,
        mask=mask,
        guarded=rule.guarded or (by.guarded and rule.mask is not None),
        export=exports[-1],
        search="none" if by.unsearched and isinstance(rule.search, Term) else rule.search,
    )


def rule_for(actor: Actor, key: str, rule: Field) -> Field:
    """The rule as it is for this actor's lender today."""
    said = actor.masking.get(key)
    return tightened(rule, said) if said is not None else rule


def unsearched(actor: Actor) -> frozenset[str]:
    """Names of terms that the lender's policy lets nobody search by: those of every field that has them."""
    if not any(said.unsearched for said in actor.masking.values()):
        return frozenset()
    fields = tightenable()
    return frozenset(
        field.rule.search.name
        for key, said in actor.masking.items()
        if said.unsearched and (field := fields.get(key)) and isinstance(field.rule.search, Term)
    )


def searched(actor: Actor, *labels: str) -> list[str]:
    """The terms by which these models (`app.Model`) are found in this actor's lender."""
    closed = unsearched(actor)
    return [name for name in terms_of(*labels) if name not in closed]


def loosened(rules: Mapping[str, Tighter]) -> Iterable[tuple[str, str]]:
    """(key, part) of what a policy says that would show more than the registry's rule, or says of nothing."""
    fields = tightenable()
    for key, said in rules.items():
        field = fields.get(key)
        if field is None:
            yield key, "key"
            continue
        if said.mask and said.mask not in HARDER.get(field.rule.mask or "", ()):
            yield key, "mask"
        if said.export and (
            said.export not in EXPORTS or EXPORTS.index(said.export) <= EXPORTS.index(field.rule.export)
        ):
            yield key, "export"
        if said.unsearched and not isinstance(field.rule.search, Term):
            yield key, "unsearched"


def looser(after: Mapping[str, Tighter], before: Mapping[str, Tighter]) -> list[str]:
    """The keys of the rules that would show more by one policy than by another one, whichever part of them does."""
    fields = tightenable()
    return sorted(
        key
        for key, said in before.items()
        if (field := fields.get(key))
        and _shows_more(tightened(field.rule, after.get(key, NOTHING)), tightened(field.rule, said))
    )


def _shows_more(after: Field, before: Field) -> bool:
    return (
        (after.mask != before.mask and after.mask not in HARDER.get(before.mask or "", ()))
        or (before.guarded and not after.guarded)
        or EXPORTS.index(after.export) < EXPORTS.index(before.export)
        or (isinstance(after.search, Term) and not isinstance(before.search, Term))
    )
