"""Data classes of messaging. What opens a door is a secret and stands in no list, no file and no log."""

from carloan.core.registry import INTERNAL, NONE, SECRET, Field, classify

ADDRESS = Field("C2", mask="phone", guarded=True, export="masked")
# Words of the lender with values of its book: they may name the person.
TEXT = Field("C2", mask="text", export="masked")

classify(
    "messaging.OneTimeLink",
    errand=NONE, loan=NONE, party=NONE, wants=INTERNAL, language=NONE, channel=INTERNAL, contact=NONE,
    code_way=INTERNAL, code_contact=NONE, digest=SECRET, spoken_digest=SECRET, spoken_until=NONE, wrong=NONE,
    codes=NONE, uses=NONE, made_by=NONE, made_at=NONE, expires_at=NONE, opened_at=INTERNAL, passed_at=INTERNAL,
    finished_at=INTERNAL, revoked_at=INTERNAL, audit_event_id=NONE,
)  # fmt: skip
classify(
    "messaging.LinkVisit",
    link=NONE, digest=SECRET, code_digest=SECRET, code_until=NONE, wrong=NONE, made_at=NONE, passed_at=INTERNAL,
    used_at=INTERNAL, audit_event_id=NONE,
)  # fmt: skip
classify(
    "messaging.Message",
    kind=INTERNAL, purpose=INTERNAL, channel=INTERNAL, language=NONE, template_version=NONE, party=NONE, loan=NONE,
    contact=NONE, link=NONE, to=ADDRESS, subject=TEXT, body=TEXT, secret=SECRET, state=INTERNAL, why=INTERNAL,
    decision_id=NONE, reference=INTERNAL, due_at=NONE, lease_until=NONE, attempts=NONE, made_by=NONE, made_at=NONE,
    ended_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "messaging.MessageTemplate",
    kind=INTERNAL, channel=INTERNAL, language=NONE, version=NONE, subject=INTERNAL, body=INTERNAL, made_by=NONE,
    made_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "messaging.Gateway",
    channel=INTERNAL, address=INTERNAL, account=INTERNAL, secret=SECRET, sender=INTERNAL, is_active=INTERNAL,
    audit_event_id=NONE,
)  # fmt: skip
classify("messaging.ContactPolicy", quiet_from=INTERNAL, quiet_until=INTERNAL, audit_event_id=NONE)
classify(
    "messaging.LinkUpload",
    link=NONE, loan_id=NONE, want=INTERNAL, name=Field("C2", mask="text", export="masked"), size=NONE,
    sha256=INTERNAL, received=NONE, state=NONE, why=INTERNAL, result_id=NONE, made_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify("messaging.UploadPiece", upload=NONE, loan_id=NONE, start=NONE, body=SECRET)
