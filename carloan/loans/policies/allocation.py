"""What a payment pays (冲抵): pure arithmetic over its parts, in minor units."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

UNALLOCATED = "unallocated"


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a payment: what it pays (a component of `Allocation`) and of which instalment, 0 for none of them."""

    component: str
    amount: int
    instalment: int = 0


@dataclass(frozen=True, slots=True)
class Parts:
    """How an amount is allocated, minor units. What is given to nothing stays unallocated."""

    principal: int = 0
    interest: int = 0
    penalty: int = 0
    other: int = 0
    fee: int = 0
    compound: int = 0

    @property
    def total(self) -> int:
        return sum(asdict(self).values())

    def shares(self, amount: int) -> list[Share]:
        """The allocation of `amount` by these parts; their rest is told even when there is none."""
        named = [Share(name, part) for name, part in asdict(self).items() if part]
        return [*named, Share(UNALLOCATED, amount - self.total)]


@dataclass(frozen=True, slots=True)
class Allocated:
    """What was given to each component, and what to none."""

    parts: Parts
    unallocated: int = 0

    @property
    def repaid(self) -> int:
        """What counts against a repayment plan: principal and interest."""
        return self.parts.principal + self.parts.interest


def summed(shares: Iterable[Share]) -> Allocated:
    """Sums by component, over instalments and payments."""
    sums: dict[str, int] = {}
    for share in shares:
        sums[share.component] = sums.get(share.component, 0) + share.amount
    rest = sums.pop(UNALLOCATED, 0)
    return Allocated(Parts(**sums), rest)


def opposite(shares: Sequence[Share]) -> list[Share]:
    """What undoes them, share by share."""
    return [Share(share.component, -share.amount, share.instalment) for share in shares]
