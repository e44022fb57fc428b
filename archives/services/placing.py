"""Where a paper belongs once it is read: matched, compared with its loan, filed or put on the desk, and findable."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from carloan.archives.models import Paper, PaperField
from carloan.archives.models.paper import CERTAIN
from carloan.archives.policies import matching
from carloan.archives.policies.moves import Event
from carloan.archives.policies.outcome import outcome
from carloan.archives.recognition.certainty import SURE
from carloan.archives.recognition.extract.field import ALONE
from carloan.archives.recognition.proof import Fault
from carloan.archives.selectors.papers import values_of
from carloan.archives.selectors.same import same_papers
from carloan.archives.services.finding import terms_renew
from carloan.archives.services.keeping import paper_rewrap
from carloan.archives.services.receiving import RECEIVED, UPLOAD, dossier_of
from carloan.archives.services.states import paper_step
from carloan.archives.services.ticking import paper_tick_renew
from carloan.core import audit, lookup
from carloan.core.access import actor_again
from carloan.core.actors import Actor
from carloan.core.locks import hold
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear, warm
from carloan.core.selectors import lender_name
from carloan.core.tenancy import current_tenant_id
from carloan.loans.models import Loan, LoanParty, Vehicle
from carloan.loans.selectors.loans import may, people_of

UNSURE = "field_unsure"


def place(*, actor: Actor, paper: Paper, faults: Sequence[Fault], event_id: UUID) -> None:
    """Decide about a paper that was just read and save it, inside the reader's transaction.

    Dropped on a loan it stays there; on the desk it is moved to the one loan its identifiers name, if its sender may
    file there. It is filed only
    when nothing is wrong with it; otherwise it waits for a person, with every reason.
    """
    values = values_of(paper)
    found = list(faults)
    put_there = paper.loan_id is not None
    if not put_there:
        found += _find_loan(paper, values, event_id)
    elif paper.loan is not None and (differs := matching.contradictions(paper.kind, values, facts_of(paper.loan))):
        found.append(differs)
    if paper.loan is not None:
        found = _less_doubt(paper, values, found, put_there=put_there)
    if Paper.objects.filter(sha256=paper.sha256).exclude(id=paper.id).exclude(loan=None).exists():
        found.append(Fault("possible_duplicate"))
    filed = outcome(paper.kind, has_loan=paper.loan_id is not None, faults=found) == "filed"
    if filed and _filed_before(paper, values):
        filed, found = False, [*found, Fault("same_paper")]
    if filed:
        event_id = audit.record(
            actor=actor, action="archives.paper.filed", object_type="archives.paper", object_id=paper.id,
            loan_id=paper.loan_id, subject=paper.key_subject(), after={"kind": paper.kind}, rules=paper.reader,
        )  # fmt: skip
    paper.filed_at = timezone.now() if filed else None
    paper.problems = [fault.as_dict() for fault in found]
    paper.audit_event_id = event_id
    save_placed(paper, values, "read_clean" if filed else "read")


def _filed_before(paper: Paper, values: dict[str, str]) -> bool:
    """Whether the dossier holds this very paper already, as another file: a scan beside the photograph of it.

    Asked of what would be filed alone; at the desk a person is told of it anyway. The machine knows, whoever sent the
    paper. Readers of the same dossier wait for each other here, or two of them would see nothing filed yet; a holder
    wants nothing that a waiting one has.
    """
    hold("dossier", paper.loan_id)
    machine = Actor.system(current_tenant_id(), "worker")
    return bool(same_papers(machine, paper, kind=paper.kind, values=values, loan_id=paper.loan_id))


def save_placed(paper: Paper, values: dict[str, str], event: Event) -> None:
    """Save a paper that moved or changed, and renew what finds it and what it stands for in its dossier.

    Raises Conflict when it cannot change so now.
    """
    paper_step(paper, event)
    terms_renew(paper, values)
    paper_tick_renew(paper, values, event_id=paper.audit_event_id)


def move(paper: Paper, loan: Loan | None, *, event_id: UUID) -> None:
    """Put a paper into a loan's dossier or back on the desk, keys and all. The caller saves it with save_placed()."""
    paper_rewrap(paper, loan_id=loan.id if loan else None)
    paper.loan = loan
    paper.dossier = dossier_of(loan, event_id=event_id) if loan else None
    if loan:
        paper.branch_id = loan.branch_id


def _less_doubt(paper: Paper, values: dict[str, str], faults: list[Fault], *, put_there: bool) -> list[Fault]:
    """The faults without the doubts about values of which the loan's book says the same; their rows keep that proof."""
    unsure = [name for fault in faults if fault.code == UNSURE for name in fault.fields]
    if paper.loan is None or not unsure:
        return faults
    rows = list(PaperField.objects.filter(paper=paper, name__in=unsure))
    proven = matching.confirmed(
        paper.kind, values, unsure, facts_of(paper.loan), put_there=put_there,
        read_surely=[row.name for row in rows if ALONE in row.proofs],
    )  # fmt: skip
    for row in rows:
        if row.name in proven:
            row.confidence = round(SURE * CERTAIN)
            row.proofs = [*(code for code in row.proofs if code != ALONE), "book"]
            row.save(update_fields=["confidence", "proofs"])
    rest = tuple(name for name in unsure if name not in proven)
    others = [fault for fault in faults if fault.code != UNSURE]
    return [*others, Fault(UNSURE, rest)] if rest else others


def _find_loan(paper: Paper, values: dict[str, str], event_id: UUID) -> list[Fault]:
    loan_id, why = matching.choose(
        [
            loans_named(matching.IDENTIFIERS[name], value)
            for name, value in matching.identifiers(paper.kind, values).items()
        ]
    )
    if loan_id is None:
        return [Fault(why)]
    loan = Loan.objects.get(id=loan_id)
    if not _within_reach(paper, loan):
        return [Fault("beyond_reach")]
    if Paper.objects.filter(loan=loan, sha256=paper.sha256).exists():
        return [Fault("already_filed")]
    differs = matching.contradictions(paper.kind, values, facts_of(loan))
    if differs:
        return [Fault("no_loan"), differs]
    move(paper, loan, event_id=event_id)
    return []


def _within_reach(paper: Paper, loan: Loan) -> bool:
    """Whether whoever sent the paper could have put it there by hand: the machine files nothing further than that."""
    came = AuditEvent.objects.filter(object_id=paper.id, action=RECEIVED).order_by("id").first()
    sender = actor_again(came.actor_kind, came.actor_id, name="worker") if came else None
    return sender is not None and may(sender, UPLOAD, loan)


def loans_named(field: str, value: str) -> frozenset[UUID]:
    """The loans that an identifier names exactly: by number, by car, or by anybody who stands in them."""
    matches = [match for match in lookup.find(value, fields=[field]) if match.exact and match.object_kind != "paper"]
    loans = {match.loan_id for match in matches if match.loan_id}
    parties = [match.object_id for match in matches if match.object_kind == "party"]
    if parties:
        loans |= set(LoanParty.objects.filter(party_id__in=parties).values_list("loan_id", flat=True))
    return frozenset(loans)


def facts_of(loan: Loan) -> matching.LoanFacts:
    """What the book knows of a loan, for comparing a paper with it."""
    rows = people_of(loan)
    people = [row.party for row in rows]
    vehicles = list(Vehicle.objects.filter(loan=loan))
    warm(vehicles)
    return matching.LoanFacts(
        contract_no=loan.contract_no,
        identities=frozenset(filter(None, (clear(party, "id_number") for party in people))),
        names=frozenset(filter(None, (clear(party, "name") for party in people))),
        vins=frozenset(filter(None, (clear(vehicle, "vin") for vehicle in vehicles))),
        plates=frozenset(filter(None, (clear(vehicle, "plate") for vehicle in vehicles))),
        engines=frozenset(filter(None, (clear(vehicle, "engine_no") for vehicle in vehicles))),
        addresses=frozenset(filter(None, (clear(party, "address") for party in people))),
        models=frozenset().union(*(matching.printed_models(vehicle.make, vehicle.model) for vehicle in vehicles)),
        terms={
            name: str(value)
            for name, value in (("principal", loan.principal), ("term_months", loan.term), ("rate", loan.rate_ppm))
            if value is not None
        },
        parts=_parts(loan, rows),
    )


def _parts(loan: Loan, rows: Sequence[LoanParty]) -> dict[str, frozenset[str]]:
    """Who borrows, who owns the car (the borrower where nobody else is said to), who lends, when it was settled."""
    borrowers = [row.party for row in rows if row.role == LoanParty.Role.BORROWER]
    owners = [row.party for row in rows if row.role == LoanParty.Role.OWNER] or borrowers
    who = {"borrower": borrowers, "mortgagor": owners}
    parts = {f"{part}_name": frozenset(filter(None, (clear(one, "name") for one in who[part]))) for part in who}
    parts |= {f"{part}_id": frozenset(filter(None, (clear(one, "id_number") for one in who[part]))) for part in who}
    lender = frozenset({lender_name()})
    settled = frozenset({loan.settled_on.isoformat()}) if loan.settled_on else frozenset[str]()
    return parts | {"lender_name": lender, "mortgagee_name": lender, "settled_on": settled}
