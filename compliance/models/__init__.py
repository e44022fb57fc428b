"""What compliance keeps: the ledger over the trail."""

from carloan.compliance.models.ledger import LedgerCheckpoint, LedgerLeaf, LedgerTile

__all__ = ["LedgerCheckpoint", "LedgerLeaf", "LedgerTile"]
