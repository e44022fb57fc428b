"""When somebody looks at more clear values in a day than they and their like usually do."""

# Below so many a day nothing is unusual; above, each so many looks it is asked again.
LEAST, EACH = 20, 10
TIMES = 3
# How many days back what is usual is read from.
DAYS = 30


def to_ask(today: int) -> bool:
    """Whether with this look of a day it is time to compare: counting weeks at each look would cost too much."""
    return today >= LEAST and today % EACH == 0


def usual(days: list[int]) -> float:
    """Looks on a day with any, over the days before; 0 for who never looked."""
    return sum(days) / len(days) if days else 0.0


def is_unusual(today: int, own: list[int], peers: list[int]) -> bool:
    """Three times what the person, and three times what people of the same roles, look at on a day with any."""
    return today >= LEAST and today > TIMES * max(usual(own), usual(peers))
