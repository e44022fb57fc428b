"""Data classes of the ledger (hashes, sizes and ids, nothing of anybody) and of what compliance decides."""

from carloan.core.registry import INTERNAL, NONE, WRITTEN, classify

classify("compliance.LedgerLeaf", index=NONE, event_id=NONE)
classify("compliance.LedgerTile", level=NONE, number=NONE, hashes=NONE, root=NONE)
classify(
    "compliance.LedgerCheckpoint",
    size=NONE,
    root=NONE,
    note=NONE,
    signed_by=NONE,
    signed_at=NONE,
    epoch=NONE,
    after_xid=NONE,
    after_event=NONE,
)
classify("compliance.LedgerCosignature", witness=NONE, size=NONE, line=NONE, seen_at=NONE)
classify("compliance.LedgerDay", day=NONE, made_at=NONE, body=NONE, leaves=NONE)
classify("compliance.LedgerTimeToken", day=NONE, token=NONE, taken_at=NONE, authority=NONE)
classify(
    "compliance.MaskingPolicy",
    number=NONE,
    effective_on=NONE,
    rules=NONE,
    reason=WRITTEN,
    recorded_at=NONE,
    audit_event_id=NONE,
)
classify(
    "compliance.Opening",
    kind=NONE,
    state=NONE,
    asked=INTERNAL,
    count=NONE,
    reason_code=INTERNAL,
    reason=WRITTEN,
    asked_by=NONE,
    decided_by=NONE,
    note=WRITTEN,
    asked_at=NONE,
    decided_at=NONE,
    expires_at=NONE,
    revision=NONE,
    audit_event_id=NONE,
)
