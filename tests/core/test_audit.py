"""The trail: one event an act, nothing personal in the canonical bytes, nothing changeable in the database."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from carloan.core import audit, keys
from carloan.core.ids import uuid7
from carloan.core.keys import KeyDestroyed, Subject
from carloan.core.models import AuditEvent
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def recorded(lender: Lender) -> AuditEvent:
    loan_id = uuid7()
    keys.make_keys([Subject("loan", loan_id)])
    event_id = audit.record(
        actor=lender.actor("officer"),
        action="loans.loan.changed",
        object_type="loans.loan",
        object_id=loan_id,
        loan_id=loan_id,
        before={"phone": "13800001111", "term": 12},
        after={"phone": "13900002222", "term": 24},
        reason="客户张三来电",
        reason_code="contact",
    )
    return AuditEvent.objects.get(id=event_id)


def test_an_event_is_canonical_and_hashed_by_the_database(bank: Lender) -> None:
    with bank.open():
        event = recorded(bank)
        canon = bytes(event.canon)
        assert audit.canonical(json.loads(canon)) == canon
        assert bytes(event.leaf) == hashlib.sha256(b"\x00" + canon).digest()


def test_the_canonical_bytes_hold_no_personal_data(bank: Lender) -> None:
    with bank.open():
        canon = bytes(recorded(bank).canon).decode()
        for secret in ("13800001111", "13900002222", "张三", "张"):
            assert secret not in canon
        assert sorted(json.loads(canon)["fields"]) == ["phone", "term"]


def test_equal_values_do_not_show_as_equal(bank: Lender) -> None:
    with bank.open():
        one, two = json.loads(bytes(recorded(bank).canon)), json.loads(bytes(recorded(bank).canon))
        assert one["fields"]["phone"] != two["fields"]["phone"]


def test_the_detail_opens_until_its_loan_is_shredded(bank: Lender) -> None:
    with bank.open():
        event = recorded(bank)
        detail = audit.open_detail(event)
        assert detail["before"] == {"phone": "13800001111", "term": 12}
        assert detail["reason"] == "客户张三来电"
        assert event.loan_id is not None
        keys.destroy_key(Subject("loan", event.loan_id))
        with pytest.raises(KeyDestroyed):
            audit.open_detail(AuditEvent.objects.get(id=event.id))


@pytest.mark.parametrize(
    "statement", ["UPDATE core_auditevent SET action = 'x'", "DELETE FROM core_auditevent", "TRUNCATE core_auditevent"]
)
def test_nobody_changes_an_event(statement: str, bank: Lender) -> None:
    with bank.open():
        recorded(bank)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE core_auditevent SET action = 'x'", "DELETE FROM core_auditevent", "TRUNCATE core_auditevent"]
)
def test_not_even_the_owner_changes_an_event(statement: str, bank: Lender) -> None:
    import psycopg2

    from tests.plugin import owner_urls

    with psycopg2.connect(owner_urls["DATABASE_URL"]) as link, link.cursor() as cursor:
        cursor.execute("SET ROLE owner")
        cursor.execute(f"SET app.tenant_id = '{bank.tenant.id}'")
        with pytest.raises(psycopg2.DatabaseError, match="append-only"):
            cursor.execute(statement)
        link.rollback()


def test_leaf_transaction_and_time_cannot_be_forged(bank: Lender) -> None:
    with bank.open():
        event = recorded(bank)
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO core_auditevent (id, tenant_id, created_at, xid, canon, leaf, action, outcome,
                   actor_kind, object_type, field, reason_code, subject_kind, subject_id)
                   VALUES (%s, %s, '2001-01-01', '1', 'x', 'forged', 'a', 'done', 'system', 't', '', '', 'tenant', %s)
                   RETURNING leaf, xid::text, created_at, pg_current_xact_id()::text""",
                [uuid7(), bank.tenant.id, bank.tenant.id],
            )
            leaf, xid, created_at, current = cursor.fetchone()
        assert bytes(leaf) == hashlib.sha256(b"\x00x").digest()
        assert xid == current
        assert created_at > datetime.now(UTC) - timedelta(minutes=1)
        assert event.created_at > datetime.now(UTC) - timedelta(minutes=1)


def test_a_back_dated_event_is_refused(bank: Lender) -> None:
    with bank.open(), pytest.raises(DatabaseError, match="not now"), transaction.atomic():
        AuditEvent.objects.bulk_create(
            [
                AuditEvent(
                    id=uuid7(datetime.now(UTC) - timedelta(days=40)),
                    created_at=datetime.now(UTC),
                    canon=b"x",
                    action="a",
                    outcome="done",
                    actor_kind="system",
                    object_type="t",
                    subject_kind="tenant",
                    subject_id=bank.tenant.id,
                )
            ]
        )


def test_a_rolled_back_act_leaves_no_event_and_a_refusal_does(bank: Lender) -> None:
    with bank.open():
        before = AuditEvent.objects.count()
    with pytest.raises(RuntimeError), bank.open():
        recorded(bank)
        raise RuntimeError
    audit.refuse(actor=bank.system, action="core.request.refused", object_type="x", reason_code="forbidden")
    with bank.open():
        assert AuditEvent.objects.count() == before + 1
        assert AuditEvent.objects.order_by("-id").first().outcome == "refused"  # type: ignore[union-attr]


def test_partitions_are_made_two_years_ahead() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'core_auditevent'::regclass")
        assert cursor.fetchone()[0] >= 25
        cursor.execute("SELECT count(*) FROM core_auditevent WHERE tableoid = 'core_auditevent_default'::regclass")
        assert cursor.fetchone()[0] == 0


def test_an_event_takes_no_name_that_it_does_not_know(bank: Lender) -> None:
    told: Any = {"action": "loans.loan.changed", "object_type": "loans.loan", "becuase": "x"}
    with bank.open():
        with pytest.raises(TypeError, match="becuase"):
            audit.record(actor=bank.system, **told)
        with pytest.raises(TypeError, match="becuase"):
            audit.record_changes(actor=bank.system, changes=[told])


def test_floats_never_reach_the_canonical_bytes() -> None:
    for value in (float("nan"), 1.5):
        with pytest.raises(ValueError, match="float"):
            audit.canonical({"a": [{"b": value}]})
    assert audit.canonical({"b": 1, "a": "\n名"}) == '{"a":"\\n名","b":1}'.encode()


def test_ids_in_events_are_those_of_the_actor(bank: Lender) -> None:
    with bank.open():
        event = recorded(bank)
        assert event.actor_id == bank.members["officer"].id
        assert UUID(json.loads(bytes(event.canon))["actor"]["id"]) == event.actor_id
