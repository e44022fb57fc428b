"""Destruction: who may say what about which list, and that the database keeps it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from carloan.compliance.models import DestructionVoice
from carloan.compliance.policies.destruction import list_digest
from carloan.compliance.selectors.destruction import due_units, items_of
from carloan.compliance.services.destruction import batch_propose, item_drop
from carloan.compliance.services.executing import batch_execute, batch_verify
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent, Role, RoleAssignment, RoleCapability
from tests.cast import Lender, lender_changes
from tests.compliance.destroyed import approved, due_loans, proposed, say, speakers
from tests.compliance.held import another, place
from tests.compliance.retained import borrower, ended_loan, sweep
from tests.loans.book import open_loan, person

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


class TestProposing:
    def test_only_what_is_due_and_free_is_proposed(self, bank: Lender) -> None:
        free, held, young = *due_loans(bank, 2), None
        with bank.open():
            young = ended_loan(bank, 8, timezone.localdate(), people=[person(8)])
            alive = open_loan(bank.actor("admin"), 9, people=[person(9)])
            place(bank, ("loan", held.id))
            sweep(bank)
            assert due_units(bank.actor("archivist"), "loan", 10) == [free.id]
            for wrong in (held, young, alive):
                with pytest.raises(Invalid):
                    proposed(bank, wrong)
            batch = proposed(bank, free)
            assert due_units(bank.actor("archivist"), "loan", 10) == []
            (item,) = items_of(batch)
            assert {each["class"] for each in item.records} == {"contract", "transactions"}
            assert batch.list_digest == list_digest([item.digest])
            assert AuditEvent.objects.get(id=batch.audit_event_id).action == "compliance.destruction.proposed"

    def test_what_is_held_does_not_hide_what_is_behind_it(self, bank: Lender) -> None:
        *held, free = sorted(due_loans(bank, 5), key=lambda loan: loan.id)
        with bank.open():
            place(bank, *(("loan", loan.id) for loan in held))
            assert due_units(bank.actor("archivist"), "loan", 1) == [free.id]

    def test_where_the_law_is_not_known_nothing_goes(self, bank: Lender) -> None:
        (loan,) = due_loans(bank, 1)
        lender_changes(bank, jurisdiction="US")
        with pytest.raises(Conflict):
            proposed(bank, loan)

    def test_a_person_goes_after_the_last_loan_by_the_laws_years(self, bank: Lender) -> None:
        (loan,) = due_loans(bank, 1)
        with bank.open():
            assert due_units(bank.actor("archivist"), "party", 10) == [borrower(loan).id]
            one = person(1)
            open_loan(bank.actor("admin"), 5, people=[one])
            sweep(bank)
            assert due_units(bank.actor("archivist"), "party", 10) == []

    def test_nobody_without_the_right_and_no_other_system(self, bank: Lender) -> None:
        (loan,) = due_loans(bank, 1)
        with bank.open():
            given: dict[str, Any] = {"unit": "loan", "ids": [loan.id], "opinion": "x"}
            for nobody in (bank.actor("officer"), bank.actor("admin"), Actor.system(bank.tenant.id, "sweep")):
                with pytest.raises(Forbidden):
                    batch_propose(actor=nobody, **given)
            wrongs: tuple[dict[str, Any], ...] = ({"opinion": " "}, {"ids": []})
            for wrong in wrongs:
                with pytest.raises(Invalid):
                    batch_propose(actor=bank.actor("archivist"), **{**given, **wrong})

    def test_a_thing_stands_on_one_open_list(self, bank: Lender) -> None:
        (loan,) = due_loans(bank, 1)
        with bank.open():
            proposed(bank, loan)
            with pytest.raises(DatabaseError), transaction.atomic():
                proposed(bank, loan)


class TestSpeaking:
    def test_four_people_in_their_order_begin_the_cooling_off(self, bank: Lender) -> None:
        batch = proposed(bank, *due_loans(bank, 2))
        states = []
        with bank.open():
            for speaker in speakers(bank):
                batch = say(bank, batch, speaker())
                states.append(batch.state)
            assert states == ["business_reviewed", "archivist_reviewed", "archivist_reviewed", "cooling"]
            assert batch.approved_at is not None
            assert batch.cooling_until == batch.approved_at + timedelta(days=7)

    def test_who_proposed_who_spoke_and_who_administers_do_not_approve(self, bank: Lender) -> None:
        batch = proposed(bank, *due_loans(bank, 1))
        with bank.open():
            business, archive, first, second = speakers(bank)
            with pytest.raises(Forbidden):
                say(bank, batch, archive())
            batch = say(bank, say(bank, batch, business()), archive())
            with pytest.raises(Conflict):
                say(bank, batch, another(bank, "compliance", "提议人"))
            batch = say(bank, batch, first())
            with pytest.raises(Conflict):
                say(bank, batch, first())
            second()
            RoleAssignment.objects.create(
                membership=bank.members["批准人乙"],
                role=Role.objects.get(key="admin"),
                audit_event_id=batch.audit_event_id,
            )
            with pytest.raises(Conflict):
                say(bank, batch, second())
            assert batch.state == "archivist_reviewed"

    def test_whose_rights_administer_approves_nothing_whatever_their_role_is_called(self, bank: Lender) -> None:
        """In the service and, for whoever writes past it, in the database."""
        batch = proposed(bank, *due_loans(bank, 1))
        with bank.open():
            business, archive, first, _second = speakers(bank)
            batch = say(bank, say(bank, batch, business()), archive())
            approver = first()
            role = Role.objects.create(key="clerk-2", name="人事专员", audit_event_id=batch.audit_event_id)
            RoleCapability.objects.create(
                role=role, capability="people.manage", scope="branch", audit_event_id=batch.audit_event_id
            )
            assignment = RoleAssignment.objects.create(
                membership=bank.members["批准人甲"], role=role, audit_event_id=batch.audit_event_id
            )
            with pytest.raises(Conflict):
                say(bank, batch, approver)
            voice = {
                "batch": batch, "part": "approver", "member_id": approver.membership_id, "agrees": True,
                "list_digest": batch.list_digest, "audit_event_id": batch.audit_event_id,
            }  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                DestructionVoice.objects.create(**voice)
            assignment.valid_until = timezone.localdate() - timedelta(days=2)
            assignment.save()
            DestructionVoice.objects.create(**voice)

    def test_one_refusal_ends_it_and_frees_the_list(self, bank: Lender) -> None:
        loans = due_loans(bank, 2)
        batch = proposed(bank, *loans)
        with bank.open():
            with pytest.raises(Invalid):
                say(bank, batch, bank.actor("officer"), agrees=False)
            batch = say(bank, batch, bank.actor("officer"), agrees=False, reason="仍在纠纷中")
            assert batch.state == "refused"
            with pytest.raises(Conflict):
                say(bank, batch, bank.actor("officer"))
            assert {item.state for item in items_of(batch)} == {"dropped"}
            assert set(due_units(bank.actor("archivist"), "loan", 10)) == {loan.id for loan in loans}

    def test_an_approver_may_refuse_while_it_cools_off(self, bank: Lender) -> None:
        batch = approved(bank, proposed(bank, *due_loans(bank, 1)))
        with bank.open():
            third = another(bank, "compliance", "丙")
            with pytest.raises(Conflict):
                say(bank, batch, third)
            assert say(bank, batch, third, agrees=False, reason="发现错误").state == "refused"

    def test_a_shorter_list_voids_what_was_said(self, bank: Lender) -> None:
        batch = approved(bank, proposed(bank, *due_loans(bank, 3)))
        with bank.open():
            before, (first, *_rest) = batch.list_digest, items_of(batch)
            batch = item_drop(actor=bank.actor("archivist"), batch=batch, item=first, reason="漏查一案")
            assert (batch.state, batch.cooling_until) == ("proposed", None)
            assert batch.list_digest == list_digest(item.digest for item in items_of(batch)[1:])
            with pytest.raises(Conflict):
                say(bank, batch, bank.actor("officer"), digest=before)
        assert approved(bank, batch).state == "cooling"
        with bank.open():
            assert DestructionVoice.objects.filter(batch=batch).count() == 8
            _dropped, second, third = items_of(batch)
            item_drop(actor=bank.actor("archivist"), batch=batch, item=second, reason="x")
            with pytest.raises(Invalid):
                item_drop(actor=bank.actor("archivist"), batch=batch, item=third, reason="x")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM compliance_destructionbatch",
        "DELETE FROM compliance_destructionitem",
        "DELETE FROM compliance_destructionvoice",
        "UPDATE compliance_destructionbatch SET state = 'cooling'",
        "UPDATE compliance_destructionbatch SET state = 'executing'",
        "UPDATE compliance_destructionbatch SET proposed_by_id = (SELECT max(id::text)::uuid FROM core_membership)",
        "UPDATE compliance_destructionbatch SET cooling_days = 8",
        "UPDATE compliance_destructionbatch SET cooling_until = now()",
        "UPDATE compliance_destructionbatch SET list_digest = 'x'",
        "UPDATE compliance_destructionitem SET object_id = gen_random_uuid()",
        "UPDATE compliance_destructionitem SET records = '[]'",
        "UPDATE compliance_destructionitem SET state = 'destroyed'",
        "INSERT INTO compliance_destructionitem (tenant_id, id, batch_id, place, unit, object_id, records, digest,"
        " state, spared, files, audit_event_id) SELECT tenant_id, gen_random_uuid(), batch_id, 9, unit,"
        " gen_random_uuid(),"
        " records, digest, 'listed', '', 0, audit_event_id FROM compliance_destructionitem LIMIT 1",
        "INSERT INTO compliance_destructionvoice (tenant_id, id, batch_id, part, member_id, list_digest, agrees,"
        " said_at, audit_event_id) SELECT b.tenant_id, gen_random_uuid(), b.id, 'approver', b.proposed_by_id,"
        " b.list_digest,"
        " true, now(), b.audit_event_id FROM compliance_destructionbatch b",
        "INSERT INTO compliance_destructionvoice (tenant_id, id, batch_id, part, member_id, list_digest, agrees,"
        " said_at, audit_event_id) SELECT b.tenant_id, gen_random_uuid(), b.id, 'approver', a.membership_id,"
        " b.list_digest,"
        " true, now(), b.audit_event_id FROM compliance_destructionbatch b, core_roleassignment a JOIN core_role r"
        " ON r.id = a.role_id WHERE r.key = 'admin'",
    ],
)
@pytest.mark.parametrize("role", ["app", "worker"])
def test_plain_sql_neither_begins_nor_forgets_one(bank: Lender, role: str, statement: str) -> None:
    batch = proposed(bank, *due_loans(bank, 1))
    with bank.open():
        for speaker in speakers(bank)[:3]:
            batch = say(bank, batch, speaker())
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            if role == "worker":
                cursor.execute("SET LOCAL ROLE worker")
            cursor.execute(statement)


def test_a_list_that_grew_behind_the_approvals_is_not_executed(bank: Lender) -> None:
    """Back to the first state, one more thing, and on again by plain SQL: the voices are about another list."""
    batch = approved(bank, proposed(bank, *due_loans(bank, 1)))
    with bank.open(), connection.cursor() as cursor:
        cursor.execute("UPDATE compliance_destructionbatch SET state = 'proposed'")
        cursor.execute(
            "INSERT INTO compliance_destructionitem (tenant_id, id, batch_id, place, unit, object_id, records, digest,"
            " state, spared, files, audit_event_id) SELECT tenant_id, gen_random_uuid(), batch_id, 9, unit,"
            " gen_random_uuid(), records, digest, 'listed', '', 0, audit_event_id FROM compliance_destructionitem"
        )
        cursor.execute("UPDATE compliance_destructionbatch SET state = 'archivist_reviewed'")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE compliance_destructionbatch SET state = 'cooling'")
    assert batch.state == "cooling"


def test_while_it_cools_off_nothing_is_executed_and_nobody_executes_by_hand(bank: Lender) -> None:
    batch = approved(bank, proposed(bank, *due_loans(bank, 1)))
    with bank.open():
        with pytest.raises(Invalid):
            batch_execute(actor=bank.system, batch_id=batch.id)
        for act in (batch_execute, batch_verify):
            with pytest.raises(Forbidden):
                act(actor=bank.actor("compliance"), batch_id=batch.id)


def test_pages_lead_from_the_proposal_to_the_cooling_off(client_of: Any, bank: Lender) -> None:
    (loan, _other) = due_loans(bank, 2)
    with bank.open():
        for speaker in speakers(bank):
            speaker()
    client = client_of(bank, "archivist")
    form = {"unit": "loan", "most": "1", "opinion": "保管期满"}
    assert "reauthenticate" in client.post("/compliance/destruction/new/", form).url
    address = client.confirmed().post("/compliance/destruction/new/", form).url
    local = address.removeprefix(f"/t/{bank.tenant.slug}")
    page = client.get(address)
    assert page.context["form"] is None, "whoever proposed it does not speak"
    digest = page.context["batch"].list_digest
    voice = {"digest": digest, "agrees": "yes", "reason": ""}
    assert client_of(bank, "service").get(local).status_code == 403
    assert "reauthenticate" in client_of(bank, "officer").post(f"{local}speak/", voice).url
    assert client_of(bank, "officer").confirmed().post(f"{local}speak/", {**voice, "digest": "0"}).status_code == 409
    refused = client_of(bank, "officer").confirmed().post(f"{local}speak/", {**voice, "agrees": "no"})
    assert refused.status_code == 422
    assert client_of(bank, "officer").confirmed().post(f"{local}speak/", voice).status_code == 302
    with bank.open():
        another(bank, "archivist", "档案二")
    for name in ("档案二", "批准人甲", "批准人乙"):
        assert client_of(bank, name).confirmed().post(f"{local}speak/", voice).status_code == 302
    assert client_of(bank, "批准人甲").get(local).context["form"] is None, "whoever spoke does not speak again"
    page = client_of(bank, "compliance").get(local)
    assert [value for value, _words in page.context["form"].fields["agrees"].choices] == ["no"]
    assert [step.state for step in page.context["steps"]][2:5] == ["done", "current", ""]
    seen = page.content.decode()
    assert "冷静期" in seen
    assert loan.contract_no in seen or digest in seen
    assert client_of(bank, "compliance").get("/compliance/destruction/").status_code == 200
    assert client.post("/compliance/destruction/new/", {**form, "unit": "party", "most": "0"}).status_code == 422
