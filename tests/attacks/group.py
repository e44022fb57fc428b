"""One way of attacking a lender's records, as the list of them has it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """One way. `tests` show that it is refused; `none`: why there is nothing to attack."""

    number: int
    way: str
    tests: tuple[str, ...] = ()
    none: str = ""
