"""Data classes of the kernel's own tables."""

from .registry import INTERNAL, NONE, SECRET, Field, classify

PERSONAL = Field("C2", mask="name", export="masked")

classify(
    "core.User",
    password=SECRET,
    last_login=INTERNAL,
    is_superuser=NONE,
    username=INTERNAL,
    first_name=PERSONAL,
    last_name=PERSONAL,
    email=Field("C2", mask="email", export="masked"),
    is_staff=NONE,
    is_active=NONE,
    date_joined=INTERNAL,
    language=NONE,
    theme=NONE,
    shortcuts=NONE,
    must_change_password=NONE,
)
classify(
    "core.Tenant",
    slug=NONE,
    name=INTERNAL,
    name_en=INTERNAL,
    kind=INTERNAL,
    state=NONE,
    currency=NONE,
    jurisdiction=NONE,
    time_zone=NONE,
    require_mfa=NONE,
    is_demonstration=NONE,
    created_at=NONE,
)
classify("core.TenantHost", host=NONE, lender=NONE)
classify(
    "core.Branch",
    code=INTERNAL,
    name=INTERNAL,
    parent=NONE,
    time_zone=NONE,
    is_active=NONE,
    created_at=NONE,
    audit_event_id=NONE,
)
classify(
    "core.CalendarDay", calendar=NONE, day=NONE, is_off=NONE, name=NONE, name_en=NONE, source=NONE, audit_event_id=NONE
)
classify("core.CalendarYear", calendar=NONE, year=NONE, source=NONE, audit_event_id=NONE)
classify("core.Counter", name=NONE, value=NONE)
classify(
    "core.Membership",
    user=NONE,
    display_name=INTERNAL,
    employee_no=INTERNAL,
    branch=NONE,
    is_active=NONE,
    joined_at=NONE,
    left_at=NONE,
    audit_event_id=NONE,
)
classify("core.Role", key=NONE, name=NONE, name_en=NONE, created_at=NONE, audit_event_id=NONE)
classify("core.RoleCapability", role=NONE, capability=NONE, scope=NONE, audit_event_id=NONE)
classify(
    "core.RoleAssignment",
    membership=NONE,
    role=NONE,
    branch=NONE,
    valid_until=NONE,
    created_at=NONE,
    audit_event_id=NONE,
)
classify(
    "core.ApiKey",
    name=INTERNAL,
    role=NONE,
    branch=NONE,
    digest=SECRET,
    scopes=NONE,
    expires_at=NONE,
    revoked_at=NONE,
    last_used_at=NONE,
    created_at=NONE,
    audit_event_id=NONE,
)
classify(
    "core.Job",
    kind=NONE,
    state=NONE,
    done=NONE,
    total=NONE,
    params=INTERNAL,
    result=INTERNAL,
    error=INTERNAL,
    started_by=NONE,
    lease_until=NONE,
    attempts=NONE,
    created_at=NONE,
    finished_at=NONE,
    audit_event_id=NONE,
)
classify(
    "core.AnsweredRequest",
    caller_id=NONE,
    place=NONE,
    key_digest=INTERNAL,
    body_digest=INTERNAL,
    made_id=NONE,
    created_at=NONE,
)
classify(
    "core.SavedView",
    page=NONE,
    name=INTERNAL,
    name_en=INTERNAL,
    query=INTERNAL,
    owner=NONE,
    position=NONE,
    created_at=NONE,
    audit_event_id=NONE,
)
classify(
    "core.Transition",
    kind=NONE,
    row_id=NONE,
    number=NONE,
    source=NONE,
    event=NONE,
    target=NONE,
    recorded_at=NONE,
    audit_event_id=NONE,
)
classify(
    "core.KeyCeremony",
    act=NONE,
    purpose=NONE,
    version=NONE,
    suite=NONE,
    by=NONE,
    witnesses=INTERNAL,
    reason=INTERNAL,
    created_at=NONE,
    audit_event_id=NONE,
)
classify("core.LookupTerm", field=NONE, digest=INTERNAL, object_kind=NONE, object_id=NONE, loan_id=NONE)
classify(
    "core.AuditEvent",
    created_at=NONE,
    canon=NONE,
    leaf=NONE,
    action=NONE,
    outcome=NONE,
    actor_kind=NONE,
    actor_id=NONE,
    object_type=NONE,
    object_id=NONE,
    loan_id=NONE,
    field=NONE,
    reason_code=NONE,
    request_id=NONE,
    address_digest=INTERNAL,
    subject_kind=NONE,
    subject_id=NONE,
    detail=Field("C2", mask="text", export="masked"),
)
classify(
    "keystore.TenantKey",
    wrapped=SECRET,
    created_at=NONE,
    purpose=NONE,
    version=NONE,
    suite=NONE,
    min_decryption_version=NONE,
    retired_at=NONE,
)
classify("keystore.SubjectKey", wrapped=SECRET, created_at=NONE, kind=NONE, tenant_key_version=NONE, destroyed_at=NONE)
classify("keystore.DestroyedMark", size=NONE)
classify(
    "keystore.HeldKey", hold_id=NONE, subject_id=NONE, placed_by=NONE, placer_may_release=NONE, first_voice=NONE,
    second_voice=NONE,
)  # fmt: skip
