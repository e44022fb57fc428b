"""The one registry of data classes: every field of every model says what it is (law 5).

Classes after JR/T 0171-2020: C3 credentials and biometrics (never shown), C2 identifying and financial facts of
a person (masked), C1 internal facts (clear inside the lender), `none` for machinery. A field without a class is
a failing system check, which stops start and build.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.db import models

DataClass = Literal["C3", "C2", "C1", "none"]
ExportRule = Literal["clear", "masked", "never"]


@dataclass(frozen=True)
class Term:
    """How an encrypted value is found: by a keyed hash of the whole of it, of its last characters (what people remember
    and read out on the phone), and with `parts` of each pair of characters."""

    name: str
    tails: tuple[int, ...] = ()
    parts: bool = False


@dataclass(frozen=True)
class Field:
    """How a field is treated wherever it leaves the database.

    mask: a rule of carloan.lib.masks; None for what is never masked. guarded: stays masked on pages even for people who
    may see clear values, until it is revealed with a reason (numbers that open doors: identity, card, phone, address).
    search: the term of the blind index (carloan.core.lookup), `filter` for a column that lists narrow by, or none.
    export: how it leaves in files.
    """

    data_class: DataClass
    mask: str | None = None
    guarded: bool = False
    search: Term | Literal["none", "filter"] = "none"
    export: ExportRule = "clear"

    def __post_init__(self) -> None:
        if self.data_class == "C3" and self.export != "never":
            raise ValueError("C3 fields are never exported")


@dataclass(frozen=True, slots=True)
class Tighter:
    """What a lender adds to one rule; what is empty leaves the rule as it is."""

    mask: str = ""
    guarded: bool = False
    export: str = ""
    unsearched: bool = False

    def stored(self) -> dict[str, Any]:
        """As a policy keeps it: what it says and nothing else."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


NONE = Field("none")
INTERNAL = Field("C1")
SECRET = Field("C3", export="never")
# What people write in their own words: it is read, but for the numbers of people that somebody put into it.
WRITTEN = Field("C1", mask="written", export="masked")

_registry: dict[str, dict[str, Field]] = {}
_terms: dict[str, Term] = {}


def classify(label: str, **fields: Field) -> None:
    """Give each field of `app.Model` its class. `id` and `tenant` are machinery everywhere and need no word."""
    known = _registry.setdefault(label.lower(), {"id": NONE, "tenant": NONE, "tenant_id": NONE})
    if again := known.keys() & fields.keys() - {"id", "tenant", "tenant_id"}:
        raise ValueError(f"{label}: classified twice: {', '.join(sorted(again))}")
    known.update(fields)
    register_terms(*(field.search for field in fields.values() if isinstance(field.search, Term)))


def register_terms(*terms: Term) -> None:
    """Terms of values that are no columns of their own, such as those read on a paper; columns bring theirs."""
    for term in terms:
        if _terms.setdefault(term.name, term) != term:
            raise ValueError(f"the term {term.name} is described twice")


def terms() -> dict[str, Term]:
    """Every term of the blind index by its name."""
    return dict(_terms)


def term(name: str) -> Term:
    """Raises KeyError for what no field is found by: default is refusal."""
    return _terms[name]


def terms_of(*labels: str) -> list[str]:
    """The names of the terms by which these models (`app.Model`) are found."""
    rules = [rule for label in labels for rule in _registry[label.lower()].values()]
    return [rule.search.name for rule in rules if isinstance(rule.search, Term)]


def rule_of(model: type[models.Model] | models.Model, field: str) -> Field:
    """The rule of a field. Raises KeyError for an unclassified one: default is refusal."""
    return _registry[model._meta.label_lower][field]


def masked_names() -> frozenset[str]:
    """The names of all fields that are masked somewhere, or never shown: what a log must not tell either.

    Of what people write a log tells what everybody may read.
    """
    return frozenset(
        name
        for rules in _registry.values()
        for name, rule in rules.items()
        if (rule.mask or rule.data_class == "C3") and rule.mask != "written"
    )


def masked_fields() -> list[tuple[str, str, Field]]:
    """(`app.model`, field, rule) of every field that is masked for somebody."""
    return [
        (label, name, rule)
        for label, rules in _registry.items()
        for name, rule in rules.items()
        if rule.mask is not None and rule.data_class != "C3"
    ]


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("carloan.")]


def unclassified() -> list[str]:
    """`app.Model.field` of every field of our models that nobody classified, and of every rule without a field."""
    missing = []
    for model in own_models():
        rules = _registry.get(model._meta.label_lower, {})
        names = {field.name for field in model._meta.concrete_fields}
        missing += [f"{model._meta.label}.{name} has no data class" for name in sorted(names - rules.keys())]
        stale = rules.keys() - names - {"id", "tenant", "tenant_id"}
        missing += [f"{model._meta.label}.{name} is classified but does not exist" for name in sorted(stale)]
    return missing
