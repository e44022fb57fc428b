"""What compliance keeps: the ledger over the trail."""

from carloan.compliance.models.ledger import (
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerDay,
    LedgerLeaf,
    LedgerTile,
    LedgerTimeToken,
)

__all__ = ["LedgerCheckpoint", "LedgerCosignature", "LedgerDay", "LedgerLeaf", "LedgerTile", "LedgerTimeToken"]
