"""The book's API: loans by page, one more loan, a file of loans."""

import json
from hashlib import file_digest, sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from carloan.core.actors import Actor
from carloan.core.api_schema import IDEMPOTENCY_KEY
from carloan.core.errors import Forbidden, Invalid, NotFound, TooLarge
from carloan.core.listing import check_names, one_of, size_of
from carloan.core.rest import SafeMultiPartParser, StrictSerializer, WholeField
from carloan.core.selectors import branches
from carloan.core.services.answered import answered_once
from carloan.core.services.searching import search_asked
from carloan.core.sight import show
from carloan.lib import money

from .imports import faults
from .models import Loan, LoanParty, Party, Vehicle
from .policies.ageing import AGES, UNKNOWN, age_named
from .policies.facts import FIRST_MODEL_YEAR, LAST_DAY, MOST_PEOPLE, PersonFacts, VehicleFacts
from .selectors.imports import get_batch_of_answer
from .selectors.listing import DEFAULT_SORT, PAGE, SORTS, Filters, Line, lines_of, loan_page
from .selectors.loans import get_loan_for, may
from .selectors.places import officers_named, pick
from .services.imports import import_check_start, import_run_start, import_upload
from .services.loans import PersonIn, loan_change, loan_open
from .services.reading import loans_read
from .uploads import keep_in_memory

MOST_PER_PAGE = 200
# What answers show of a loan needs this, whatever the act before it needed.
SHOWN = "loans.view"
ORDERS = [f"{sign}{name}" for name in SORTS for sign in ("", "-")]


class PartyOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    id_number = serializers.CharField()


class VehicleOut(serializers.Serializer[Any]):
    vin = serializers.CharField()
    plate = serializers.CharField()
    make = serializers.CharField()
    model = serializers.CharField()


class LoanOut(serializers.Serializer[Any]):
    """Money in minor units of `currency`, rates in parts per million. What the key may not see is null or masked; what
    the source of the balances did not say (overdue, days, instalments paid) is null, never 0."""

    id = serializers.UUIDField()
    contract_no = serializers.CharField()
    external_no = serializers.CharField()
    state = serializers.ChoiceField(choices=Loan.State.values)
    product = serializers.CharField()
    currency = serializers.CharField()
    principal = serializers.IntegerField(allow_null=True)
    rate_ppm = serializers.IntegerField(allow_null=True)
    term = serializers.IntegerField()
    method = serializers.ChoiceField(choices=Loan.Method.values)
    opened_on = serializers.DateField()
    disbursed_on = serializers.DateField(allow_null=True)
    matures_on = serializers.DateField(allow_null=True)
    outstanding = serializers.IntegerField(allow_null=True)
    overdue = serializers.IntegerField(allow_null=True)
    days_overdue = serializers.IntegerField(allow_null=True)
    periods_paid = serializers.IntegerField(allow_null=True)
    as_of = serializers.DateField(allow_null=True)
    branch = serializers.CharField(allow_null=True)
    officer = serializers.CharField(allow_null=True, help_text="Number or, without one, name of the loan officer.")
    revision = serializers.IntegerField(help_text="Give it back with a change.")
    borrower = PartyOut(allow_null=True)
    vehicle = VehicleOut(allow_null=True)


class LoanPageOut(serializers.Serializer[Any]):
    results = LoanOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="Give it back as `after` for the next page.")
    previous = serializers.CharField(allow_null=True, help_text="Give it back as `before` for the page before.")


class PersonInput(StrictSerializer):
    role = serializers.ChoiceField(choices=LoanParty.Role.values, default="borrower")
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=Party.Kind.values, default="person")
    id_kind = serializers.ChoiceField(choices=Party.IdKind.values, default="none")
    id_number = serializers.CharField(max_length=40, default="", allow_blank=True)
    phones = serializers.ListField(child=serializers.CharField(max_length=40), max_length=10, default=list)
    address = serializers.CharField(max_length=300, default="", allow_blank=True)
    employer = serializers.CharField(max_length=300, default="", allow_blank=True)
    occupation = serializers.CharField(max_length=60, default="", allow_blank=True)
    guarantee = serializers.ChoiceField(choices=["", "general", "joint"], default="")
    relation = serializers.CharField(max_length=20, default="", allow_blank=True)

    def person(self, values: dict[str, Any]) -> PersonIn:
        own = {name: values[name] for name in ("role", "guarantee", "relation")}
        rest = {name: value for name, value in values.items() if name not in own}
        return PersonIn(PersonFacts(**{**rest, "phones": tuple(rest["phones"])}), **own)


class VehicleInput(StrictSerializer):
    vin = serializers.CharField(max_length=40, default="", allow_blank=True)
    plate = serializers.CharField(max_length=20, default="", allow_blank=True)
    engine_no = serializers.CharField(max_length=40, default="", allow_blank=True)
    make = serializers.CharField(max_length=60, default="", allow_blank=True)
    model = serializers.CharField(max_length=80, default="", allow_blank=True)
    model_year = WholeField(allow_null=True, default=None, min_value=FIRST_MODEL_YEAR, max_value=LAST_DAY.year)
    condition = serializers.ChoiceField(choices=Vehicle.Condition.values, default="unknown")
    use = serializers.ChoiceField(choices=Vehicle.Use.values, default="unknown")
    price = WholeField(allow_null=True, default=None, min_value=0, max_value=10**15)


class InstalmentInput(StrictSerializer):
    due_on = serializers.DateField()
    principal = WholeField(min_value=0, max_value=10**15)
    interest = WholeField(min_value=0, max_value=10**15)


class LoanInput(StrictSerializer):
    contract_no = serializers.CharField(max_length=64, default="", allow_blank=True)
    external_no = serializers.CharField(max_length=64, default="", allow_blank=True)
    product = serializers.CharField(max_length=60, default="", allow_blank=True)
    currency = serializers.ChoiceField(
        choices=list(money.SYMBOLS), required=False, help_text="Without it, the lender's own."
    )
    principal = WholeField(min_value=1, max_value=10**15)
    rate_ppm = WholeField(min_value=0, max_value=1_000_000)
    term = WholeField(min_value=1, max_value=480)
    method = serializers.ChoiceField(choices=Loan.Method.values, default="equal_instalment")
    balloon = WholeField(min_value=0, max_value=10**15, default=0)
    due_day = WholeField(min_value=1, max_value=31, default=15)
    opened_on = serializers.DateField(required=False)
    disbursed_on = serializers.DateField(allow_null=True, default=None)
    first_due_on = serializers.DateField(allow_null=True, default=None)
    branch = serializers.CharField(max_length=30, default="", allow_blank=True, help_text="Code of the branch.")
    officer = serializers.CharField(
        max_length=80, default="", allow_blank=True, help_text="Number or name of the loan officer."
    )
    rows = InstalmentInput(many=True, default=list, help_text="The instalments of an individual plan (method custom).")
    people = PersonInput(many=True, default=list, max_length=MOST_PEOPLE)  # type: ignore[call-arg]
    vehicle = VehicleInput(required=False)


class LoanChange(LoanInput):
    """What of a loan is changed; what is left out stays as it is."""

    contract_no = currency = people = vehicle = None  # type: ignore[assignment]
    revision = WholeField(min_value=1, help_text="The revision that was read; another one meanwhile is a conflict.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name != "revision":
                field.required, field.default = False, serializers.empty


class ImportInput(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True)
    profile = serializers.CharField(max_length=60, default="", allow_blank=True)
    dry_run = serializers.BooleanField(default=False)


class ImportOut(serializers.Serializer[Any]):
    job = serializers.UUIDField(
        help_text="Watch it at /api/v1/jobs/{id}/; its result holds the counts and the reconciliation."
    )
    batch = serializers.UUIDField()
    number = serializers.IntegerField()
    profile = serializers.CharField()


def told(actor: Actor, line: Line) -> dict[str, Any]:
    """A loan as this actor may know it."""
    loan, details = line.loan, may(actor, "loans.details", line.loan)
    amounts = ("principal", "rate_ppm", "outstanding", "overdue", "days_overdue", "periods_paid")
    plain = (
        "id",
        "contract_no",
        "external_no",
        "state",
        "currency",
        "term",
        "method",
        "opened_on",
        "disbursed_on",
        "matures_on",
        "as_of",
        "revision",
    )
    seen = {name: getattr(loan, name) for name in plain} | {
        name: getattr(loan, name) if details else None for name in amounts
    }
    seen["product"] = show(actor, loan, "product", door="api").text
    borrower = line.borrower and {
        name: show(actor, line.borrower, name, door="api").text for name in ("name", "id_number")
    }
    car = line.vehicle and {
        name: show(actor, line.vehicle, name, door="api").text for name in ("vin", "plate", "make", "model")
    }
    officer = (loan.officer.employee_no or loan.officer.display_name) if loan.officer else None
    branch = loan.branch.code if loan.branch else None
    return seen | {"branch": branch, "officer": officer, "borrower": borrower, "vehicle": car}


# What the list takes; any other name is refused.
ASKED = [
    OpenApiParameter("q", str, description="Contract number (beginning), name, ID, phone, VIN or plate."),
    OpenApiParameter("state", str, enum=Loan.State.values),
    OpenApiParameter("age", str, enum=[*AGES, UNKNOWN], description="Days overdue; unknown: the source did not say."),
    OpenApiParameter("sort", str, enum=ORDERS),
    OpenApiParameter("after", str),
    OpenApiParameter("before", str),
    OpenApiParameter("limit", int, description=f"1 to {MOST_PER_PAGE}; {PAGE} without it."),
]


class LoansView(APIView):
    """Loans, newest first by default; and opening one."""

    doors = {"GET": "loans.view", "POST": "loans.edit"}

    @extend_schema(  # type: ignore[untyped-decorator]
        parameters=ASKED,
        responses=LoanPageOut,
    )
    def get(self, request: Any) -> Response:
        actor, asked = request._request.actor, request.query_params
        check_names(asked, known=[parameter.name for parameter in ASKED])
        filters = Filters(
            q=asked.get("q", ""),
            state=one_of(asked, "state", Loan.State.values),
            age=one_of({"age": age_named(asked.get("age", ""))}, "age", [*AGES, UNKNOWN]),
            sort=one_of(asked, "sort", ORDERS) or DEFAULT_SORT,
        )
        size = size_of(asked, usual=PAGE, most=MOST_PER_PAGE)
        search_asked(actor=actor, place="loans.loan", query=filters.q)
        page = loan_page(actor, filters, after=asked.get("after", ""), before=asked.get("before", ""), size=size)
        results = [told(actor, line) for line in page.lines]
        loans_read(actor=actor, lines=page.lines)
        return Response(
            LoanPageOut({"results": results, "next": page.older or None, "previous": page.newer or None}).data
        )

    @extend_schema(  # type: ignore[untyped-decorator]
        parameters=[IDEMPOTENCY_KEY], request=LoanInput, responses={201: LoanOut}
    )
    def post(self, request: Any) -> Response:
        actor = request._request.actor
        actor.require(SHOWN)
        given = LoanInput(data=request.data)
        given.is_valid(raise_exception=True)

        def opened() -> UUID:
            values = dict(given.validated_data)
            people = [PersonInput().person(person) for person in values.pop("people")]
            vehicle = VehicleFacts(**values.pop("vehicle", {}))
            return loan_open(actor=actor, people=people, vehicle=vehicle or None, **_named(values)).id

        loan_id, new = answered_once(
            actor=actor, place="loans.loan", key=request.headers.get(IDEMPOTENCY_KEY.name),
            body=json.dumps(request.data, sort_keys=True).encode(), act=opened,
        )  # fmt: skip
        lines = _answer(actor, loan_id)
        if not new:
            loans_read(actor=actor, lines=lines)
        return Response(LoanOut(told(actor, lines[0])).data, status=201)


class LoanView(APIView):
    """One loan: read, and changed in its terms (until it is paid out), its branch or its officer."""

    doors = {"GET": "loans.view", "PATCH": "loans.edit"}

    @extend_schema(responses=LoanOut)  # type: ignore[untyped-decorator]
    def get(self, request: Any, loan_id: UUID) -> Response:
        actor = request._request.actor
        lines = lines_of([get_loan_for(actor, loan_id)])
        loans_read(actor=actor, lines=lines)
        return Response(LoanOut(told(actor, lines[0])).data)

    @extend_schema(request=LoanChange, responses=LoanOut)  # type: ignore[untyped-decorator]
    def patch(self, request: Any, loan_id: UUID) -> Response:
        actor = request._request.actor
        actor.require(SHOWN)
        loan = get_loan_for(actor, loan_id, "loans.edit")
        given = LoanChange(data=request.data)
        given.is_valid(raise_exception=True)
        changes = _named(dict(given.validated_data))
        rows = changes.pop("rows", [])
        loan_change(actor=actor, loan=loan, revision=changes.pop("revision"), changes=changes, rows=rows)
        lines = _answer(actor, loan_id)
        loans_read(actor=actor, lines=lines)
        return Response(LoanOut(told(actor, lines[0])).data)


class ImportView(APIView):
    """A file of loans (CSV or XLSX): checked, and booked unless `dry_run`, in the background."""

    doors = {"POST": "loans.import"}
    parser_classes = [SafeMultiPartParser]

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.upload = keep_in_memory(request)
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(  # type: ignore[untyped-decorator]
        parameters=[IDEMPOTENCY_KEY], request=ImportInput, responses={202: ImportOut}
    )
    def post(self, request: Any) -> Response:
        actor = request._request.actor
        given = ImportInput(data=request.data)
        if self.upload.too_large:
            raise TooLarge
        check_names(request.data, known=given.fields)
        given.is_valid(raise_exception=True)
        file, profile, dry_run = (given.validated_data[name] for name in ("file", "profile", "dry_run"))

        def started() -> UUID:
            batch = import_upload(actor=actor, file=file, name=file.name, profile_key=profile)
            (import_check_start if dry_run else import_run_start)(actor=actor, batch=batch)
            return batch.id

        batch_id, _new = answered_once(
            actor=actor, place="loans.import", key=request.headers.get(IDEMPOTENCY_KEY.name),
            body=f"{file_digest(file, sha256).hexdigest()} {profile} {dry_run}".encode(), act=started,
        )  # fmt: skip
        batch = get_batch_of_answer(batch_id)
        answer = {"job": batch.job_id, "batch": batch.id, "number": batch.number, "profile": batch.profile_key}
        return Response(ImportOut(answer).data, status=202)


def _answer(actor: Actor, loan_id: UUID) -> list[Line]:
    """The loan of an act, for its answer. Whoever may act and not look is told so: to them it is no secret."""
    try:
        return lines_of([get_loan_for(actor, loan_id)])
    except NotFound as error:
        raise Forbidden(capability=SHOWN) from error


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """Validated input as the services take it: branch and officer by id, instalments as rows."""
    if "branch" in values:
        values["branch_id"] = _branch(values.pop("branch"))
    if "officer" in values:
        values["officer_id"] = _officer(values.pop("officer"))
    if "rows" in values:
        values["rows"] = [(row["due_on"], row["principal"], row["interest"]) for row in values["rows"]]
    return values


def _branch(code: str) -> UUID | None:
    if not code:
        return None
    branch = branches().filter(code=code).first()
    if branch is None:
        raise Invalid(fields={"branch": [_("There is no branch with this code or name.")]})
    return branch.id


def _officer(text: str) -> UUID | None:
    if not text:
        return None
    officer_id, missing = pick(officers_named(), text)
    if missing:
        raise Invalid(fields={"officer": [faults.told({"message": faults.sentence(f"officer_{missing}")})]})
    return officer_id
