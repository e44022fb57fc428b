"""How long loans are overdue: the one list of classes that lists, sums, reconciliations and colours go by."""

from collections.abc import Mapping

# Days from and to, both within the class; None: without end.
AGES: Mapping[str, tuple[int, int | None]] = {
    "0": (0, 0),
    "1-29": (1, 29),
    "30-59": (30, 59),
    "60-89": (60, 89),
    "90+": (90, None),
}
WORST = "90+"
# Of loans whose days nobody told: in no class, and late in no sum.
UNKNOWN = "unknown"
# As classes were called in 0.1: saved views and addresses that people kept name them still.
FORMER = {"1-30": "1-29", "31-60": "30-59", "61-90": "60-89"}


def age_of(days: int | None) -> str:
    """The class that a number of days overdue falls into; `unknown` for a number that nobody told."""
    if days is None:
        return UNKNOWN
    return next(name for name, (_low, high) in AGES.items() if high is None or days <= high)


def age_named(name: str) -> str:
    """The class that is called so, or was; any other name as it is."""
    return FORMER.get(name, name)
