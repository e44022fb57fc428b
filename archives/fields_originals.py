"""Data classes of paper originals and their custody. What people say at a hand may name whoever it was given to."""

from carloan.core.registry import INTERNAL, NONE, SECRET, Field, classify

_WORDS = Field("C2", mask="text", export="masked")
_PHOTO = Field("C2", mask="text", export="never")

classify(
    "archives.StoragePlace",
    number=INTERNAL, branch=NONE, parent=NONE, level=NONE, name=INTERNAL, capacity=INTERNAL, closed_at=INTERNAL,
    revision=NONE, created_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify("archives.StorageMove", place=NONE, source=NONE, target=NONE, by=NONE, at=INTERNAL, audit_event_id=NONE)
classify(
    "archives.Original",
    number=INTERNAL, loan=NONE, paper=NONE, kind=INTERNAL, sheets=INTERNAL, state=INTERNAL, place=NONE, holder=NONE,
    due_on=INTERNAL, seal_no=INTERNAL, hands=NONE, revision=NONE, created_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.Custody",
    original=NONE, number=NONE, act=INTERNAL, at=INTERNAL, by=NONE, second=NONE, from_place=NONE, from_holder=NONE,
    to_place=NONE, to_holder=NONE, purpose=INTERNAL, due_on=INTERNAL, seal_no=INTERNAL, photo_sha256=INTERNAL,
    request=NONE, handover=NONE, audit_event_id=NONE,
)  # fmt: skip
classify("archives.CustodyDetail", custody=NONE, words=_WORDS, media=NONE, photo=_PHOTO, audit_event_id=NONE)
classify(
    "archives.CustodyRequest",
    original=NONE, kind=INTERNAL, state=INTERNAL, purpose=INTERNAL, words=_WORDS, due_on=INTERNAL, asked_by=NONE,
    asked_at=INTERNAL, decided_by=NONE, decided_at=INTERNAL, revision=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.CustodyReminder",
    original=NONE, step=INTERNAL, due_on=INTERNAL, holder=NONE, at=INTERNAL, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.HandoverList",
    number=INTERNAL, giver=NONE, taker=NONE, purpose=INTERNAL, state=INTERNAL, digest=INTERNAL, revision=NONE,
    created_at=INTERNAL, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.HandoverItem",
    handover=NONE, position=NONE, original=NONE, sheets=INTERNAL, seal_no=INTERNAL, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.HandoverSignature",
    handover=NONE, part=NONE, member=NONE, digest=INTERNAL, at=INTERNAL, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.StockTake",
    number=INTERNAL, place=NONE, state=INTERNAL, begun_by=NONE, begun_at=INTERNAL, counted_by=NONE,
    counted_at=INTERNAL, settled_by=NONE, settled_at=INTERNAL, digest=INTERNAL, revision=NONE, audit_event_id=NONE,
)  # fmt: skip
classify("archives.StockExpected", stocktake=NONE, original=NONE, place=NONE, audit_event_id=NONE)
classify(
    "archives.StockScan",
    stocktake=NONE, code=INTERNAL, original=NONE, place=NONE, by=NONE, at=INTERNAL, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.StockDifference",
    stocktake=NONE, position=NONE, kind=INTERNAL, code=INTERNAL, original=NONE, should_lie=NONE, lies=NONE,
    audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.ShreddingOrder",
    number=INTERNAL, batch=NONE, state=INTERNAL, drawn_by=NONE, drawn_at=INTERNAL, ended_at=INTERNAL, revision=NONE,
    audit_event_id=NONE,
)  # fmt: skip
classify("archives.ShreddingItem", order=NONE, original=NONE, position=NONE, audit_event_id=NONE)
classify("archives.ShreddingScan", order=NONE, original=NONE, by=NONE, at=INTERNAL, audit_event_id=NONE)
classify(
    "archives.RoomDevice",
    name=INTERNAL, place=NONE, secret=SECRET, made_by=NONE, made_at=INTERNAL, revoked_at=INTERNAL, audit_event_id=NONE,
)  # fmt: skip
classify(
    "archives.RoomEvent",
    device=NONE, kind=INTERNAL, badge=INTERNAL, happened_at=INTERNAL, received_at=INTERNAL, video_sha256=INTERNAL,
    nonce=NONE, audit_event_id=NONE,
)  # fmt: skip
