"""Which originals an actor may see. `get_original_for` is the only door to one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.archives.models import Custody, CustodyDetail, CustodyRequest, Original
from carloan.archives.policies.originals.codes import ORIGINAL, read_code
from carloan.archives.policies.originals.custody import BUNDLE, Link, gaps
from carloan.archives.policies.originals.requests import OPEN
from carloan.archives.recognition.kinds import KINDS
from carloan.core.actors import Actor
from carloan.core.errors import Forbidden, Invalid, NotFound
from carloan.core.listing import NOT_LISTED, WRONG_CURSOR, one_of, searched
from carloan.core.models import Branch, Counter
from carloan.lib.problems import Problem
from carloan.lib.text import fold
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import visible_loans

VIEW: Final = "originals.view"
REGISTER: Final = "originals.register"
KEEP: Final = "originals.keep"
BORROW: Final = "originals.borrow"
DECIDE: Final = "originals.decide"
PAGE: Final = 50
MOST_EXPORTED: Final = 20_000
OVERDUE: Final = "overdue"
SERIES: Final = "originals"
ORIGINAL_KINDS: Final = (*KINDS, BUNDLE)
# Where an original can still be handed to somebody.
AT_HAND: Final = (Original.State.RECEIVED, Original.State.SHELVED)


def visible_originals(actor: Actor, capability: str = VIEW) -> "QuerySet[Original]":
    """Originals of the loans that the actor reaches with this capability; to look at, also those in their own hands."""
    rows = Original.objects.select_related("loan__branch", "holder", "place__parent__parent__parent")
    right = actor.right(capability)
    if right.everywhere:
        return rows
    reach = Q(loan_id__in=visible_loans(actor, capability).values("id"))
    if capability == VIEW and actor.can(VIEW) and actor.membership_id:
        reach |= Q(holder_id=actor.membership_id)
    return rows.filter(reach)


def get_original_for(actor: Actor, original_id: UUID, capability: str = VIEW) -> Original:
    """One original. Strangers get NotFound; readers who lack `capability` for it get Forbidden."""
    found = visible_originals(actor).filter(id=original_id).first()
    if found is None:
        raise NotFound
    if not may_with(actor, capability, found):
        raise Forbidden(capability=capability)
    return found


def may_with(actor: Actor, capability: str, original: Original) -> bool:
    """Whether a capability covers this original."""
    if capability == VIEW or actor.right(capability).everywhere:
        return actor.can(capability)
    return actor.can(capability) and visible_loans(actor, capability).filter(id=original.loan_id).exists()


def original_by_code(actor: Actor, text: str, capability: str = VIEW) -> Original | None:
    """The original with this code on it, if the actor may see it."""
    code = read_code(text)
    if code is None or code.letter != ORIGINAL:
        return None
    return visible_originals(actor, capability).filter(number=code.number).first()


def free_number(text: str) -> int:
    """The number of a label that was printed before and is on nothing yet. Raises Invalid for any other code."""
    code = read_code(text)
    wrong = ""
    if code is None or code.letter != ORIGINAL:
        wrong = _("This is no code of an original. It begins with Y and ends with a check digit.")
    elif Original.objects.filter(number=code.number).exists():
        wrong = _("This label is on another original already.")
    elif not Counter.objects.filter(name=SERIES, value__gte=code.number).exists():
        wrong = _("No label with this number was printed here.")
    if wrong or code is None:
        raise Invalid(fields={"code": [wrong]})
    return code.number


def originals_of_loan(actor: Actor, loan: Loan) -> "QuerySet[Original]":
    return visible_originals(actor).filter(loan=loan).order_by("id")


def original_of_paper(actor: Actor, paper_id: UUID | None) -> Original | None:
    """The original of which this paper is the scan, if it is entered."""
    if paper_id is None:
        return None
    return visible_originals(actor).filter(paper_id=paper_id).exclude(state=Original.State.VOIDED).first()


def reached_details(actor: Actor, capability: str, ids: list[UUID]) -> set[UUID]:
    """Which of these words at hands a right over people's data covers."""
    loans = visible_loans(actor, capability).values("id")
    rows = CustodyDetail.objects.filter(id__in=ids, custody__original__loan_id__in=loans)
    return set(rows.values_list("id", flat=True))


def reached_requests(actor: Actor, capability: str, ids: list[UUID]) -> set[UUID]:
    """Which of these requests a right over people's data covers."""
    rows = CustodyRequest.objects.filter(
        id__in=ids, original__loan_id__in=visible_loans(actor, capability).values("id")
    )
    return set(rows.values_list("id", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalFilters:
    """What a list of originals asks for; empty values ask nothing. `state` may also be `overdue`, which is derived."""

    q: str = ""
    state: str = ""
    kind: str = ""
    branch: UUID | None = None
    mine: bool = False
    after: int = 0

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Self:
        """From a query string. Raises Invalid for what is in no list."""
        after = str(query.get("after") or "0")
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            raise Invalid(fields={"after": [WRONG_CURSOR]})
        try:
            branch = UUID(str(query["branch"])) if query.get("branch") else None
        except ValueError as error:
            raise Invalid(fields={"branch": [NOT_LISTED]}) from error
        return cls(
            q=fold(searched(query)),
            state=one_of(query, "state", [*Original.State.values, OVERDUE]),
            kind=one_of(query, "kind", ORIGINAL_KINDS),
            branch=branch,
            mine=one_of(query, "whose", ["me"]) == "me",
            after=int(after),
        )


def matching_originals(actor: Actor, filters: OriginalFilters) -> "QuerySet[Original]":
    """What the filters ask for within the actor's reach, the newest first. `q` is a code or a whole contract number."""
    rows = visible_originals(actor)
    if filters.q:
        code = read_code(filters.q)
        rows = rows.filter(Q(loan__contract_no=filters.q) | (Q(number=code.number) if code else Q(pk=None)))
    if filters.state == OVERDUE:
        rows = overdue(rows, timezone.localdate())
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.branch:
        rows = rows.filter(loan__branch_id=filters.branch)
    if filters.mine:
        rows = rows.filter(holder_id=actor.membership_id)
    return rows.order_by("-number")


def originals_page(actor: Actor, filters: OriginalFilters) -> tuple[list[Original], int | None]:
    """One page, and the cursor of the next one."""
    rows = matching_originals(actor, filters)
    if filters.after:
        rows = rows.filter(number__lt=filters.after)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None


def overdue(rows: "QuerySet[Original]", today: date) -> "QuerySet[Original]":
    """Those that somebody should have given back before today."""
    return rows.filter(state=Original.State.LENT, due_on__lt=today)


def branches_of_originals(actor: Actor) -> list[Branch]:
    """The branches by which the actor may narrow a list of originals."""
    right = actor.right(VIEW)
    rows = Branch.objects.filter(is_active=True)
    return list(rows if right.everywhere else rows.filter(id__in=list(right.branches)))


@dataclass(frozen=True, slots=True)
class Hand:
    """One hand of a chain with what was said at it, and what is missing in it (certificates only)."""

    custody: Custody
    detail: CustodyDetail | None
    gaps: list[Problem]


def chain_of(original: Original, *, certificate: bool) -> list[Hand]:
    """Every hand of an original, the first first."""
    rows = list(
        Custody.objects.select_related("by", "second", "from_place", "from_holder", "to_place", "to_holder", "handover")
        .filter(original=original)
        .order_by("number")
    )
    details = {each.custody_id: each for each in CustodyDetail.objects.filter(custody__in=rows).defer("photo")}
    missing: Sequence[list[Problem]] = gaps([_link(row) for row in rows]) if certificate else [[]] * len(rows)
    hands = []
    for row, lacking in zip(rows, missing, strict=True):
        row.original = original
        if (detail := details.get(row.id)) is not None:
            detail.custody = row
        hands.append(Hand(row, detail, lacking))
    return hands


def _link(row: Custody) -> Link:
    return Link(
        act=row.act,
        by=str(row.by_id or ""),
        seal_no=row.seal_no,
        has_photo=bool(row.photo_sha256),
        source=str(row.from_place_id or row.from_holder_id or ""),
        target=str(row.to_place_id or row.to_holder_id or ""),
    )


def photo_for(actor: Actor, custody_id: UUID) -> CustodyDetail:
    """The picture of a hand. Raises NotFound where there is none or the actor does not see the original."""
    detail = (
        CustodyDetail.objects.select_related("custody__original")
        .filter(custody_id=custody_id, photo__isnull=False)
        .first()
    )
    if detail is None:
        raise NotFound
    detail.custody.original = get_original_for(actor, detail.custody.original_id)
    return detail


def requests_of(original: Original) -> list[CustodyRequest]:
    """The open requests about an original."""
    rows = CustodyRequest.objects.select_related("asked_by", "decided_by").filter(original=original, state__in=OPEN)
    return _of(list(rows.order_by("id")), original)


def _of(rows: list[CustodyRequest], original: Original) -> list[CustodyRequest]:
    for row in rows:
        row.original = original
    return rows


def get_request_for(actor: Actor, request_id: UUID) -> CustodyRequest:
    """A request about an original that the actor sees. Raises NotFound."""
    row = CustodyRequest.objects.select_related("asked_by", "decided_by").filter(id=request_id).first()
    if row is None:
        raise NotFound
    row.original = get_original_for(actor, row.original_id)
    return row


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for whoever keeps originals, each list with the number of all that wait."""

    overdue: Sequence[Original]
    due_today: Sequence[Original]
    due_soon: Sequence[Original]
    to_shelve: Sequence[Original]
    expected: Sequence[Original]
    requests: Sequence[CustodyRequest]
    counts: Mapping[str, int]


MOST_AT_DESK: Final = 20


def desk_of(actor: Actor, *, soon: int) -> Desk:
    """The desk of an archivist: within the reach of the right to keep, the oldest first."""
    rows, today = visible_originals(actor, KEEP), timezone.localdate()
    lent = rows.filter(state=Original.State.LENT)
    lists = {
        "overdue": overdue(rows, today).order_by("due_on", "id"),
        "due_today": lent.filter(due_on=today).order_by("id"),
        "due_soon": lent.filter(due_on__gt=today, due_on__lte=today + timedelta(days=soon)).order_by("due_on", "id"),
        "to_shelve": rows.filter(state=Original.State.RECEIVED).order_by("id"),
        "expected": rows.filter(state=Original.State.EXPECTED).order_by("id"),
    }
    found = {name: list(each[:MOST_AT_DESK]) for name, each in lists.items()}
    asked = CustodyRequest.objects.filter(state__in=OPEN, original__in=rows.order_by().values("id"))
    requests = list(asked.select_related("asked_by", "original__loan").order_by("id")[:MOST_AT_DESK])
    counts = {name: _count(each, found[name]) for name, each in lists.items()}
    counts["requests"] = _count(asked, requests)
    return Desk(**found, requests=requests, counts=counts)


def _count(rows: "QuerySet[Any]", shown: Sequence[Any]) -> int:
    """Counted only where not everything is shown."""
    return len(shown) if len(shown) < MOST_AT_DESK else rows.order_by().count()
