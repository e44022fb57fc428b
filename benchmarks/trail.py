"""Claims: the audit desk answers at once over a million events, however it is narrowed, and exports ten thousand soon.

One lender, a year of acts by its people about its loans, sealed; the pages are made as the view makes them, from the
query to the last byte of HTML, and record that they were read. Each question is asked about many people, loans, acts,
days and addresses in turns: what is told is the slow end of it (p95), without the time in which the machine did other
things than this page and its queries. The events are written past the triggers, which keep other times than now out,
with what the triggers would have set.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from os import environ
from random import Random
from typing import Any
from uuid import UUID

import psycopg2
from django.conf import settings
from django.db import connection
from django.test import RequestFactory, override_settings
from django.utils import timezone

from benchmarks import Claim
from carloan.compliance.models import Anomaly, AnomalyKind, LedgerLeaf
from carloan.compliance.names import maskable_fields
from carloan.compliance.services.trail_exports import trail_export_begin, trail_export_chunks
from carloan.compliance.views.anomalies import anomalies as anomalies_view
from carloan.compliance.views.trail import trail as trail_view
from carloan.core.actors import Actor, Right
from carloan.core.acts import all_acts, all_looks
from carloan.core.ids import uuid7
from carloan.core.index_keys import newest_index_key
from carloan.core.models import Tenant, User
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic, tenant_scope

# Events, loans, people, and anomalies that were found among them.
SIZES = {"small": (20_000, 400, 12, 200), "full": (1_000_000, 20_000, 60, 5_000)}
ROUNDS = {"small": 8, "full": 30}
TARGET_MS = 300
EXPORTED = 10_000
TARGET_EXPORT = 10.0
ADDRESSES = 200
CHUNK = 50_000
YEAR = timedelta(days=330)
RIGHTS = ("trail.view", "trail.export", "loans.view", "anomalies.decide")

_PEOPLE = """
INSERT INTO core_membership (tenant_id, id, user_id, display_name, employee_no, is_active, joined_at, audit_event_id)
SELECT %(tenant)s, person, person, '员工' || n, 'T' || n, true, now(), md5('e')::uuid
FROM unnest(%(people)s::uuid[]) WITH ORDINALITY AS p (person, n)
"""
_SEALED = """
INSERT INTO compliance_ledgercheckpoint (tenant_id, size, root, note, signed_by, signed_at, epoch, after_xid,
    after_event)
SELECT %(tenant)s, %(events)s, '', '', '', now(), system_identifier, 2, md5('e')::uuid FROM pg_control_system()
"""
_LOANS = """
INSERT INTO loans_loan (tenant_id, id, contract_no, external_no, product, state, currency, principal, rate_ppm, term,
    method, balloon, due_day, opened_on, settled_on, outstanding, revision, created_at, audit_event_id)
SELECT %(tenant)s, md5('l' || n)::uuid, 'B' || n, '', '', 'settled', 'CNY', 100000, 50000, 36,
    'equal_instalment', 0, 1, current_date - 900, current_date - 30, 0, 1, now(), md5('e')::uuid
FROM generate_series(1, %(loans)s) n
"""
# What an act is about follows from its number: a few loans see more acts than others, one act in twelve is a look at a
# field, one in fifty a refusal.
_EVENTS = """
WITH numbered AS (
    SELECT n, %(began)s::bigint + n * %(step)s::bigint AS ms, md5('a' || n) AS chance,
        md5('l' || (1 + floor(%(loans)s * power(('x' || left(md5('w' || n), 7))::bit(28)::int / 268435456.0, 2)))::int)
            ::uuid AS loan, 1 + n * 7919 %% 1000 AS dice
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
), made AS (
    SELECT n, dice, loan, to_timestamp(ms / 1000.0) AS at,
        (lpad(to_hex(ms), 12, '0') || '7' || substr(chance, 1, 3) || '8' || substr(chance, 4, 15))::uuid AS id,
        (%(people)s::uuid[])[1 + ('x' || substr(chance, 20, 6))::bit(24)::int %% cardinality(%(people)s::uuid[])]
            AS actor,
        CASE WHEN dice %% 12 = 0 THEN (%(looks)s::text[])[1 + n %% cardinality(%(looks)s::text[])]
             ELSE (%(acts)s::text[])[1 + n * 31 %% cardinality(%(acts)s::text[])] END AS action,
        CASE WHEN dice %% 12 = 0 THEN 'revealed' WHEN dice %% 50 = 1 THEN 'refused' ELSE 'done' END AS outcome,
        CASE WHEN dice %% 12 = 0 THEN (%(fields)s::text[])[1 + n %% cardinality(%(fields)s::text[])] ELSE '' END
            AS field,
        (%(addresses)s::bytea[])
            [1 + ('x' || substr(chance, 26, 6))::bit(24)::int %% cardinality(%(addresses)s::bytea[])] AS address
    FROM numbered
), told AS (
    SELECT made.*, convert_to('{"action":"' || action || '","at":"' || at || '","id":"' || id || '","tenant":"'
        || %(tenant)s || '","v":1}', 'UTF8') AS canon
    FROM made
), kept AS (
    INSERT INTO core_auditevent (id, tenant_id, created_at, xid, canon, leaf, action, outcome, actor_kind, actor_id,
        object_type, object_id, loan_id, field, reason_code, request_id, address_digest, subject_kind, subject_id)
    SELECT id, %(tenant)s, at, '1'::xid8, canon, sha256('\\x00'::bytea || canon), action, outcome, 'person', actor,
        'loans.loan', loan, loan, field, '', id, address, 'loan', loan
    FROM told
)
INSERT INTO compliance_ledgerleaf (tenant_id, index, event_id) SELECT %(tenant)s, n, id FROM told
"""


@dataclass(frozen=True)
class Desk:
    """A lender whose trail is long, who reads it, and whom and what may be asked about."""

    tenant: Tenant
    reader: Actor
    people: list[UUID]
    loans: int
    requests: list[UUID]
    began: datetime
    days: int


def run(scale: str) -> Iterator[Claim]:
    tenant = tenant_create(slug=f"trail-{int(time.time())}", name="审计", name_en="Trail", kind=Tenant.Kind.BANK)
    yield from claims(tenant, SIZES[scale], ROUNDS[scale])


def claims(tenant: Tenant, size: tuple[int, int, int, int], rounds: int) -> Iterator[Claim]:
    """What the desk of a lender takes that has nothing yet; it is filled first."""
    events, _loans, _people, anomalies = size
    desk = _desk(tenant, *size)
    # A benchmark's home holds no built assets to name.
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with tenant_scope(tenant.id), override_settings(STORAGES={**settings.STORAGES, **plain}):
        for asked, given in _questions(desk).items():
            times = [_timed(trail_view, desk, query) for query in islice(given, rounds)]
            yield Claim(f"trail: {asked}, p95 over {events:,} events", _p95(times), "ms", target=TARGET_MS)
        times = [_timed(anomalies_view, desk, {"state": ""}) for _ in range(rounds)]
        yield Claim(f"trail: list of {anomalies:,} anomalies, p95", _p95(times), "ms", target=TARGET_MS)
        began = time.perf_counter()
        written = _export(desk, events)
        spent = (time.perf_counter() - began) * EXPORTED / written
        yield Claim(f"trail: {EXPORTED:,} events as a file", round(spent, 2), "s", target=TARGET_EXPORT)


def _questions(desk: Desk) -> dict[str, Iterator[dict[str, str]]]:
    """What is asked of the desk, each time about somebody or something else."""
    chance = Random(11)
    acts, looks, fields = sorted(all_acts()), sorted(all_looks()), _fields()

    def each(make: Callable[[], dict[str, str]]) -> Iterator[dict[str, str]]:
        while True:
            yield make()

    def day() -> str:
        return (desk.began + timedelta(days=chance.randrange(desk.days))).date().isoformat()

    def person() -> str:
        return str(chance.choice(desk.people))

    def number() -> str:
        return f"B{1 + int(desk.loans * chance.random() ** 2)}"

    def address() -> str:
        return _address(chance.randrange(ADDRESSES))

    return {
        "first page": each(dict),
        "by person": each(lambda: {"actor_id": person()}),
        "by loan": each(lambda: {"contract_no": number()}),
        "by act": each(lambda: {"action": chance.choice(acts)}),
        "by day": each(lambda: {"since": (at := day()), "until": at}),
        "by address": each(lambda: {"address": address()}),
        "by request": each(lambda: {"request_id": str(chance.choice(desk.requests))}),
        "by field": each(lambda: {"field": chance.choice(fields)}),
        "refusals": each(lambda: {"outcome": "refused"}),
        "by person and act": each(lambda: {"actor_id": person(), "action": chance.choice(acts)}),
        "by person, refusals": each(lambda: {"actor_id": person(), "outcome": "refused"}),
        "by person and address": each(lambda: {"actor_id": person(), "address": address()}),
        "by person and loan": each(lambda: {"actor_id": person(), "contract_no": number()}),
        "looks of a person": each(lambda: {"actor_id": person(), "looks": "on"}),
        "by act and address": each(lambda: {"action": chance.choice(looks), "address": address()}),
        "by act on a day": each(lambda: {"action": chance.choice(acts), "since": (at := day()), "until": at}),
        "of nobody any more": each(lambda: {"actor_id": person(), "action": "core.tenant.created"}),
    }


def _desk(tenant: Tenant, events: int, loans: int, people: int, anomalies: int) -> Desk:
    began = datetime.now(UTC) - timedelta(days=30)
    ids = [uuid7() for _ in range(people)]
    with tenant_atomic(tenant.id):
        addresses = [newest_index_key().blind("address", _address(number)) for number in range(ADDRESSES)]
    given = {
        "tenant": str(tenant.id), "loans": loans, "people": [str(each) for each in ids], "fields": _fields(),
        "acts": sorted(all_acts()), "looks": sorted(all_looks()), "addresses": addresses, "events": events,
        "began": int(began.timestamp() * 1000), "step": int(YEAR.total_seconds() * 1000 / events),
    }  # fmt: skip
    _fill(given, events)
    with tenant_atomic(tenant.id):
        _anomalies(ids, anomalies)
        # Each event of the benchmark is a request of its own, and has its id.
        places = LedgerLeaf.objects.filter(index__in=range(0, events, max(1, events // 200)))
        requests = list(places.values_list("event_id", flat=True))
    reader = Actor(
        tenant_id=tenant.id, kind="person", name="员工1", id=ids[0], membership_id=ids[0], address="10.0.0.1",
        rights={code: Right(everywhere=True) for code in RIGHTS},
    )  # fmt: skip
    return Desk(tenant, reader, ids, loans, requests, began, YEAR.days)


def _fill(given: dict[str, Any], events: int) -> None:
    link = psycopg2.connect(environ["CARLOAN_ADMIN_URL"])
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in (_PEOPLE, _LOANS, _SEALED):
            cursor.execute(statement, given)
        for first in range(0, events, CHUNK):
            cursor.execute(_EVENTS, {**given, "first": first, "last": min(first + CHUNK, events) - 1})
        for table in ("core_auditevent", "compliance_ledgerleaf", "loans_loan"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    link.close()


def _anomalies(people: list[UUID], count: int) -> None:
    """Some found on each of the last days, every third one answered."""
    kinds, today = list(AnomalyKind.values), timezone.localdate()
    days = (today - timedelta(days=back) for back in range(count))
    places = islice(product(days, kinds, people), count)
    Anomaly.objects.bulk_create(
        [
            Anomaly(
                id=uuid7(), kind=kind, rule_version=0, limits={"most": 50}, actor_kind="person", actor_id=person,
                day=day, numbers={"count": 60 + at % 40}, events=[], found_at=timezone.now(),
                state="closed" if at % 3 == 0 else "open", audit_event_id=uuid7(),
            )
            for at, (day, kind, person) in enumerate(places)
        ],
        batch_size=1_000,
    )  # fmt: skip


def _timed(view: Callable[[Any], Any], desk: Desk, query: dict[str, str]) -> float:
    """Milliseconds for a page, with what the middleware would have put into its request and in the transaction that it
    opens: the processor's for this process, and the clock's for the answers of the database."""
    request: Any = RequestFactory().get("/compliance/trail/", query)
    request.actor, request.tenant, request.user = desk.reader, desk.tenant, User(username="bench")
    request.session, request.htmx = {}, False
    waited = 0.0

    def asked(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal waited
        began, busy = time.perf_counter(), time.process_time()
        try:
            return execute(sql, params, many, context)
        finally:
            waited += time.perf_counter() - began - (time.process_time() - busy)

    began = time.process_time()
    with tenant_atomic(), connection.execute_wrapper(asked):
        answer = view(request)
    spent = time.process_time() - began + waited
    assert answer.status_code == 200, answer.status_code
    return spent * 1_000


def _export(desk: Desk, events: int) -> int:
    """How many events of some days in a row were written; what stands beyond this moment is in no export."""
    days = -(-EXPORTED * desk.days // events) + 1
    since = desk.began.date() + timedelta(days=2)
    past = datetime.now(UTC).date() - timedelta(days=2)
    filters = {"since": since, "until": min(since + timedelta(days=days), past)}
    begun = trail_export_begin(
        actor=desk.reader, filters=filters, told=[], kind="csv", zone=desk.tenant.time_zone, lender="bench"
    )
    for _piece in trail_export_chunks(begun):
        pass
    assert begun.written == begun.count > 0, (begun.written, begun.count)
    return begun.written


def _fields() -> list[str]:
    return sorted(name for name, _label in maskable_fields())


def _address(number: int) -> str:
    return f"10.1.{number // 250}.{1 + number % 250}"


def _p95(times: list[float]) -> float:
    """The first ask of each question is left out: it meets a cold process."""
    return round(statistics.quantiles(times[1:], n=20, method="inclusive")[18], 1)
