"""One module a claim about speed; each measures its floor in the same run and prints the ratio.

A module has `def run(scale: str) -> Iterable[Claim]` with scale "small" (seconds, for the suite) or "full" (the real
size); each claim is told when it comes, so that a run of hours that somebody ends early has said what it knew.
It runs inside a set-up Django with databases of its own: DATABASE_URL is the login of `worker`, CARLOAN_ADMIN_URL the
administrator's. A module that measures through web and workers says `SITE = True` and finds the web at PORT. One that
stops servers and kills processes says `STAGE = True`: it runs inside the supervisor and takes its `stage` as well.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Claim:
    """`ratio` is value / floor; `target` bounds the ratio when there is a floor, else the value.

    `better` says on which side of the target it is good.
    """

    claim: str
    value: float
    unit: str
    target: float
    floor: float | None = None
    better: Literal["lower", "higher"] = "lower"

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def met(self) -> bool:
        measured = self.value if self.ratio is None else self.ratio
        return measured <= self.target if self.better == "lower" else measured >= self.target

    def as_json(self) -> dict[str, str | float | bool | None]:
        """The line that other programs read."""
        return {
            "claim": self.claim,
            "value": self.value,
            "unit": self.unit,
            "floor": self.floor,
            "ratio": self.ratio,
            "target": self.target,
            "met": self.met,
        }
