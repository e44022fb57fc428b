"""What every act on an original asks first: a person, a right, and that the right reaches this original."""

from uuid import UUID

from carloan.archives.models import Original
from carloan.archives.selectors.originals.originals import may_with
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden


def require_with(*, actor: Actor, original: Original, capability: str) -> UUID:
    """The member who acts. Raises Forbidden without the right for this original, and for whoever is no person."""
    member_id = actor.require_person(capability)
    if not may_with(actor, capability, original):
        raise Forbidden(capability=capability)
    return member_id
