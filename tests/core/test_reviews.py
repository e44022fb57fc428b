"""The quarterly review of access: everything is asked about, nobody decides about their own, a signed one is fixed."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from carloan.core.errors import Conflict, Forbidden, Invalid, NotFound
from carloan.core.ids import uuid7
from carloan.core.models import (
    AccessReview,
    ApiKey,
    AuditEvent,
    Delegation,
    Membership,
    ReviewItem,
    Role,
    RoleAssignment,
    RoleCapability,
)
from carloan.core.selectors_reviews import items_of, standing
from carloan.core.services.delegations import delegation_give
from carloan.core.services.people import role_assign
from carloan.core.services.reviews import (
    digest_of,
    last_day_of,
    quarter_of,
    review_decide,
    review_open,
    review_sign,
)
from carloan.loans.models import LoanGrant
from carloan.loans.services.grants import loan_grant
from tests.cast import Lender
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def ids(review: AccessReview, **more: Any) -> list[Any]:
    return list(ReviewItem.objects.filter(review=review, **more).values_list("id", flat=True))


def decide(
    lender: Lender, review: AccessReview, who: str, decision: str, item_ids: Any, *, reason: str = "在岗"
) -> int:
    return review_decide(actor=lender.actor(who), review=review, item_ids=item_ids, decision=decision, reason=reason)


def keep_all(lender: Lender, review: AccessReview) -> None:
    """One by one, each by somebody else than whose it is."""
    own = lender.members["compliance"].id
    for item in ReviewItem.objects.filter(review=review, decision=""):
        decide(lender, review, "admin" if item.member_id == own else "compliance", "keep", [item.id])


def test_quarters() -> None:
    assert [quarter_of(date(2026, month, 1)) for month in (1, 3, 4, 12)] == ["2026Q1", "2026Q1", "2026Q2", "2026Q4"]
    assert last_day_of("2026Q1") == date(2026, 3, 31)
    assert last_day_of("2026Q4") == date(2026, 12, 31)


def test_a_review_asks_about_every_kind_of_access(bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.system, branch_id=bank.branches["east"].id)
        loan_grant(actor=bank.system, loan=loan, member=bank.members["collector"], reason="x", valid_until=None)
        held = RoleAssignment.objects.get(membership=bank.members["archivist"])
        today = timezone.localdate()
        delegation_give(
            actor=bank.actor("archivist"), taker=bank.members["service"], assignment_ids=[held.id], begins_on=today,
            ends_on=today, reason="休假",
        )  # fmt: skip
        review = review_open(actor=bank.actor("compliance"))
        counts = {
            kind: ReviewItem.objects.filter(review=review, kind=kind).count()
            for kind in ("member", "role", "delegation", "key", "grant")
        }
        assert counts == {"member": 7, "role": 7, "delegation": 1, "key": 7, "grant": 1}
        assert ReviewItem.objects.get(review=review, kind="grant").what == loan.contract_no
        assert not ReviewItem.objects.filter(review=review, unchanged=True).exists(), "there was none before"
        with pytest.raises(Conflict):
            review_open(actor=bank.actor("compliance"))
        assert AuditEvent.objects.get(action="core.review.opened")
        with pytest.raises(Forbidden):
            review_open(actor=bank.actor("officer"))


def test_what_is_taken_away_ends_at_once(bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.system, branch_id=bank.branches["east"].id)
        loan_grant(actor=bank.system, loan=loan, member=bank.members["collector"], reason="x", valid_until=None)
        held = RoleAssignment.objects.get(membership=bank.members["archivist"])
        today = timezone.localdate()
        lent = delegation_give(
            actor=bank.actor("archivist"), taker=bank.members["service"], assignment_ids=[held.id], begins_on=today,
            ends_on=today, reason="休假",
        )[0]  # fmt: skip
        review = review_open(actor=bank.actor("compliance"))
        officer = bank.members["officer"]
        key = ApiKey.objects.get(name="service")
        taken = [
            *ids(review, kind="role", member=bank.members["service"]),
            *ids(review, kind="key", object_id=key.id),
            *ids(review, kind="grant"),
            *ids(review, kind="delegation"),
            *ids(review, kind="member", member=officer),
            *ids(review, kind="role", member=officer),
        ]
        for without in ("", " "):
            with pytest.raises(Invalid):
                decide(bank, review, "compliance", "take", taken, reason=without)
        assert decide(bank, review, "compliance", "take", taken, reason="不再需要") == 6
        assert not RoleAssignment.objects.filter(membership=bank.members["service"]).exists()
        assert ApiKey.objects.get(id=key.id).revoked_at
        assert not LoanGrant.objects.exists()
        assert Delegation.objects.get(id=lent.id).ended_at
        assert not Membership.objects.get(id=officer.id).is_active
        done = set(AuditEvent.objects.values_list("action", flat=True))
        assert done >= {
            "core.review.taken", "core.role.withdrawn", "core.api_key.revoked", "loans.loan.grant_ended",
            "core.delegation.ended", "core.member.deactivated",
        }  # fmt: skip
        with pytest.raises(Conflict):
            decide(bank, review, "compliance", "keep", taken[:1])


def test_nobody_decides_about_their_own(bank: Lender) -> None:
    with bank.open():
        review = review_open(actor=bank.actor("compliance"))
        own = ids(review, kind="role", member=bank.members["compliance"])
        for decision in ("keep", "take"):
            with pytest.raises(Conflict):
                decide(bank, review, "compliance", decision, own)
        # Nor with a colleague's hand: who lent the right is asked about as little.
        event_id = bank.branches["head"].audit_event_id
        RoleCapability.objects.create(
            role=Role.objects.get(key="archivist"), capability="rights.review", scope="all", audit_event_id=event_id
        )
        held = RoleAssignment.objects.get(membership=bank.members["archivist"])
        today = timezone.localdate()
        delegation_give(
            actor=bank.actor("archivist"), taker=bank.members["service"], assignment_ids=[held.id], begins_on=today,
            ends_on=today, reason="休假",
        )  # fmt: skip
        with pytest.raises(Conflict):
            decide(bank, review, "service", "keep", ids(review, kind="role", member=bank.members["archivist"]))
        item = ReviewItem.objects.get(id=own[0])
        with pytest.raises(DatabaseError), transaction.atomic():
            ReviewItem.objects.filter(id=item.id).update(
                decision="keep", decided_by=bank.members["compliance"], decided_at=timezone.now()
            )
        assert decide(bank, review, "admin", "keep", own) == 1


def test_a_lender_cannot_review_itself_out(bank: Lender) -> None:
    with bank.open():
        review = review_open(actor=bank.actor("compliance"))
        with pytest.raises(Conflict), bank.open():
            decide(bank, review, "compliance", "take", ids(review, kind="role", member=bank.members["admin"]))
        assert bank.actor("admin").can("roles.manage")
        assert not ReviewItem.objects.filter(review=review).exclude(decision="").exists()


def test_a_review_is_signed_when_all_is_decided_and_never_changes(bank: Lender) -> None:
    with bank.open():
        review = review_open(actor=bank.actor("compliance"))
        with pytest.raises(Conflict):
            review_sign(actor=bank.actor("compliance"), review=review)
        keep_all(bank, review)
        review = review_sign(actor=bank.actor("compliance"), review=review)
        again = AccessReview.objects.get(id=review.id)
        assert digest_of(again) == again.digest
        assert AuditEvent.objects.get(action="core.review.signed").id == again.audit_event_id
        with pytest.raises(Conflict):
            decide(bank, review, "compliance", "keep", ids(review, kind="key")[:1])
        with pytest.raises(Conflict):
            review_sign(actor=bank.actor("compliance"), review=review)
        items = ReviewItem.objects.filter(review=review)
        extra = ReviewItem(review=review, kind="key", object_id=uuid7(), whose="x", what="x", mark="x")
        extra.audit_event_id = again.audit_event_id
        for act in (
            lambda: items.update(reason="x"),
            items.delete,
            lambda: extra.save(force_insert=True),
            lambda: AccessReview.objects.filter(id=review.id).update(digest="0" * 64),
            lambda: AccessReview.objects.filter(id=review.id).delete(),
        ):
            with pytest.raises((DatabaseError, Exception)) as refused, transaction.atomic():
                act()
            assert "signed review" in str(refused.value) or "protected" in str(refused.value)


def test_what_has_not_changed_is_kept_together_and_what_has_one_by_one(bank: Lender) -> None:
    with bank.open():
        first = review_open(actor=bank.actor("compliance"))
        AccessReview.objects.filter(id=first.id).update(quarter="2020Q1")
        keep_all(bank, first)
        review_sign(actor=bank.actor("compliance"), review=first)
        ends = ReviewItem.objects.filter(review=first).count()
        RoleAssignment.objects.filter(membership=bank.members["officer"]).update(branch=bank.branches["west"])
        role_assign(actor=bank.actor("admin"), membership=bank.members["service"], role=Role.objects.get(key="officer"))
        second = review_open(actor=bank.actor("compliance"))
        changed = ids(second, unchanged=False)
        assert len(changed) == 2
        same = [
            each for each in ids(second, unchanged=True)
            if each not in ids(second, member=bank.members["compliance"])
        ]  # fmt: skip
        assert len(same) == ends - 1 - 2
        with pytest.raises(Invalid):
            decide(bank, second, "compliance", "keep", changed)
        with pytest.raises(Invalid):
            decide(bank, second, "compliance", "keep", same, reason="")
        assert decide(bank, second, "compliance", "keep", same, reason="与上季度一致") == len(same)
        for each in changed:
            assert decide(bank, second, "compliance", "keep", [each], reason="") == 1


def test_items_of_another_review_are_not_there(bank: Lender, other: Lender) -> None:
    with other.open():
        foreign = ids(review_open(actor=other.actor("compliance")))[:1]
    with bank.open():
        review = review_open(actor=bank.actor("compliance"))
        for wrong in (foreign, [uuid7()]):
            with pytest.raises(NotFound):
                decide(bank, review, "compliance", "keep", wrong)
        with pytest.raises(Invalid):
            decide(bank, review, "compliance", "keep", [])
        with pytest.raises(Invalid):
            decide(bank, review, "compliance", "forget", ids(review, kind="key")[:1])


def test_what_is_late_is_told_on_the_home_page(bank: Lender, client_of: Any) -> None:
    reader = client_of(bank, "compliance")
    assert "复核尚未发起" in text(reader.get("/home/"))
    with bank.open():
        review = review_open(actor=bank.actor("compliance"))
        count = ReviewItem.objects.filter(review=review).count()
        found = standing(bank.actor("compliance"), review.due_on, quarter=review.quarter, due_on=review.due_on)
        assert found is not None
        assert (found.left, found.overdue) == (count, False)
        AccessReview.objects.filter(id=review.id).update(due_on=date(2020, 3, 31))
    assert "已逾期" in text(reader.get("/home/"))
    assert "待复核权限" not in text(client_of(bank, "officer").get("/home/"))


def test_a_review_on_its_pages(bank: Lender, client_of: Any) -> None:
    reader, admin = client_of(bank, "compliance").confirmed(), client_of(bank, "admin").confirmed()
    assert client_of(bank, "officer").get("/reviews/").status_code == 403
    begun = reader.post("/reviews/open/")
    assert begun.status_code == 302
    with bank.open():
        review = AccessReview.objects.get()
        service = ids(review, kind="role", member=bank.members["service"])[0]
        own = ids(review, kind="role", member=bank.members["compliance"])[0]
        rest = ids(review)
    place = f"/reviews/{review.id}/"
    page = text(reader.get(f"{place}?q=service"))
    assert "本人权限" not in page
    assert "service 张" in page
    assert "officer 张" not in page
    assert "· 全部网点" in page
    assert reader.post(f"{place}decide/", {"keep": service}).status_code == 302
    refused = reader.post(f"{place}decide/", {"keep": own})
    assert refused.status_code == 409
    assert "不得复核本人权限" in text(refused)
    assert reader.post(f"{place}decide/", {"item": rest, "decision": "take"}).status_code == 422
    assert reader.post(f"{place}decide/", {"item": ["x"], "decision": "keep"}).status_code == 422
    assert (
        client_of(bank, "compliance").post(f"{place}decide/", {"item": [service], "decision": "take"}).status_code
        == 302
    )
    asks, some = client_of(bank, "compliance"), f"{place}?q=officer"
    with bank.open():
        (officer,) = ids(review, kind="role", member=bank.members["officer"])
    sent = {"item": [officer], "decision": "take", "reason": "不再需要"}
    assert asks.post(f"{place}decide/?q=officer", sent).status_code == 302
    page = text(asks.confirmed().get(some))
    assert 'value="不再需要"' in page, "what was chosen and said comes back after confirming who one is"
    assert re.search(rf'value="{officer}"[^>]* checked', page)
    with bank.open():
        assert ReviewItem.objects.get(id=service).decision == "keep", "taking away asks who one is"
        keep_all(bank, review)
    assert admin.post(f"{place}sign/").status_code == 302
    page = text(reader.get(place))
    assert "报告与签署时一致" in page
    assert "data-select-row" not in page
    lines = b"".join(reader.get(f"{place}csv/").streaming_content).decode("utf-8-sig").splitlines()
    with bank.open():
        signed = AccessReview.objects.get()
        assert signed.digest in lines[0]
        assert len(lines) == 2 + ReviewItem.objects.filter(review=signed).count()
        assert AuditEvent.objects.filter(action="core.review.exported", object_id=signed.id).count() == 1
        assert items_of(signed, only="new").count() == 0
