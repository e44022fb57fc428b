"""Apps above the book that keep something about a loan in step with it: told in the transaction of each change."""

from collections.abc import Callable
from typing import Protocol

from .models import Loan


class Follower(Protocol):
    """`people` says that who stands in the loan changed, or what identifies them."""

    def __call__(self, loan: Loan, *, people: bool) -> None: ...


_followers: list[Callable[..., None]] = []


def register_follower(follower: Follower) -> None:
    """Called once by an app when the site starts."""
    if follower in _followers:
        raise ValueError("a follower of loans is registered twice")
    _followers.append(follower)


def loan_changed(loan: Loan, *, people: bool = False) -> None:
    """Tell everybody that a loan is not as it was; inside the transaction of the change, behind it."""
    for follower in _followers:
        follower(loan, people=people)
