"""What people did lately, so that the trail, the saved views and exceptional access have something to show."""

from collections.abc import Sequence
from datetime import date, timedelta

from carloan.archives.models import Paper
from carloan.archives.services.viewing import paper_viewed
from carloan.compliance.policies.anomalies import HOUSE
from carloan.compliance.services.anomalies import anomalies_find
from carloan.compliance.services.reveals import field_reveal
from carloan.core.actors import Actor
from carloan.core.models import Membership, SavedView, Tenant
from carloan.core.services.saved_views import saved_view_keep
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration.lenders import Lender
from carloan.demonstration.seed.book import actor_of
from carloan.loans.models import ContactPoint, Loan, LoanGrant, Party
from carloan.loans.selectors.listing import Filters
from carloan.loans.services.exports import export_begin
from carloan.loans.services.grants import loan_grant

VIEWS = (
    ("逾期 1–29 天", "1–29 days overdue", "state=servicing&age=1-29&sort=-overdue"),
    ("逾期 90 天及以上", "90 days overdue or more", "state=servicing&age=90%2B&sort=-overdue"),
    ("待放款", "To be paid out", "state=disbursal"),
    ("审批中", "In approval", "state=approval"),
)


TRAIL_VIEWS = (
    ("被拒绝的请求", "Refused", "outcome=refused"),
    ("查看明文", "Revealed", "outcome=revealed"),
    ("查阅行为", "Looks", "looks=on"),
)


def leave_traces(lender: Lender, tenant: Tenant, as_of: date) -> None:
    """Shared views, exceptional access, looks at papers, reveals with their reasons: once, in one transaction."""
    with tenant_atomic(tenant.id):
        if SavedView.objects.exists():
            return
        admin = actor_of(tenant, f"{lender.slug}.admin")
        for name, name_en, query in VIEWS:
            saved_view_keep(actor=admin, page="loans", name=name, name_en=name_en, query=query, shared=True)
        for name, name_en, query in TRAIL_VIEWS:
            saved_view_keep(actor=admin, page="trail", name=name, name_en=name_en, query=query, shared=True)
        late = list(
            Loan.objects.filter(state="servicing", days_overdue__gt=0).order_by("-days_overdue", "contract_no")[:4]
        )
        _reveals(lender, tenant, late)
        _looks(lender, tenant)
        _access(lender, tenant, late, as_of + timedelta(days=30))
        _oddities(lender, tenant)


def _reveals(lender: Lender, tenant: Tenant, late: Sequence[Loan]) -> None:
    """A collector needs telephone numbers, the compliance officer checks an identity."""
    collector = actor_of(tenant, f"{lender.slug}.collector")
    compliance = actor_of(tenant, f"{lender.slug}.compliance")
    for loan in late:
        borrower = Party.objects.get(loan_parties__loan=loan, loan_parties__role="borrower")
        contact = ContactPoint.objects.filter(party=borrower).order_by("id").first()
        if contact is not None:
            field_reveal(
                actor=collector,
                label="loans.contactpoint",
                object_id=contact.id,
                field="value",
                reason_code="contact",
                reason="逾期提醒",
            )
    for loan in late[:1]:
        borrower = Party.objects.get(loan_parties__loan=loan, loan_parties__role="borrower")
        field_reveal(
            actor=compliance, label="loans.party", object_id=borrower.id, field="id_number", reason_code="audit"
        )


def _looks(lender: Lender, tenant: Tenant) -> None:
    officer = actor_of(tenant, f"{lender.slug}.officer")
    for paper in Paper.objects.filter(state=Paper.State.FILED).order_by("id")[:5]:
        paper_viewed(actor=officer, paper=paper)


def _oddities(lender: Lender, tenant: Tenant) -> None:
    """One who goes through papers in their order, and one who exports again and again: for the list of anomalies."""
    archivist = actor_of(tenant, f"{lender.slug}.archivist")
    for paper in Paper.objects.order_by("id")[: HOUSE["scraping"]["in_order"] + 5]:
        paper_viewed(actor=archivist, paper=paper)
    admin = actor_of(tenant, f"{lender.slug}.admin")
    for _ in range(HOUSE["large_exports"]["exports"] + 1):
        export_begin(actor=admin, filters=Filters(state=Loan.State.SERVICING), kind="csv")
    anomalies_find(actor=Actor.system(tenant.id, "seed"))


def _access(lender: Lender, tenant: Tenant, late: Sequence[Loan], until: date) -> None:
    """An officer of another branch may see one loan for a month."""
    for loan in late[:1]:
        other = Membership.objects.filter(user__username__contains=".officer.").exclude(branch=loan.branch).first()
        if other is not None and not LoanGrant.objects.filter(content_object=loan).exists():
            admin = actor_of(tenant, f"{lender.slug}.admin")
            loan_grant(actor=admin, loan=loan, member=other, reason="协助处理客户跨区投诉", valid_until=until)
