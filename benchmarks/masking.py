"""Claim: a page of fifty rows with everything masked is made in at most 1.05 times the time of the same page unmasked.

The page is the list of loans as the view makes it, from the query to the last byte of HTML, for one reader without the
right to clear values; the lender has a policy of its own for every field that one can be tightened for. The floor is
the same page in the same process with masking taken out: what decides about a value gives it back as it was read. Both
are made in turns, so that caches meet both alike, and what is told is the processor time of this process: the waiting
for the database is the same in both and would only make the ratio look better.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any
from unittest import mock

from django.conf import settings
from django.test import RequestFactory, override_settings
from django.utils import timezone

from benchmarks import Claim
from carloan.compliance.models import MaskingPolicy
from carloan.core import sight
from carloan.core.actors import Actor, Right
from carloan.core.ids import uuid7
from carloan.core.models import Tenant, User
from carloan.core.registry import Tighter
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic
from carloan.core.tightening import parsed, tightenable
from carloan.demonstration import samples
from carloan.lib import masks, personal
from carloan.loans.policies.facts import PersonFacts, VehicleFacts
from carloan.loans.services.loans import PersonIn, loan_open
from carloan.loans.views.listing import loans as page_view

ROWS = 50
ROUNDS = {"small": 12, "full": 120}
WARM_UP = 3
TARGET = 1.05
# A note of an officer with two numbers in it, and the longest text that is shown at once.
NOTE = "客户来电，要求更正联系电话13812345678，车牌京A12345，其余资料无误。"
LONG = 50_000
RIGHTS = ("home.view", "search.use", "loans.view", "loans.details")


def run(scale: str) -> list[Claim]:
    tenant = tenant_create(slug=f"masking-{int(time.time())}", name="脱敏", name_en="Masking", kind=Tenant.Kind.BANK)
    with tenant_atomic(tenant.id):
        filled(tenant)
        reader = Actor(
            tenant_id=tenant.id,
            kind="person",
            name="bench",
            id=uuid7(),
            rights={code: Right(everywhere=True, own=True) for code in RIGHTS},
            masking=parsed(MaskingPolicy.objects.get().rules),
        )
        # A benchmark's home holds no built assets to name.
        plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        with override_settings(STORAGES={**settings.STORAGES, **plain}):
            masked, unmasked = measured(lambda: made(tenant, reader), ROUNDS[scale])
    return [
        Claim("masking: a page of 50 rows", round(masked, 2), "ms", target=TARGET, floor=round(unmasked, 2)),
        Claim("masking: one note of an officer", round(spent(lambda: masks.written(NOTE)) * 1e6), "µs", target=100),
        Claim(
            "masking: 50 kB that begin like numbers and are none",
            round(max(spent(lambda text=text: personal.find(text)) for text in adversarial()) * 1e3),  # type: ignore[misc]
            "ms",
            target=50,
        ),
    ]


def filled(tenant: Tenant) -> None:
    """Fifty loans with people and cars, and a policy that says something about every rule."""
    actor = Actor.system(tenant.id, "bench")
    from random import Random  # noqa: PLC0415

    random = Random(50)
    for number in range(ROWS):
        deal = samples.deal(random, as_of=date(2026, 1, 10))
        buyer, car = deal.buyer, deal.vehicle
        loan_open(
            actor=actor,
            contract_no=f"MB-{number:06d}",
            principal=8_000_000,
            rate_ppm=58_800,
            term=36,
            opened_on=date(2026, 1, 10),
            people=[PersonIn(PersonFacts(buyer.name, id_number=buyer.id_number, phones=(buyer.phone,)), "borrower")],
            vehicle=VehicleFacts(car.vin, car.plate, car.engine_no, car.model.make, car.model.series),
        )
    MaskingPolicy.objects.create(
        number=1,
        effective_on=timezone.localdate(),
        rules={key: Tighter(guarded=True, export="never").stored() for key in tightenable()},
        reason="bench",
        audit_event_id=uuid7(),
    )


def made(tenant: Tenant, reader: Actor) -> bytes:
    """The page, with what the middleware would have put into its request."""
    request: Any = RequestFactory().get("/loans/")
    request.actor, request.tenant, request.user = reader, tenant, User(username="bench")
    request.session, request.htmx = {}, False
    answer = page_view(request)
    assert answer.status_code == 200
    return answer.content


def measured(page: Callable[[], bytes], rounds: int) -> tuple[float, float]:
    """Median milliseconds of processor time masked and unmasked, made in turns."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for place in range(rounds + WARM_UP):
        for masking in (True, False) if place % 2 else (False, True):
            with mock.patch.object(sight, "show_text", sight.show_text if masking else as_read):
                began = time.process_time()
                body = page()
                passed = time.process_time() - began
            assert (b"**" in body) is masking
            if place >= WARM_UP:
                times[masking].append(passed * 1000)
    return statistics.median(times[True]), statistics.median(times[False])


def as_read(actor: Actor, rule: object, text: str, **more: object) -> sight.Shown:
    """What decides about a value, taken out."""
    return sight.Shown(text)


def spent(act: Callable[[], object], *, times: int = 5) -> float:
    """The shortest of some tries: what the machine does beside it only adds."""
    found = []
    for _time in range(times):
        began = time.process_time()
        act()
        found.append(time.process_time() - began)
    return min(found)


def adversarial() -> list[str]:
    beginnings = ("1 ", "1-", "13 8 ", "6222 ", "2010 ", "110105 19491231 00 ", "京A", "A1 ", "身份证1", "a@")
    return [(beginning * LONG)[:LONG] for beginning in beginnings]
