"""Data classes of the ledger: hashes, sizes and ids, nothing of anybody."""

from carloan.core.registry import INTERNAL, NONE, classify

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
classify("compliance.AnomalyRule", kind=NONE, version=NONE, numbers=NONE, set_at=NONE, set_by=NONE, audit_event_id=NONE)
classify(
    "compliance.Anomaly",
    kind=NONE,
    rule_version=NONE,
    limits=NONE,
    actor_kind=NONE,
    actor_id=NONE,
    day=NONE,
    numbers=NONE,
    events=NONE,
    found_at=NONE,
    state=NONE,
    reason_code=NONE,
    reason=INTERNAL,
    closed_at=NONE,
    closed_by=NONE,
    revision=NONE,
    audit_event_id=NONE,
)
