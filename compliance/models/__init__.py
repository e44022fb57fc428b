"""What compliance keeps: the ledger over the trail, the rules of retention and where records stand by them."""

from carloan.compliance.models.ledger import LedgerCheckpoint, LedgerLeaf, LedgerTile
from carloan.compliance.models.retention import RetentionPolicy, RetentionRecord, RetentionRule, RetentionSweep

__all__ = [
    "LedgerCheckpoint",
    "LedgerLeaf",
    "LedgerTile",
    "RetentionPolicy",
    "RetentionRecord",
    "RetentionRule",
    "RetentionSweep",
]
