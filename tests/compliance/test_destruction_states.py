"""The state machines of a destruction and of the things on its list, walked on committed rows."""

from collections.abc import Iterable
from itertools import permutations
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from carloan.compliance.models import DestructionBatch, DestructionItem
from carloan.compliance.policies import destruction as policies
from carloan.compliance.policies import destruction_items
from carloan.compliance.selectors.destruction import items_of
from carloan.compliance.services.destruction import item_drop
from carloan.core import moves
from carloan.core.catalog import findings
from carloan.core.moves import Move, Moves, step
from tests.cast import Lender, as_role, past_the_triggers
from tests.compliance.certified import certified_by_hand, notarised_by_hand
from tests.compliance.destroyed import approved, cooled, due_loans, proposed, say
from tests.compliance.held import another
from tests.machines import walk


def test_the_way_of_a_destruction_says_what_is_done_and_where_it_stands() -> None:
    marks = {state: [mark for _step, mark in policies.steps(state)] for state in DestructionBatch.State.values}
    assert marks["proposed"] == ["current", *[""] * 6]
    assert marks["cooling"] == ["done"] * 3 + ["current"] + [""] * 3
    # Destroyed, and the proof that it is gone comes next.
    assert marks["executed"] == marks["verified"] == ["done"] * 5 + ["current", ""]
    assert marks["notarised"] == ["done"] * 7
    assert marks["refused"] == []
    assert {state for state, _mark in policies.steps("proposed")} <= set(DestructionBatch.State.values)


def test_its_states_are_walked(committed: Lender) -> None:
    """Every event in every state, from a batch about which everybody has spoken and whose cooling-off is over."""
    batch = approved(committed, proposed(committed, *due_loans(committed, 2)))
    cooled(batch)
    with committed.open():
        more = {
            "review_business": another(committed, "officer", "业务二"),
            "review_archive": another(committed, "archivist", "档案二"),
            "approve": another(committed, "compliance", "丙"),
        }

    def act(row: DestructionBatch, event: str) -> Any:
        if event == "amend":
            item = items_of(row)[0]
            return item_drop(actor=committed.actor("archivist"), batch=row, item=item, reason="x")
        if event == "refuse":
            part = policies.PARTS.get(row.state, "approver")
            speaker = more[policies.STEPS[part]]
            return say(committed, row, speaker, agrees=False, reason="x")
        if event in more:
            policies.MOVES.need(row.state, event)
            return say(committed, row, more[event])
        if event == "certify":
            policies.MOVES.need(row.state, event)
            return certified_by_hand(row)
        if event == "notarise":
            policies.MOVES.need(row.state, event)
            return notarised_by_hand(row)
        if event == "finish":
            with past_the_triggers():
                DestructionItem.objects.filter(batch=row).update(state="destroyed")
        facts = policies.Cooling(row.cooling_until, timezone.now(), outside=timezone.now())
        return step(row, policies.MOVES, event, facts=facts, audit_event_id=row.audit_event_id)

    ends = ["certified", "notarised"]
    with committed.open():
        batch = DestructionBatch.objects.get(id=batch.id)
        states = [state for state in DestructionBatch.State.values if state not in ends]
        assert walk(batch, policies.MOVES, states, act) == (15, len(states) * 10 - 15)
        # No batch without a certificate is at its end, and none with one goes back.
        with past_the_triggers():
            DestructionBatch.objects.filter(id=batch.id).update(state="verified")
        certified_by_hand(DestructionBatch.objects.get(id=batch.id))
        assert walk(batch, policies.MOVES, ["certified"], act) == (1, 9)
        notarised_by_hand(DestructionBatch.objects.get(id=batch.id))
        assert walk(batch, policies.MOVES, ["notarised"], act) == (0, 10)


def test_the_states_of_a_listed_thing_are_walked(committed: Lender) -> None:
    batch = approved(committed, proposed(committed, *due_loans(committed, 2)))
    cooled(batch)
    with committed.open():
        batch = DestructionBatch.objects.get(id=batch.id)
        facts = policies.Cooling(batch.cooling_until, timezone.now(), outside=timezone.now())
        step(batch, policies.MOVES, "execute", facts=facts, audit_event_id=batch.audit_event_id)
        item = items_of(batch)[0]

        def act(row: DestructionItem, event: str) -> Any:
            so_far = {"drop": "cooling", "verify": "executed"}.get(event, "executing")
            with past_the_triggers():
                DestructionBatch.objects.filter(id=batch.id).update(state=so_far)
            return step(row, destruction_items.MOVES, event, audit_event_id=batch.audit_event_id)

        assert walk(item, destruction_items.MOVES, DestructionItem.State.values, act) == (4, 16)


def jumps(states: Iterable[str], machine: Moves[Any]) -> list[tuple[str, str]]:
    """Every pair of states that no event of a machine leads through."""
    return sorted(set(permutations(states, 2)) - machine.steps())


@pytest.mark.django_db(databases=["default", "keystore"])
@pytest.mark.parametrize("role", ["app", "worker"])
def test_plain_sql_jumps_over_no_state(bank: Lender, role: str) -> None:
    """Every pair that is in no machine, of batches and of what is on their lists, though everybody has agreed."""
    batch = approved(bank, proposed(bank, *due_loans(bank, 1)))
    tried = 0
    with bank.open(), connection.cursor() as cursor:
        for model, machine in ((DestructionBatch, policies.MOVES), (DestructionItem, destruction_items.MOVES)):
            table = model._meta.db_table
            for source, target in jumps(model.State.values, machine):
                with past_the_triggers():
                    model.objects.update(state=source)
                with (
                    as_role(role),
                    pytest.raises(DatabaseError, match="takes no step"),
                    transaction.atomic(),
                ):
                    cursor.execute(f"UPDATE {table} SET state = %s", [target])
                assert set(model.objects.values_list("state", flat=True)) == {source}
                tried += 1
    assert tried == 10 * 9 - 15 + 5 * 4 - 4
    assert batch.state == "cooling"


@pytest.mark.django_db(databases=["default", "keystore"])
@pytest.mark.parametrize("role", ["app", "worker"])
@pytest.mark.parametrize(
    ("state", "target"),
    [("proposed", "business_reviewed"), ("business_reviewed", "archivist_reviewed"), ("archivist_reviewed", "cooling"),
     ("cooling", "refused"), ("cooling", "executing"), ("executing", "executed"), ("verified", "certified")],
)  # fmt: skip
def test_plain_sql_takes_no_step_that_nothing_bears_out(bank: Lender, role: str, state: str, target: str) -> None:
    """Steps of the machine, without the voice, the days or the proof behind them."""
    proposed(bank, *due_loans(bank, 1))
    with bank.open(), connection.cursor() as cursor:
        with past_the_triggers():
            DestructionBatch.objects.update(state=state)
        with as_role(role), pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE compliance_destructionbatch SET state = %s", [target])


@pytest.mark.django_db(databases=["default", "keystore"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compliance_destructionbatch SET state = 'verified'",
        "UPDATE compliance_destructionbatch SET list_digest = repeat('0', 64), state = 'proposed'",
        "UPDATE compliance_destructionbatch SET cooling_until = cooling_until - interval '6 days'",
        "UPDATE compliance_destructionbatch SET approved_at = approved_at - interval '8 days'",
        "UPDATE compliance_destructionitem SET state = 'verified'",
    ],
)
@pytest.mark.parametrize("role", ["app", "worker"])
def test_plain_sql_neither_shortens_the_cooling_off_nor_changes_the_list(
    bank: Lender, role: str, statement: str
) -> None:
    approved(bank, proposed(bank, *due_loans(bank, 1)))
    with (
        bank.open(),
        connection.cursor() as cursor,
        as_role(role),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        cursor.execute(statement)


@pytest.mark.django_db(databases=["default", "keystore"])
@pytest.mark.parametrize("state", [state for state in DestructionBatch.State.values if state != "proposed"])
def test_a_batch_begins_with_its_proposal(bank: Lender, state: str) -> None:
    proposed(bank, *due_loans(bank, 1))
    with bank.open(), pytest.raises(DatabaseError, match="from nothing"), transaction.atomic():
        DestructionBatch.objects.create(
            number=99,
            state=state,
            proposed_by=bank.members["compliance"],
            policy_version=1,
            cooling_days=7,
            list_digest="0" * 64,
            audit_event_id=DestructionBatch.objects.get().audit_event_id,
        )


@pytest.mark.django_db(databases=["default", "keystore"])
def test_the_linter_holds_the_steps_of_the_database_against_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert findings() == []
    kept = {"compliance_destructionitem", "compliance_destructionbatch"}
    assert kept <= set(moves.kept_machines())
    wrong = Moves(*(move for move in policies.MOVES if move.event != "notarise"), Move("cooling", "skip", "verified"))
    monkeypatch.setitem(moves._kept, "compliance_destructionbatch", wrong)
    monkeypatch.setitem(moves._kept, "core_job", wrong)
    apart = "compliance_destructionbatch: the machine and the database do not agree on the step from"
    assert findings() == [
        f"{apart} certified to notarised",
        f"{apart} cooling to verified",
        "the database keeps no steps of core_job",
    ]
