"""What compliance keeps: the ledger over the trail, and what it decides (masking, openings, retention and so on)."""

from carloan.compliance.models.anomalies import Anomaly, AnomalyKind, AnomalyRule
from carloan.compliance.models.assessment import ImpactAssessment
from carloan.compliance.models.consent import Consent
from carloan.compliance.models.destruction import DestructionBatch, DestructionItem, DestructionVoice
from carloan.compliance.models.hold import HoldRelease, HoldTarget, LegalHold
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
from carloan.compliance.models.person_rights import (
    HumanReview,
    PersonCopy,
    PersonRequest,
    ProcessingStop,
    RequestClock,
)
from carloan.compliance.models.processor import EntrustedProcessor, Supervision
from carloan.compliance.models.retention import RetentionPolicy, RetentionRecord, RetentionRule, RetentionSweep

__all__ = [
    "Anomaly",
    "AnomalyKind",
    "AnomalyRule",
    "Consent",
    "DestructionBatch",
    "DestructionItem",
    "DestructionVoice",
    "EntrustedProcessor",
    "HoldRelease",
    "HoldTarget",
    "HumanReview",
    "ImpactAssessment",
    "LedgerCheckpoint",
    "LedgerCosignature",
    "LedgerDay",
    "LedgerLeaf",
    "LedgerTile",
    "LedgerTimeToken",
    "LegalHold",
    "MaskingPolicy",
    "Opening",
    "PersonCopy",
    "PersonRequest",
    "ProcessingStop",
    "RequestClock",
    "RetentionPolicy",
    "RetentionRecord",
    "RetentionRule",
    "RetentionSweep",
    "Supervision",
]
