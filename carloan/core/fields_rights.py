"""Data classes of the tables that say who may do what, and since when."""

from .registry import INTERNAL, NONE, SECRET, classify

classify(
    "core.MatrixChange",
    role=NONE,
    capability=NONE,
    before=NONE,
    after=NONE,
    reason=INTERNAL,
    by=NONE,
    created_at=NONE,
    audit_event_id=NONE,
)
classify("core.AccessPolicy", separated=NONE, passkeys=NONE, confirm_minutes=NONE, audit_event_id=NONE)
classify("core.Team", name=INTERNAL, branch=NONE, lead=NONE, is_active=NONE, created_at=NONE, audit_event_id=NONE)
classify("core.TeamMember", team=NONE, membership=NONE, audit_event_id=NONE)
classify(
    "core.RolePreview",
    membership=NONE,
    role=NONE,
    branch=NONE,
    started_at=NONE,
    ends_at=NONE,
    ended_at=NONE,
    ended_by=NONE,
    audit_event_id=NONE,
)
classify(
    "core.Delegation",
    giver=NONE,
    taker=NONE,
    role=NONE,
    branch=NONE,
    begins_on=NONE,
    ends_on=NONE,
    reason=INTERNAL,
    ended_at=NONE,
    ended_by=NONE,
    created_at=NONE,
    audit_event_id=NONE,
)
classify(
    "core.AccessReview",
    quarter=NONE,
    due_on=NONE,
    opened_by=NONE,
    opened_at=NONE,
    signed_by=NONE,
    signed_at=NONE,
    digest=NONE,
    audit_event_id=NONE,
)
classify(
    "core.ReviewItem",
    review=NONE,
    kind=NONE,
    object_id=NONE,
    member=NONE,
    whose=INTERNAL,
    what=INTERNAL,
    since=NONE,
    until=NONE,
    last_used_at=INTERNAL,
    mark=NONE,
    unchanged=NONE,
    decision=NONE,
    reason=INTERNAL,
    decided_by=NONE,
    decided_at=NONE,
    audit_event_id=NONE,
)
classify(
    "core.SignOn",
    issuer=INTERNAL,
    client_id=INTERNAL,
    client_secret=SECRET,
    is_active=NONE,
    passwords_closed=NONE,
    break_glass=NONE,
    audit_event_id=NONE,
)
classify("core.SignOnLink", membership=NONE, issuer=INTERNAL, subject=INTERNAL, created_at=NONE, audit_event_id=NONE)
