"""What compliance keeps: the ledger over the trail, and what stood out in it."""

from carloan.compliance.models.anomalies import Anomaly, AnomalyKind, AnomalyRule
from carloan.compliance.models.ledger import (
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerDay,
    LedgerLeaf,
    LedgerTile,
    LedgerTimeToken,
)

__all__ = [
    "Anomaly",
    "AnomalyKind",
    "AnomalyRule",
    "LedgerCheckpoint",
    "LedgerCosignature",
    "LedgerDay",
    "LedgerLeaf",
    "LedgerTile",
    "LedgerTimeToken",
]
