"""What compliance keeps: the ledger over the trail, and the lender's policy of masking and its openings."""

from carloan.compliance.models.ledger import (
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerDay,
    LedgerLeaf,
    LedgerTile,
    LedgerTimeToken,
)
from carloan.compliance.models.masking import MaskingPolicy
from carloan.compliance.models.openings import Opening

__all__ = [
    "LedgerCheckpoint",
    "LedgerCosignature",
    "LedgerDay",
    "LedgerLeaf",
    "LedgerTile",
    "LedgerTimeToken",
    "MaskingPolicy",
    "Opening",
]
