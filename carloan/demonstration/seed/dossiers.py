"""Dossiers with rendered papers, and a handful of fresh uploads that the worker reads live."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from random import Random

from PIL import ImageFilter

from carloan.archives.models import Dossier, Paper
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.recognise import Recognition
from carloan.archives.recognition.sheet import Line, Sheet
from carloan.archives.services.receiving import paper_receive
from carloan.archives.services.transcribing import paper_transcribe
from carloan.core.actors import Actor
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration import papers, people
from carloan.demonstration.lenders import Lender
from carloan.demonstration.seed.book import actor_of
from carloan.demonstration.specimens import Specimen, facts, photo, render
from carloan.demonstration.stories import SEED, Story
from carloan.lib import money
from carloan.loans.models import Loan

SOURCE = "specimen"
# How many dossiers of each lender are filled: enough for every stage, few enough for a quick start.
DOSSIERS = {"huaxin": 24, "yuanda": 12}
NAMES = {
    "id_card_front": "身份证人像面",
    "id_card_back": "身份证国徽面",
    "driving_licence": "驾驶证",
    "vehicle_licence": "行驶证",
    "vehicle_sales_invoice": "购车发票",
    "vat_invoice": "增值税发票",
    "bank_card": "还款银行卡",
    "loan_contract": "借款合同",
    "vehicle_registration_certificate": "登记证书",
    "settlement_certificate": "结清证明",
}


@dataclass(frozen=True)
class _Fresh:
    """A paper that somebody has just dropped, on a loan or on the desk."""

    name: str
    data: bytes
    loan: Loan | None


@dataclass(frozen=True)
class _Drawn:
    """A rendered paper, ready to be kept."""

    kind: str
    data: bytes
    reading: Recognition


def fill_dossiers(lender: Lender, tenant: Tenant, told: Sequence[Story], as_of: date) -> None:
    """The papers of the first loans, scanned by the archivist; a transaction a dossier.

    A thread draws the next dossier's papers while the database keeps this one's.
    """
    with tenant_atomic(tenant.id):
        archivist = actor_of(tenant, f"{lender.slug}.archivist")
        chosen = {story.contract_no: story for story in told[: dossier_count(lender, told)]}
        without = Loan.objects.filter(contract_no__in=list(chosen)).exclude(id__in=Dossier.objects.values("loan_id"))
        loans = list(without.order_by("contract_no"))
    with ThreadPoolExecutor(1) as pool:
        drawn = [(loan, pool.submit(_draw, chosen[loan.contract_no], as_of)) for loan in loans]
        for loan, pages in drawn:
            with tenant_atomic(tenant.id):
                for page in pages.result():
                    paper_transcribe(
                        actor=archivist,
                        data=page.data,
                        media="image/jpeg",
                        name=f"{NAMES[page.kind]}.jpg",
                        loan=loan,
                        reading=page.reading,
                    )


def _draw(story: Story, as_of: date) -> list[_Drawn]:
    return [_Drawn(kind, one.jpeg(), transcript(one)) for kind, one in dossier_papers(story, as_of)]


def dossier_count(lender: Lender, told: Sequence[Story]) -> int:
    """A small book keeps a quarter of its loans in dossiers, so that uploads find some that have none."""
    return min(DOSSIERS[lender.slug], len(told) // 4)


def drop_fresh_papers(lender: Lender, tenant: Tenant, told: Sequence[Story], as_of: date) -> None:
    """What the worker finds when it starts: sure, unsure, without a loan, and wrong ones."""
    with tenant_atomic(tenant.id):
        officer = actor_of(tenant, f"{lender.slug}.officer")
        for fresh in _fresh_papers(lender, told, as_of):
            _drop(officer, fresh)


def dossier_papers(story: Story, as_of: date) -> Iterator[tuple[str, Specimen]]:
    """The papers this loan has by now, in the order in which they came. Some dossiers lack one, as in life."""
    random = Random(f"{SEED}|papers|{story.contract_no}")
    layout = random.randrange(12)
    made: list[facts.Facts] = []
    for person in (story.deal.buyer, *_co_borrowers(story)):
        made += [papers.id_card_front(person), papers.id_card_back(person)]
    made.append(papers.bank_card(story.deal.buyer, as_of))
    if random.random() < 0.6:
        made.append(papers.driving_licence(random, story.deal.buyer, as_of))
    if story.state in ("disbursal", "servicing", "settled", "written_off"):
        made.append(papers.loan_contract(story.deal))
        if not story.used:
            made.append(papers.vehicle_sales_invoice(random, story.deal))
    if story.dues:
        made += [papers.vehicle_licence(random, story.deal, as_of), papers.registration_certificate(story.deal)]
        if random.random() < 0.25:
            made.append(papers.vat_invoice(random, story.deal, digital=random.random() < 0.5))
    if story.state == "settled" and story.turn != "settled_lately":
        made.append(papers.settlement_certificate(story.deal, f"JQ{story.contract_no[2:]}"))
    if random.random() < 0.3:
        made.pop(random.randrange(1, len(made)))
    for one in made:
        specimen = render(one, layout=layout)
        yield one.kind, photo(specimen, random, tilt=1.5) if random.random() < 0.05 else specimen


def transcript(specimen: Specimen) -> Recognition:
    """The renderer's truth in the form of a reading, with the source that says so."""
    width, height = specimen.image.size
    lines = []
    for line in specimen.lines:
        x0, y0, x1, y1 = line.box[0] * width, line.box[1] * height, line.box[2] * width, line.box[3] * height
        lines.append(Line(line.text, 1.0, ((x0, y0), (x1, y0), (x1, y1), (x0, y1))))
    fields = Fields()
    for name, truth in specimen.fields.items():
        fields[name] = Field(truth.value, 1.0, truth.page, truth.box, source=SOURCE, text=truth.printed)
    return Recognition(specimen.kind, 1.0, fields, [], [Sheet(1, width, height, tuple(lines))])


def _fresh_papers(lender: Lender, told: Sequence[Story], as_of: date) -> Iterator[_Fresh]:
    """Six uploads of people without a dossier, each with another end; fewer where the book is too small for them."""
    random = Random(f"{SEED}|fresh|{lender.slug}")
    rest = [story for story in told[dossier_count(lender, told) :] if story.dues and not story.deal.company]
    rest.sort(key=lambda story: (story.used, story.state != "servicing"))
    makers = (_sure, _for_the_desk, _shaken, _contradictory, _expired)
    for make, story in zip(makers, rest, strict=False):
        yield make(random, story, as_of)
    stranger = people.person(random, as_of=as_of)
    yield _Fresh("身份证_无对应合同.jpg", render(papers.id_card_front(stranger), layout=1).jpeg(), None)


def _sure(random: Random, story: Story, as_of: date) -> _Fresh:
    """A clean photo dropped on its loan: filed by the machine."""
    loan = Loan.objects.get(contract_no=story.contract_no)
    taken = photo(render(papers.id_card_front(story.deal.buyer)), random)
    return _Fresh(f"IMG_{as_of:%Y%m%d}_101532.jpg", taken.jpeg(), loan)


def _for_the_desk(random: Random, story: Story, as_of: date) -> _Fresh:
    """A clean scan that finds its loan by itself."""
    return _Fresh("行驶证扫描件.jpg", render(papers.vehicle_licence(random, story.deal, as_of), layout=1).jpeg(), None)


def _shaken(random: Random, story: Story, _as_of: date) -> _Fresh:
    """A blurred photo, which a person must look at."""
    card = photo(render(papers.id_card_front(story.deal.buyer)), random)
    blurred = card.image.filter(ImageFilter.GaussianBlur(3.4))
    return _Fresh("微信图片_模糊.jpg", card.moved(blurred).jpeg(quality=35), None)


def _contradictory(random: Random, story: Story, _as_of: date) -> _Fresh:
    """An invoice whose capitals name ten thousand yuan less than its figures."""
    invoice = papers.vehicle_sales_invoice(random, story.deal)
    altered = replace(invoice, total_in_words=money.to_capitals(invoice.total - 1_000_000))
    return _Fresh("购车发票.jpg", render(altered, layout=1).jpeg(), None)


def _expired(random: Random, story: Story, as_of: date) -> _Fresh:
    driver = papers.driving_licence(random, story.deal.buyer, as_of)
    end = as_of - timedelta(days=40)
    start = date(end.year - 6, end.month, min(end.day, 28))
    ended = replace(driver, valid_from=start, valid_to=end, first_issue_date=min(driver.first_issue_date, start))
    return _Fresh("驾驶证.jpg", render(ended, layout=1).jpeg(), None)


def _drop(actor: Actor, fresh: _Fresh) -> None:
    """Once: a paper that was filed from the desk since must not come again."""
    if not Paper.objects.filter(sha256=sha256(fresh.data).hexdigest()).exists():
        paper_receive(actor=actor, data=fresh.data, name=fresh.name, loan=fresh.loan)


def _co_borrowers(story: Story) -> list[people.Person]:
    return [one.who for one in story.participants if one.role == "co_borrower" and isinstance(one.who, people.Person)]
