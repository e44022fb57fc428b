"""The state machines of a destruction and of the things on its list, walked on committed rows."""

from typing import Any

from django.utils import timezone

from carloan.compliance.models import DestructionBatch, DestructionItem
from carloan.compliance.policies import destruction as policies
from carloan.compliance.policies import destruction_items
from carloan.compliance.selectors.destruction import items_of
from carloan.compliance.services.destruction import item_drop
from carloan.core.moves import step
from tests.cast import Lender
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
        facts = policies.Cooling(row.cooling_until, timezone.now())
        return step(row, policies.MOVES, event, facts=facts, audit_event_id=row.audit_event_id)

    ends = ["certified", "notarised"]
    with committed.open():
        batch = DestructionBatch.objects.get(id=batch.id)
        states = [state for state in DestructionBatch.State.values if state not in ends]
        assert walk(batch, policies.MOVES, states, act) == (15, len(states) * 10 - 15)
        # No batch without a certificate is at its end, and none with one goes back.
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
        facts = policies.Cooling(batch.cooling_until, timezone.now())
        step(batch, policies.MOVES, "execute", facts=facts, audit_event_id=batch.audit_event_id)
        item = items_of(batch)[0]
        taken = walk(
            item,
            destruction_items.MOVES,
            DestructionItem.State.values,
            lambda row, event: step(row, destruction_items.MOVES, event, audit_event_id=batch.audit_event_id),
        )
        assert taken == (4, 16)
