"""A right over people's data that is held in one branch counts only for the people, cars and papers of that branch."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carloan.core.models import Membership, Role, RoleAssignment, RoleCapability
from carloan.core.reach import reaches
from carloan.core.sealed import warm
from carloan.core.services.api_keys import api_key_make
from carloan.core.sight import sees_clear, show
from carloan.loans.imports.judging import places_for
from carloan.loans.models import Loan, LoanParty, Party, Vehicle
from carloan.loans.services.grants import loan_grant
from tests.archives.conftest import received
from tests.cast import Lender
from tests.loans.book import id_number, open_loan, vin_number
from tests.tenancy.routes import BLANK_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
NARROW = ("sight.clear", "fields.reveal")
WIDE = ("home.view", "search.use", "loans.view", "loans.details", "papers.view")


@pytest.fixture
def east_only(bank: Lender) -> Iterator[str]:
    """The collector sees all loans, and clear values in the east alone; returns a key of the east with those rights."""
    with bank.open():
        event_id = bank.members["admin"].audit_event_id
        role = Role.objects.create(key="east-eyes", name="东区", audit_event_id=event_id)
        wide = Role.objects.create(key="all-loans", name="全部", audit_event_id=event_id)
        for owner, codes in ((role, (*NARROW, *WIDE)), (wide, WIDE)):
            for code in codes:
                scope = "branch" if code in NARROW else "all"
                RoleCapability.objects.create(role=owner, capability=code, scope=scope, audit_event_id=event_id)
        member = Membership.objects.get(id=bank.members["collector"].id)
        RoleAssignment.objects.filter(membership=member).delete()
        RoleAssignment.objects.create(
            membership=member, role=role, branch=bank.branches["east"], audit_event_id=event_id
        )
        RoleAssignment.objects.create(membership=member, role=wide, audit_event_id=event_id)
        yield api_key_make(actor=bank.system, name="east", role=role, branch=bank.branches["east"])[1]


def _book(bank: Lender) -> tuple[Loan, Loan]:
    """One loan in the east and one, of somebody else, in the west."""
    with bank.open():
        return tuple(  # type: ignore[return-value]
            open_loan(bank.system, serial, branch_id=bank.branches[name].id)
            for serial, name in ((71, "east"), (72, "west"))
        )


def _borrower(loan: Loan) -> Party:
    return LoanParty.objects.select_related("party").get(loan=loan, role="borrower").party


def test_clear_values_end_at_the_branch(bank: Lender, east_only: str) -> None:
    east, west = _book(bank)
    with bank.open():
        actor = bank.actor("collector")
        for loan, masked in ((east, False), (west, True)):
            party, car = _borrower(loan), Vehicle.objects.get(loan=loan)
            assert show(actor, party, "name").masked is masked
            assert show(actor, car, "vin", door="api").masked is masked
            assert show(actor, party, "id_number").revealable is not masked


@pytest.mark.parametrize(
    ("scope", "reached"),
    [
        ("all", {"here", "there", "mine"}),
        ("branch", {"here", "mine"}),
        ("own", {"mine"}),
        ("none", set()),
    ],
)
def test_clear_sight_of_a_loan_reaches_as_far_as_its_scope(bank: Lender, scope: str, reached: set[str]) -> None:
    east, west = bank.branches["east"].id, bank.branches["west"].id
    with bank.open():
        member = bank.members["collector"]
        places = {"here": (east, None), "there": (west, None), "mine": (west, member.id)}
        loans = {
            name: open_loan(bank.system, serial, branch_id=branch, officer_id=officer)
            for serial, (name, (branch, officer)) in enumerate(places.items(), 81)
        }
        role = Role.objects.get(key="collector")
        RoleAssignment.objects.filter(membership=member).update(branch_id=None if scope == "all" else east)
        RoleCapability.objects.filter(role=role, capability="sight.clear").delete()
        if scope != "none":
            RoleCapability.objects.create(
                role=role, capability="sight.clear", scope=scope, audit_event_id=member.audit_event_id
            )
        actor = bank.actor("collector")
        places_of = places_for(actor, None)
        of_loan = {name for name, loan in loans.items() if sees_clear(actor, loan)}
        of_person = {name for name, loan in loans.items() if sees_clear(actor, _borrower(loan))}
        in_files = {name for name, loan in loans.items() if places_of.sees(loan)}
        assert of_loan == of_person == in_files == reached


def test_exceptional_access_to_a_loan_includes_revealing_and_nothing_more(bank: Lender) -> None:
    _east, west = _book(bank)
    with bank.open():
        member = bank.members["officer"]
        RoleAssignment.objects.filter(membership=member).update(branch=bank.branches["east"])
        assert not reaches(bank.actor("officer"), "fields.reveal", west)
        loan_grant(actor=bank.actor("admin"), loan=west, member=member, reason="x", valid_until=None)
        west = Loan.objects.get(id=west.id)
        assert reaches(bank.actor("officer"), "fields.reveal", west)
        assert not sees_clear(bank.actor("officer"), west)


def test_a_key_of_a_branch_gets_clear_values_of_that_branch_alone(bank: Lender, east_only: str) -> None:
    east, west = _book(bank)
    headers = {"Authorization": f"Bearer {east_only}"}
    mine = Client().get(f"/api/v1/loans/{east.id}/", headers=headers)
    assert mine.json()["borrower"]["id_number"] == id_number(71)
    assert mine.json()["vehicle"]["vin"] == vin_number(71)
    assert Client().get(f"/api/v1/loans/{west.id}/", headers=headers).status_code == 404


def test_the_api_masks_what_lies_in_another_branch(client_of: Any, bank: Lender, east_only: str) -> None:
    _east, west = _book(bank)
    client = client_of(bank, "collector")
    told = client.get(f"/api/v1/loans/{west.id}/")
    assert told.status_code == 200
    assert id_number(72) not in told.content.decode()
    with bank.open():
        name = show(bank.system, _borrower(west), "name", door="api").text
    assert name not in told.content.decode()
    assert name not in client.get(f"/loans/{west.id}/").content.decode()
    assert name not in client.get("/search/", {"q": id_number(72)}).content.decode()


def test_a_reveal_in_another_branch_is_refused_and_not_offered(client_of: Any, bank: Lender, east_only: str) -> None:
    east, west = _book(bank)
    client = client_of(bank, "collector").confirmed()
    with bank.open():
        here, there = _borrower(east).id, _borrower(west).id
        car = Vehicle.objects.get(loan=west).id
    reason = {"reason_code": "identity_check"}
    assert id_number(71) in client.post(f"/compliance/reveal/loans.party/{here}/id_number/", reason).content.decode()
    for address in (f"loans.party/{there}/id_number", f"loans.vehicle/{car}/vin"):
        assert client.post(f"/compliance/reveal/{address}/", reason).status_code == 403
        assert address not in client.get(f"/loans/{west.id}/").content.decode()


def test_a_person_is_reached_through_any_of_their_loans(bank: Lender, east_only: str) -> None:
    with bank.open():
        west = open_loan(bank.system, 73, branch_id=bank.branches["west"].id)
        actor, party = bank.actor("collector"), _borrower(west)
        assert show(actor, party, "name").masked
        known = open_loan(bank.system, 73, branch_id=bank.branches["east"].id, contract_no="AGAIN-73")
        assert _borrower(known).id == party.id
        again = _borrower(west)
        assert not show(bank.actor("collector"), again, "name").masked


def test_the_words_of_a_paper_in_another_branch_stay_closed(client_of: Any, bank: Lender, east_only: str) -> None:
    _east, west = _book(bank)
    with bank.open():
        paper = received(bank, BLANK_PAGE, loan=west)
    client = client_of(bank, "collector")
    assert client.get(f"/archives/papers/{paper.id}/pages/1/").status_code in {403, 404}
    told = client.get(f"/api/v1/papers/{paper.id}/")
    assert told.status_code == 200
    assert told.json()["text_withheld"] is True


def test_a_list_asks_once_for_all_its_people(bank: Lender, east_only: str) -> None:
    with bank.open():
        loans = [open_loan(bank.system, serial, branch_id=bank.branches["east"].id) for serial in range(80, 90)]
        parties = [_borrower(loan) for loan in loans]
        actor = bank.actor("collector")
        warm(parties)
        with CaptureQueriesContext(connection) as queries:
            assert not any(show(actor, party, "name").masked for party in parties)
        assert len(queries) == 1
