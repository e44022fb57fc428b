"""What several pages read from a form: the revision that it was made from, and what stays where it is left empty."""

from typing import Any

from carloan.core.doors import ActorRequest
from carloan.core.errors import Conflict, SealedApart
from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import clear


def revision_of(request: ActorRequest, name: str = "revision") -> int:
    """The revision that a form was made from. Raises Conflict when it names none."""
    try:
        return int(request.POST.get(name, ""))
    except ValueError as error:
        raise Conflict from error


def clear_or_empty(instance: Any, name: str) -> str:
    """A sealed value that stays; one that does not open is empty, and the service says why nothing can be changed."""
    try:
        return clear(instance, name)
    except (KeyDestroyed, SealedApart):
        return ""
