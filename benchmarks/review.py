"""Claims: at the desk a practised person clears a clean 身份证 in 3 s, a 登记证书 in 15 s, the next one included.

A browser does what such a person does, by keyboard only, through the whole site: it looks at every value on the paper
for as long as practised eyes need, presses Enter on the doubtful ones, types what the machine misread, files, and goes
on as soon as the next paper and its picture stand there. How long a person looks and types is fixed below and part of
the figure; what the desk itself takes, from the last key to the next paper, is a claim of its own.
"""

import io
import os
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

from django.utils import timezone

from benchmarks import Claim
from carloan.archives.models import Paper
from carloan.archives.recognition import proof
from carloan.archives.recognition.recognise import Recognition
from carloan.archives.services.transcribing import paper_transcribe
from carloan.core.actors import Actor
from carloan.core.models import Branch, Membership, Role, Tenant, User
from carloan.core.services.people import role_assign
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration import papers, samples
from carloan.demonstration.seed.dossiers import transcript
from carloan.demonstration.specimens import Specimen, render
from carloan.loans.policies.facts import PersonFacts, VehicleFacts
from carloan.loans.services.loans import PersonIn, loan_open

SITE = True
SIZES = {"small": 4, "full": 20}
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "review-goldfish-84-harbour"  # noqa: S105  of a lender that lives as long as the measurement

# Seconds: one look from the value to the picture, a doubtful one looked at twice, and one key of somebody who types.
LOOK = 0.25
DOUBT = 0.5
KEY = 0.12
DOUBTED = 0.72
CARD = "id_card_front"
CERTIFICATE = "vehicle_registration_certificate"
# What of a registration certificate the machine is unsure about; one of them it read wrongly.
# None of these stands in the book: what the loan says too is no doubt.
UNSURE: Mapping[str, tuple[str, ...]] = {CARD: (), CERTIFICATE: ("vehicle_type", "model", "use_character", "authority")}
MISREAD = "model"
# What the person types in place of it.
TRUTH: Mapping[str, Mapping[str, str]] = {CARD: {}, CERTIFICATE: {MISREAD: "大众牌SVW7206FPD"}}


@dataclass(frozen=True)
class Cleared:
    """One paper: how long it took, how much of that the desk itself, and how many keys were pressed."""

    seconds: float
    desk: float
    keys: int


def run(scale: str) -> list[Claim]:
    # Only here: the suite uses the rest of this module without a browser of its own.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    site = f"http://localhost:{os.environ['PORT']}"
    tenant, username = staffed(f"review-{int(time.time())}")
    with tenant_atomic(tenant.id):
        actor = Actor.system(tenant.id, "bench")
        for kind in (CARD, CERTIFICATE):
            for paper in range(SIZES[scale] + 1):
                queued(actor, kind, serial=paper)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        signed_in(page, site, username)
        done = {}
        for kind in (CARD, CERTIFICATE):
            page.goto(f"{site}/t/{tenant.slug}/archives/next/?kind={kind}")
            shown(page)
            done[kind] = [cleared(page, truth=TRUTH[kind]) for _ in range(SIZES[scale])]
        browser.close()
    return claims(done)


def claims(done: Mapping[str, list[Cleared]]) -> list[Claim]:
    desk = [each.desk for kind in done for each in done[kind]]
    return [
        Claim("review: a clean ID card, next paper included, median", seconds(done[CARD]), "s", target=3.0),
        Claim(
            "review: a registration certificate, next paper included, median", seconds(done[CERTIFICATE]), "s",
            target=15.0,
        ),
        Claim(
            "review: from the filing key to the next paper and its picture, p95",
            round(1000 * statistics.quantiles(desk, n=20)[-1]), "ms", target=1000,
        ),
    ]  # fmt: skip


def seconds(done: list[Cleared]) -> float:
    return round(statistics.median(each.seconds for each in done), 2)


def staffed(slug: str) -> tuple[Tenant, str]:
    """A lender with one archivist; returns the sign-in name."""
    tenant = tenant_create(slug=slug, name="审核", name_en="Review", kind=Tenant.Kind.BANK)
    username = f"archivist@{slug}"
    user = User.objects.create_user(username=username, password=PASSWORD)
    with tenant_atomic(tenant.id):
        branch = Branch.objects.get(code="000")
        member = Membership.objects.create(
            user=user, display_name="档案 李", branch=branch, audit_event_id=branch.audit_event_id
        )
        role_assign(
            actor=Actor.system(tenant.id, "bench"), membership=member, role=Role.objects.get(key="archivist"),
            branch=None,
        )  # fmt: skip
    return tenant, username


def queued(actor: Actor, kind: str, *, serial: int, branch_id: Any = None) -> Paper:
    """A paper that waits at the desk on the loan it belongs to, read as the machine would have read it.

    A clean card waits because somebody returned it: nothing on it is in doubt. On a certificate some values are.
    """
    deal = samples.deal(Random(f"review|{kind}|{serial}"), as_of=date(2026, 11, 22))
    buyer, car = deal.buyer, deal.vehicle
    loan = loan_open(
        actor=actor, principal=deal.principal, rate_ppm=68_700, term=36, contract_no=f"R{kind[:2].upper()}-{serial:04}",
        branch_id=branch_id or Branch.objects.get(code="000").id,
        people=[PersonIn(PersonFacts(name=buyer.name, id_kind="resident", id_number=buyer.id_number))],
        vehicle=VehicleFacts(vin=car.vin, plate=car.plate, engine_no=car.engine_no),
    )  # fmt: skip
    facts: Any = (
        papers.id_card_front(buyer)
        if kind == CARD
        else replace(papers.registration_certificate(deal), owner_name=buyer.name, owner_id=buyer.id_number)
    )
    specimen = render(facts, layout=serial)
    return paper_transcribe(
        actor=actor, data=specimen.jpeg(), media="image/jpeg", name=f"{serial}.jpg", loan=loan, reading=read(specimen)
    ).paper


def two_pages(actor: Actor, *, branch_id: Any = None) -> Paper:
    """Front and back of a card in one file, on the desk."""
    person = samples.deal(Random("review|pages"), as_of=date(2026, 11, 22)).buyer
    front, back = (render(facts, layout=0) for facts in (papers.id_card_front(person), papers.id_card_back(person)))
    reading, other = read(front, unsure=("address",)), transcript(back)
    file = io.BytesIO()
    front.image.save(file, "PDF", save_all=True, append_images=[back.image], resolution=300)
    sheets = [*reading.sheets, replace(other.sheets[0], number=2)]
    return paper_transcribe(
        actor=actor, data=file.getvalue(), media="application/pdf", name="正反面.pdf", loan=None,
        reading=replace(reading, sheets=sheets),
    ).paper  # fmt: skip


def read(specimen: Specimen, *, unsure: tuple[str, ...] | None = None) -> Recognition:
    """The specimen as a machine read it that is sure of all but some values, and wrong about one of those."""
    reading = transcript(specimen)
    names = UNSURE[specimen.kind] if unsure is None else unsure
    for name in names:
        field = reading.fields[name]
        value = misread(str(field.value)) if name == MISREAD else field.value
        reading.fields[name] = replace(field, confidence=DOUBTED, value=value)
    faults = [
        *proof.faults(specimen.kind, reading.fields, today=timezone.localdate()),
        *proof.completeness(specimen.kind, reading.fields),
        *([] if names else [proof.Fault("returned")]),
    ]
    return replace(reading, faults=faults)


def misread(text: str) -> str:
    return text[:-1] + ("8" if text[-1] != "8" else "3")


# The person ----------------------------------------------------------------------------------------------------------


def signed_in(page: Any, site: str, username: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.locator("#id_login").fill(username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form[action='/accounts/login/'] button[type=submit]").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def shown(page: Any, *, after: str = "") -> str:
    """Wait until a paper other than `after` stands there with its picture; returns its id."""
    desk = page.locator(f'[data-desk]:not([data-paper="{after}"])')
    desk.wait_for(state="attached")
    page.locator("[data-viewer-stage][data-ready]").first.wait_for()
    return str(desk.get_attribute("data-paper"))


def cleared(page: Any, *, truth: Mapping[str, str] | None = None, pace: float = 1.0) -> Cleared:
    """Check and file the paper that stands there by keyboard, and wait for the next one.

    `truth` names values that the machine misread; `pace` 0 presses keys without looking.
    """
    here = page.locator("[data-desk]").get_attribute("data-paper")
    started, keys = time.perf_counter(), 0
    count = page.locator(".desk-field [name^=f_]").count()
    time.sleep(pace * LOOK * count)
    for name in focused(page):
        time.sleep(pace * DOUBT)
        right = (truth or {}).get(name)
        if right is not None:
            page.keyboard.type(right, delay=1000 * pace * KEY)
            keys += len(right)
        time.sleep(pace * KEY)
        page.keyboard.press("Enter")
        keys += 1
    time.sleep(pace * KEY)
    # Nobody sees a paper that came a moment ago: the desk takes no filing key before.
    page.wait_for_timeout(max(0.0, 350 - 1000 * (time.perf_counter() - started)))
    filed = time.perf_counter()
    page.keyboard.press("Enter")
    shown(page, after=here)
    ended = time.perf_counter()
    return Cleared(ended - started, ended - filed, keys + 1)


def focused(page: Any) -> Iterator[str]:
    """The names of the fields that the desk leads to, until its button has the focus."""
    for _ in range(60):
        name = page.evaluate("() => document.activeElement.name || ''")
        if name == "file":
            return
        yield str(name).removeprefix("f_")
    raise AssertionError("the desk never came to its end")
