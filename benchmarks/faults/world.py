"""A lender of one test's own: two loans, people who send and check papers, and the files they send."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from benchmarks.faults.deals import AS_OF, deal_of
from carloan.archives.recognition import media, recognise
from carloan.core.actors import Actor
from carloan.core.ids import uuid7
from carloan.core.models import Branch, Membership, Role, Tenant, User
from carloan.core.services.api_keys import api_key_make
from carloan.core.services.people import role_assign
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration import papers
from carloan.demonstration.specimens import render
from carloan.loans.models import Loan
from carloan.loans.policies.facts import PersonFacts, VehicleFacts
from carloan.loans.services.loans import PersonIn, loan_open

Maker = Callable[..., Tenant]


@dataclass(frozen=True)
class World:
    """What a process needs to act in it: plain values, no rows. `files` are sent, by name."""

    tenant_id: UUID
    slug: str
    token: str
    users: dict[str, UUID]
    contracts: tuple[str, str]
    files: dict[str, bytes] = field(repr=False)
    # The officer's browser has signed in with it.
    session: str = ""


# What is searched for: on both cards, and on each of them.
WORDS: Final = ("公民身份号码", deal_of(1).buyer.name, deal_of(3).buyer.name)


def files() -> dict[str, bytes]:
    """`own`: the card of the first loan's buyer. `strange`: somebody's whom no loan knows. `lost`: other bytes."""
    own = card(deal_of(1).buyer)
    return {"own": own, "strange": card(deal_of(3).buyer), "lost": own + b"\0"}


def card(person: Any) -> bytes:
    return render(papers.id_card_front(person), layout=0).jpeg()


def read(data: bytes) -> recognise.Recognition:
    """What the real pipeline says of a file."""
    return recognise.recognise(data, media.sniff(data), today=AS_OF)


def build(sent: dict[str, bytes] | None = None, *, make: Maker = tenant_create) -> World:
    """A new lender. `make` makes its tenant, for a caller whose role may not."""
    slug = f"faults-{uuid7().hex[-12:]}"
    tenant = make(slug=slug, name="故障", name_en="Faults", kind=Tenant.Kind.BANK)
    users = {}
    actor = Actor.system(tenant.id, "bench")
    with tenant_atomic(tenant.id):
        branch = Branch.objects.get(code="000")
        for role in ("officer", "archivist"):
            user = User(username=f"{role}@{slug}", email=f"{role}@{slug}.example")
            user.set_unusable_password()
            user.save()
            member = Membership.objects.create(
                user=user, display_name=role, branch=branch, audit_event_id=branch.audit_event_id
            )
            role_assign(actor=actor, membership=member, role=Role.objects.get(key=role), branch=None)
            users[role] = user.pk
        _, token = api_key_make(actor=actor, name="faults", role=Role.objects.get(key="officer"))
        contracts = tuple(loan_for(actor, number, branch.id).contract_no for number in (1, 2))
    return World(tenant.id, slug, token, users, contracts, sent or {})  # type: ignore[arg-type]


def loan_for(actor: Actor, number: int, branch_id: UUID) -> Loan:
    one = deal_of(number)
    return loan_open(
        actor=actor, principal=one.principal, rate_ppm=68_700, term=36, contract_no=one.contract_no,
        branch_id=branch_id,
        people=[PersonIn(PersonFacts(name=one.buyer.name, id_kind="resident", id_number=one.buyer.id_number))],
        vehicle=VehicleFacts(vin=one.vehicle.vin, plate=one.vehicle.plate, engine_no=one.vehicle.engine_no),
    )  # fmt: skip


def store_of(tenant_id: UUID) -> list[Path]:
    """Every file of a lender in the store."""
    return [path for path in (Path(settings.PAPERS) / str(tenant_id)).rglob("*") if path.is_file()]
