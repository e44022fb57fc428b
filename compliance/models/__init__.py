"""What compliance keeps: the ledger over the trail, and what it decides (masking, openings, retention and so on)."""

from carloan.compliance.models.anomalies import Anomaly, AnomalyKind, AnomalyRule
from carloan.compliance.models.archive_backup import ArchiveBackup, ArchiveSegment
from carloan.compliance.models.assessment import ImpactAssessment
from carloan.compliance.models.auditor_packs import AuditorPack
from carloan.compliance.models.certificates import (
    DestructionCertificate,
    DestructionNotary,
    DestructionShredding,
    ShreddingWitness,
)
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
from carloan.compliance.models.person_rights import HumanReview, PersonCopy, PersonRequest, ProcessingStop, RequestClock
from carloan.compliance.models.processor import EntrustedProcessor, Supervision
from carloan.compliance.models.retention import RetentionPolicy, RetentionRecord, RetentionRule, RetentionSweep
from carloan.compliance.models.risks import Loss, Probability, Risk, RiskReview
from carloan.compliance.models.rule_changes import RuleChange
from carloan.compliance.models.sealed_unit import SealedUnit
from carloan.compliance.models.training import Course, ExamGate, ExamResult
from carloan.compliance.models.transfers import TransferCondition, TransferDelivery, TransferRecipient

__all__ = [
    "Anomaly",
    "AnomalyKind",
    "AnomalyRule",
    "ArchiveBackup",
    "ArchiveSegment",
    "AuditorPack",
    "Consent",
    "Course",
    "DestructionBatch",
    "DestructionCertificate",
    "DestructionItem",
    "DestructionNotary",
    "DestructionShredding",
    "DestructionVoice",
    "EntrustedProcessor",
    "ExamGate",
    "ExamResult",
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
    "Loss",
    "MaskingPolicy",
    "Opening",
    "PersonCopy",
    "PersonRequest",
    "Probability",
    "ProcessingStop",
    "RequestClock",
    "RetentionPolicy",
    "RetentionRecord",
    "RetentionRule",
    "RetentionSweep",
    "Risk",
    "RiskReview",
    "RuleChange",
    "SealedUnit",
    "ShreddingWitness",
    "Supervision",
    "TransferCondition",
    "TransferDelivery",
    "TransferRecipient",
]
