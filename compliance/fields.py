"""Data classes of compliance: the ledger and retention hold hashes, sizes, days and ids, nothing of anybody."""

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

classify(
    "compliance.RetentionPolicy",
    version=INTERNAL,
    state=INTERNAL,
    effective_on=INTERNAL,
    cooling_days=INTERNAL,
    note=INTERNAL,
    made_by=NONE,
    published_by=NONE,
    published_at=INTERNAL,
    revision=NONE,
    created_at=NONE,
    audit_event_id=NONE,
)
classify(
    "compliance.RetentionRule",
    policy=NONE,
    record_class=INTERNAL,
    trigger=INTERNAL,
    active_years=INTERNAL,
    archive_years=INTERNAL,
    total_years=INTERNAL,
    basis=INTERNAL,
    review_on=INTERNAL,
)
classify(
    "compliance.RetentionSweep",
    record_class=INTERNAL,
    policy_version=INTERNAL,
    changed=INTERNAL,
    stopped=INTERNAL,
    swept_at=NONE,
    audit_event_id=NONE,
)
classify(
    "compliance.RetentionRecord",
    record_class=INTERNAL,
    object_id=NONE,
    trigger=INTERNAL,
    since=INTERNAL,
    lawful_since=INTERNAL,
    phase=INTERNAL,
    next_on=INTERNAL,
    keep_until=INTERNAL,
    policy_version=INTERNAL,
    sweep_id=NONE,
)
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
