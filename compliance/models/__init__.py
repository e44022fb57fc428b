"""What compliance keeps: the ledger over the trail, the rules of retention and where records stand by them."""

from carloan.compliance.models.destruction import DestructionBatch, DestructionItem, DestructionVoice
from carloan.compliance.models.hold import HoldRelease, HoldTarget, LegalHold
from carloan.compliance.models.ledger import LedgerCheckpoint, LedgerLeaf, LedgerTile
from carloan.compliance.models.retention import RetentionPolicy, RetentionRecord, RetentionRule, RetentionSweep

__all__ = [
    "DestructionBatch",
    "DestructionItem",
    "DestructionVoice",
    "HoldRelease",
    "HoldTarget",
    "LedgerCheckpoint",
    "LedgerLeaf",
    "LedgerTile",
    "LegalHold",
    "RetentionPolicy",
    "RetentionRecord",
    "RetentionRule",
    "RetentionSweep",
]
