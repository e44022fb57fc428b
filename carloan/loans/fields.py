"""Data classes of the book. Amounts and day counts are C2 that every reader of a loan's details needs: never masked there."""

from carloan.core.registry import INTERNAL, NONE, Field, classify

AMOUNT = Field("C2", search="filter")
NAME = Field("C2", mask="name", search="exact", export="masked")
ADDRESS = Field("C2", mask="address", guarded=True, export="masked")
ID_NUMBER = Field("C2", mask="id_number", guarded=True, search="exact", export="masked")
CONTACT = Field("C2", mask="phone", guarded=True, search="exact", export="masked")
VIN = Field("C2", mask="vin", search="exact", export="masked")
PLATE = Field("C2", mask="plate", search="exact", export="masked")
TEXT = Field("C2", mask="text", export="masked")

classify(
    "loans.Party",
    kind=INTERNAL, name=NAME, id_kind=INTERNAL, id_number=ID_NUMBER, id_digest=INTERNAL, address=ADDRESS, employer=TEXT,
    occupation=INTERNAL, created_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "loans.ContactPoint",
    party=NONE,
    kind=INTERNAL,
    value=CONTACT,
    state=INTERNAL,
    source=INTERNAL,
    created_at=NONE,
    audit_event_id=NONE,
)
classify(
    "loans.Loan",
    contract_no=INTERNAL, external_no=INTERNAL, product=INTERNAL, state=INTERNAL, currency=NONE, principal=AMOUNT, rate_ppm=AMOUNT,
    term=INTERNAL, method=INTERNAL, balloon=AMOUNT, due_day=INTERNAL, opened_on=INTERNAL, disbursed_on=INTERNAL, first_due_on=INTERNAL,
    matures_on=INTERNAL, settled_on=INTERNAL, branch=NONE, officer=NONE, outstanding=AMOUNT, overdue=AMOUNT, days_overdue=AMOUNT,
    periods_paid=AMOUNT, next_due_on=AMOUNT, next_due=AMOUNT, as_of=INTERNAL, import_digest=INTERNAL, revision=NONE, created_at=NONE,
    audit_event_id=NONE,
)  # fmt: skip
classify(
    "loans.LoanParty",
    loan=NONE,
    party=NONE,
    role=INTERNAL,
    guarantee=INTERNAL,
    relation=INTERNAL,
    created_at=NONE,
    audit_event_id=NONE,
)
classify(
    "loans.Vehicle",
    loan=NONE, vin=VIN, plate=PLATE, engine_no=VIN, make=INTERNAL, model=INTERNAL, model_year=INTERNAL, condition=INTERNAL, use=INTERNAL,
    price=AMOUNT, created_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "loans.LoanGrant",
    permission=NONE, user=NONE, content_object=NONE, reason=INTERNAL, valid_until=NONE, granted_by=NONE, created_at=NONE,
    audit_event_id=NONE,
)  # fmt: skip
classify(
    "loans.ScheduleVersion",
    loan=NONE, version=NONE, reason=INTERNAL, method=INTERNAL, principal=AMOUNT, rate_ppm=AMOUNT, starts_on=INTERNAL, recorded_at=NONE,
    audit_event_id=NONE,
)  # fmt: skip
classify(
    "loans.Instalment",
    loan=NONE,
    version=NONE,
    number=NONE,
    due_on=AMOUNT,
    principal=AMOUNT,
    interest=AMOUNT,
    fee=AMOUNT,
)
classify(
    "loans.Payment",
    loan=NONE, kind=INTERNAL, channel=INTERNAL, reference=INTERNAL, amount=AMOUNT, principal=AMOUNT, interest=AMOUNT, penalty=AMOUNT,
    other=AMOUNT, unallocated=AMOUNT, value_on=AMOUNT, booked_on=AMOUNT, recorded_at=NONE, corrects=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "loans.OpeningPosition",
    loan=NONE, as_of=INTERNAL, outstanding=AMOUNT, overdue=AMOUNT, days_overdue=AMOUNT, periods_paid=AMOUNT, remaining_term=AMOUNT,
    next_due_on=AMOUNT, next_due=AMOUNT, recorded_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify(
    "loans.SavedView",
    page=NONE,
    name=INTERNAL,
    query=INTERNAL,
    owner=NONE,
    position=NONE,
    created_at=NONE,
    audit_event_id=NONE,
)
classify("loans.ImportProfile", key=NONE, name=INTERNAL, spec=INTERNAL, created_at=NONE, audit_event_id=NONE)
classify(
    "loans.ImportBatch",
    number=NONE, state=NONE, file_name=INTERNAL, size=NONE, sha256=NONE, wrapped_key=Field("C3", export="never"), profile_key=NONE,
    spec=INTERNAL, shape=INTERNAL, report=INTERNAL, total=NONE, cursor=NONE, created=NONE, updated=NONE, unchanged=NONE, rejected=NONE,
    job=NONE, uploaded_by=NONE, created_at=NONE, audit_event_id=NONE,
)  # fmt: skip
classify("loans.ImportRow", batch=NONE, number=NONE, outcome=NONE, contract_no=INTERNAL, loan_id=NONE, errors=INTERNAL)
