"""The API of papers: send one, ask for one, search in them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from carloan.archives.faces import problem_lines
from carloan.archives.fields import policy_key, rule_of_field
from carloan.archives.models import Paper, PaperField
from carloan.archives.recognition.kinds import KINDS
from carloan.archives.selectors.corrections import corrections_named
from carloan.archives.selectors.listing import PAGE, PaperFilters, papers_page
from carloan.archives.selectors.papers import fields_of, get_paper_for, require_picture
from carloan.archives.selectors.shown_text import text_for
from carloan.archives.services.copying import copy_begin
from carloan.archives.services.receiving import Delivery, files_receive
from carloan.archives.services.viewing import original_download, paper_viewed
from carloan.archives.uploads import files_of, keep_in_memory, part_text
from carloan.archives.values import typed
from carloan.archives.views.files import copy_answer, original_answer
from carloan.archives.words import PROOFS
from carloan.compliance.reveals import REASONS
from carloan.core.actors import Actor
from carloan.core.errors import Invalid, NotFound
from carloan.core.listing import check_names, size_of
from carloan.core.rest import SafeMultiPartParser, StrictSerializer
from carloan.core.sealed import clear
from carloan.core.services.searching import search_asked
from carloan.core.sight import show_text
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import get_loan_by_number_for

MOST_PER_PAGE = 200


class PaperIn(serializers.Serializer[Any]):
    file = serializers.FileField(
        help_text="A picture (JPEG, PNG, TIFF, HEIC, WebP, GIF, BMP), a PDF, an OFD, or a zip of them."
    )
    loan = serializers.CharField(
        required=False, help_text="Contract number; without it the paper lies on the intake desk."
    )


class ReceivedOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Paper.State.values)
    sha256 = serializers.CharField()
    papers = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="Of a zip: id, state and sha256 of every paper in it."
    )
    refused = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        help_text="Of a zip: name, code, message of what was not taken.",
    )


class FieldOut(serializers.Serializer[Any]):
    value = serializers.JSONField(
        help_text="Text, ISO date, `long_term`, or an integer: minor units, months, parts per million."
    )
    confidence = serializers.FloatField(min_value=0, max_value=1)
    page = serializers.IntegerField(allow_null=True)
    box = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Fractions of the upright page."
    )
    source = serializers.ChoiceField(choices=PaperField.Source.values)  # type: ignore[assignment]
    proofs = serializers.ListField(
        child=serializers.ChoiceField(choices=list(PROOFS)), help_text="The checks the value went through."
    )


class ProblemOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]


class PaperOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Paper.State.values)
    kind = serializers.ChoiceField(choices=KINDS, allow_null=True)
    loan = serializers.CharField(allow_null=True, help_text="Contract number.")
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()
    problems = serializers.ListField(child=serializers.CharField(), help_text="Codes.")


class PaperFound(PaperOut):
    corrected = serializers.ListField(
        child=serializers.CharField(),
        help_text="Fields whose value a person corrected and that have a word of `q`; empty without `q`.",
    )


class PaperWhole(PaperOut):
    fields = serializers.DictField(child=FieldOut())  # type: ignore[assignment]
    problem_details = ProblemOut(many=True)
    text = serializers.CharField(help_text="Recognised text; empty when it is withheld.")
    text_withheld = serializers.BooleanField(
        help_text="The text is only for readers with `sight.clear`, and not where pictures of the kind are closed."
    )
    reader = serializers.CharField(
        help_text="Which rules and engines read the paper; changes with them. Empty where nothing was read."
    )


class PapersOut(serializers.Serializer[Any]):
    results = PaperFound(many=True)
    next = serializers.UUIDField(allow_null=True, help_text="Give it as `after` for the next page.")


SEARCHED = (
    "A substring of the recognised text or of a corrected value (needs `sight.clear`);"
    " the newest hits come as one page."
)


# What the list takes; any other name is refused.
ASKED = [
    OpenApiParameter("q", str, description=SEARCHED),
    OpenApiParameter("state", str, enum=Paper.State.values),
    OpenApiParameter("kind", str, enum=KINDS),
    OpenApiParameter("loan", str, description="Contract number."),
    OpenApiParameter("after", UUID, description="`next` of the page before."),
    OpenApiParameter("limit", int, description=f"1 to {MOST_PER_PAGE}; {PAGE} without it."),
]


class PapersView(APIView):
    """Send a paper; list and search papers."""

    doors = {"GET": "papers.view", "POST": "papers.upload"}
    # Members of a zip are safe one by one, whatever happens to the next.
    stepwise = ("POST",)
    parser_classes = [SafeMultiPartParser]

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.upload = keep_in_memory(request, most=1)
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(  # type: ignore[untyped-decorator]
        request={"multipart/form-data": PaperIn}, responses={200: ReceivedOut, 201: ReceivedOut}
    )
    def post(self, request: Any) -> Response:
        """One picture, PDF or zip in the part `file`. 201: new; 200: these bytes were there already."""
        actor, data = request._request.actor, request.data
        ((name, content),) = files_of(request, self.upload)
        check_names(data, known=PaperIn().fields)
        number = part_text(data, "loan")
        with tenant_atomic():
            loan = _loan(actor, number) if number else None
        delivery = files_receive(actor=actor, files=[(name, content)], loan=loan, source=Paper.Source.API)
        return Response(_received(delivery), status=201 if delivery.created else 200)

    @extend_schema(  # type: ignore[untyped-decorator]
        parameters=ASKED,
        responses=PapersOut,
    )
    def get(self, request: Any) -> Response:
        actor, asked = request._request.actor, request.query_params
        check_names(asked, known=[parameter.name for parameter in ASKED])
        size = size_of(asked, usual=PAGE, most=MOST_PER_PAGE)
        filters = PaperFilters.of(asked)
        search_asked(actor=actor, place="archives.paper", query=filters.q)
        page = papers_page(actor, filters, size=size)
        corrected = corrections_named(actor, page.papers, filters.q) if filters.q else {}
        results = [
            summary(paper) | {"corrected": [row.name for row in corrected.get(paper.id, [])]} for paper in page.papers
        ]
        return Response({"results": results, "next": page.next})


class PaperView(APIView):
    """One paper with everything that was read on it; reading it leaves an event."""

    doors = {"GET": "papers.view"}

    @extend_schema(responses=PaperWhole)  # type: ignore[untyped-decorator]
    def get(self, request: Any, paper_id: UUID) -> Response:
        actor = request._request.actor
        paper = get_paper_for(actor, paper_id)
        paper_viewed(actor=actor, paper=paper)
        return Response(whole(actor, paper))


class ReasonIn(StrictSerializer):
    reason_code = serializers.ChoiceField(choices=list(REASONS))
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, help_text="Needed with `other`.")


class CopyView(APIView):
    """All pages of a paper as marked pictures in one PDF; taking it leaves an event."""

    doors = {"GET": "papers.view"}

    @extend_schema(responses={(200, "application/pdf"): bytes})  # type: ignore[untyped-decorator]
    def get(self, request: Any, paper_id: UUID) -> HttpResponseBase:
        actor = request._request.actor
        paper = get_paper_for(actor, paper_id)
        require_picture(actor, paper)
        return copy_answer(copy_begin(actor=actor, paper=paper))


class OriginalView(APIView):
    """The file as it came, without any mark: with the right `papers.download` and a reason, which the event keeps."""

    doors = {"POST": "papers.download"}
    confirmed = ("POST",)

    @extend_schema(  # type: ignore[untyped-decorator]
        request=ReasonIn, responses={(200, "application/octet-stream"): bytes}
    )
    def post(self, request: Any, paper_id: UUID) -> HttpResponseBase:
        actor = request._request.actor
        paper = get_paper_for(actor, paper_id, "papers.download")
        require_picture(actor, paper)
        sent = ReasonIn(data=request.data)
        sent.is_valid(raise_exception=True)
        return original_answer(paper, original_download(actor=actor, paper=paper, **sent.validated_data))


def summary(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.id,
        "state": paper.state,
        "kind": paper.kind or None,
        "loan": paper.loan.contract_no if paper.loan else None,
        "sha256": paper.sha256,
        "received_at": paper.received_at,
        "problems": [problem["code"] for problem in paper.problems],
    }


def whole(actor: Actor, paper: Paper) -> dict[str, Any]:
    """The paper as this actor may see it: masked values and no text at all without `sight.clear` (`text_for`)."""
    rows = fields_of(paper)
    text = text_for(actor, paper, door="api", rows=rows)
    fields = {row.name: _field(actor, paper, row, clear(row, "value")) for row in rows}
    details = [
        {"code": problem["code"], "message": line, "fields": problem.get("fields", [])}
        for problem, line in zip(paper.problems, problem_lines(actor, paper), strict=True)
    ]
    return {
        **summary(paper),
        "fields": fields,
        "problem_details": details,
        "text": text or "",
        "text_withheld": text is None,
        "reader": paper.reader,
    }


def _field(actor: Actor, paper: Paper, row: Any, value: str) -> Mapping[str, Any]:
    shown = show_text(
        actor,
        rule_of_field(paper.kind, row.name),
        value,
        of=paper,
        door="api",
        key=policy_key(paper.kind, row.name),
    )
    return {
        "value": shown.text if shown.masked else typed(row.name, value),
        "confidence": row.confidence / 1000,
        "proofs": row.proofs,
        "page": row.page,
        "box": row.box,
        "source": row.source,
    }


def _loan(actor: Actor, number: str) -> Loan:
    try:
        return get_loan_by_number_for(actor, number)
    except NotFound as error:
        raise Invalid(fields={"loan": [_("There is no loan with this number, or you may not see it.")]}) from error


def _received(delivery: Delivery) -> dict[str, Any]:
    told = delivery.as_dict()
    return {**told["papers"][0], **(told if delivery.many else {})}
