"""How long a session lasts and how many a person may have at once: decisions over plain data, without a clock.

The usual figures are those of NIST SP 800-63B-4 for AAL2 and of 等保 2.0 level 3 (8.1.4.1 b): 30 minutes without use,
12 hours in all. A lender may be stricter, never laxer in the length of a session.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal, Self

IDLE_MINUTES, SESSION_HOURS, SESSIONS_AT_ONCE = 30, 12, 3
LEAST_IDLE, MOST_IDLE = 5, 60
LEAST_HOURS, MOST_HOURS = 1, 12
MOST_AT_ONCE = 10

Limit = Literal["idle", "age"]


@dataclass(frozen=True)
class SessionRules:
    """Minutes without use after which a session ends, hours after which it ends anyhow, how many at once."""

    idle_minutes: int = IDLE_MINUTES
    session_hours: int = SESSION_HOURS
    sessions_at_once: int = SESSIONS_AT_ONCE

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Those that `kept` names, as they were written by `as_kept`."""
        return cls(**{each.name: int(kept[each.name]) for each in fields(cls)})

    def as_kept(self) -> dict[str, int]:
        return asdict(self)

    def stricter(self, other: "SessionRules") -> "SessionRules":
        """The smaller of each figure."""
        return SessionRules(
            min(self.idle_minutes, other.idle_minutes),
            min(self.session_hours, other.session_hours),
            min(self.sessions_at_once, other.sessions_at_once),
        )

    def end(self, *, began: datetime, seen: datetime) -> tuple[datetime, Limit]:
        """When a session ends that nobody uses from `seen` on, and by which limit."""
        idle, age = seen + timedelta(minutes=self.idle_minutes), began + timedelta(hours=self.session_hours)
        return (idle, "idle") if idle < age else (age, "age")

    def over(self, *, began: datetime, seen: datetime, now: datetime) -> Limit | None:
        """The limit that has ended a session, None while it lasts."""
        end, limit = self.end(began=began, seen=seen)
        return limit if end <= now else None

    def figure(self, limit: Limit) -> int:
        """The minutes or hours of a limit."""
        return self.idle_minutes if limit == "idle" else self.session_hours


def strictest(rules: Iterable[SessionRules]) -> SessionRules:
    """What counts for somebody of several lenders; the usual rules for somebody of none."""
    found: SessionRules | None = None
    for each in rules:
        found = each if found is None else found.stricter(each)
    return found or SessionRules()
