"""What a car is called for a reader."""

from carloan.core.actors import Actor
from carloan.core.sight import Door, show
from carloan.loans.models import Vehicle


def car_title(actor: Actor, car: Vehicle | None, *, door: Door = "page") -> str:
    """Make and model as this actor may see them; '' without a car."""
    if car is None:
        return ""
    return " ".join(filter(None, (show(actor, car, name, door=door).text for name in ("make", "model"))))
