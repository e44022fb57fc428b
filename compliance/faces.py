"""What compliance shows in other rooms' pages."""

from django.urls import reverse

from carloan.compliance.models import Anomaly
from carloan.compliance.selectors.anomalies import count_open
from carloan.core.actors import Actor
from carloan.core.pages.tiles import TileValue


def open_anomalies(actor: Actor) -> TileValue:
    """How many anomalies wait for an answer, and the way to them."""
    return TileValue(f"{count_open(actor):,}", f"{reverse('compliance:anomalies')}?state={Anomaly.State.OPEN}")
