"""Who watches: an answer to an anomaly, a refused wish for clear values, and the quarter's review of access."""

from carloan.compliance.models import Anomaly, Opening
from carloan.compliance.services.anomalies import anomaly_close
from carloan.compliance.services.openings import opening_ask, opening_decide
from carloan.core.actors import Actor
from carloan.core.models import AccessReview, ReviewItem, Tenant
from carloan.core.services.reviews import review_decide, review_open, review_sign
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration.lenders import LENDERS, Lender
from carloan.demonstration.seed.book import actor_of
from carloan.loans.models import Loan
from carloan.loans.views.opened import KIND

# How many rights are decided about where the review is still going on.
_DECIDED = 8


def oversee(lender: Lender, tenant: Tenant) -> None:
    """Each step once."""
    with tenant_atomic(tenant.id):
        if AccessReview.objects.exists():
            return
        _answer(lender, tenant)
        if not lender.separated:
            _clear_values(lender, tenant)
        _review(lender, tenant)


def _answer(lender: Lender, tenant: Tenant) -> None:
    row = Anomaly.objects.filter(kind="scraping", state=Anomaly.State.OPEN).order_by("id").first()
    if row is not None:
        anomaly_close(
            actor=actor_of(tenant, f"{lender.slug}.compliance"), row=row, reason_code="business",
            reason="季度抽盘需要逐份核对影像，已核对抽盘计划与名单。",
        )  # fmt: skip


def _clear_values(lender: Lender, tenant: Tenant) -> None:
    """A list with clear values, asked for by the business and refused by a second person."""
    if Opening.objects.filter(kind=KIND).exists():
        return
    late = Loan.objects.filter(state="servicing", days_overdue__gt=0).order_by("contract_no")
    ids = [str(each) for each in late.values_list("id", flat=True)[:12]]
    if ids:
        row = opening_ask(
            actor=actor_of(tenant, f"{lender.slug}.officer"), kind=KIND, asked={"loans": ids}, reason_code="contact",
            reason="电话回访名单",
        )  # fmt: skip
        opening_decide(
            actor=actor_of(tenant, f"{lender.slug}.compliance"), opening=row, approve=False,
            note="回访可逐户查看号码，不需要整表明文。",
        )  # fmt: skip


def _review(lender: Lender, tenant: Tenant) -> None:
    """Begun at the first lender; at the others signed. Nobody decides about their own rights."""
    if lender.separated:
        reviewers = [actor_of(tenant, f"{lender.slug}.audit_admin")]
    else:
        reviewers = [actor_of(tenant, f"{lender.slug}.{who}") for who in ("compliance", "compliance.2")]
    review = review_open(actor=reviewers[0])
    items = list(ReviewItem.objects.filter(review=review).order_by("kind", "whose", "what", "id"))
    begun = lender is LENDERS[0] or lender.separated
    for item in items[:_DECIDED] if begun else items:
        reviewer = _somebody_else(reviewers, item)
        if reviewer is not None:
            review_decide(actor=reviewer, review=review, item_ids=[item.id], decision=ReviewItem.Decision.KEEP)
    if not begun:
        review_sign(actor=reviewers[0], review=review)


def _somebody_else(reviewers: list[Actor], item: ReviewItem) -> Actor | None:
    return next((each for each in reviewers if each.membership_id != item.member_id), None)
