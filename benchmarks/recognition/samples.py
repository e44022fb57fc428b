"""From a seed to a paper. A seed reads split/kind/layout/condition/number: unseen/loan_contract/2/photo-hard/17.

The paper depends on everything but the condition, so that one paper can be looked at under many conditions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from random import Random
from typing import Any, Final

from PIL import Image

from benchmarks.recognition import case as cases
from benchmarks.recognition.paper import Page, Paper, Print
from benchmarks.recognition.press import press
from carloan.demonstration import papers, samples
from carloan.demonstration.specimens import LAYOUTS as SPECIMENS
from carloan.demonstration.specimens import Specimen, render

AS_OF: Final = date(2026, 11, 22)
# Seconds for a page or a paper: what is right does not hang on how busy the machine is.
PATIENCE: Final = 1_800
SPLITS: Final = ("seen", "former", "second", "third", "varied", "unseen")
OLD: Final = (
    "id_card_front", "id_card_back", "driving_licence", "vehicle_licence", "vehicle_sales_invoice", "vat_invoice",
    "bank_card",
)  # fmt: skip
NEW: Final = (
    "vehicle_registration_certificate", "loan_contract", "mortgage_contract", "settlement_certificate",
    "insurance_policy", "business_licence",
)  # fmt: skip
KINDS: Final = OLD + NEW
# Dots per inch at which the demonstration draws: cards in print quality, invoices and letters coarser.
_NATIVE: Final = {"vat_invoice": 178, "vehicle_sales_invoice": 178}
# How often something on the paper is wrong on purpose.
FAULTY: Final = 0.08
_PERSONS: Final = ("id_card_front", "id_card_back", "driving_licence", "vehicle_licence", "bank_card")
# Which kinds can show a fault, by which value; a layout that does not print the value cannot have it.
_SHOWN: Final[Mapping[str, Mapping[str, str]]] = {
    "id_check": {
        "id_card_front": "number", "driving_licence": "number", "vehicle_sales_invoice": "buyer_id",
        "vehicle_registration_certificate": "owner_id", "loan_contract": "borrower_id",
        "settlement_certificate": "borrower_id", "mortgage_contract": "mortgagor_id", "insurance_policy": "insured_id",
    },
    "vin_check": dict.fromkeys(KINDS, "vin"),
    "words_differ": {"loan_contract": "total_in_words", "vehicle_sales_invoice": "total_in_words",
                     "mortgage_contract": "total_in_words"},
    "dates_out_of_order": {"vehicle_registration_certificate": "release_date", "insurance_policy": "valid_from"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seed:
    split: str
    kind: str
    layout: int
    condition: str
    number: int

    def __str__(self) -> str:
        return f"{self.split}/{self.kind}/{self.layout}/{self.condition}/{self.number}"

    @classmethod
    def parse(cls, text: str) -> "Seed":
        """Raises ValueError for what is no seed."""
        split, kind, layout, condition, number = text.split("/")
        seed = cls(split, kind, int(layout), condition, int(number))
        if split not in SPLITS or kind not in kinds(split):
            raise ValueError(text)
        return seed


def layouts(split: str, kind: str) -> int:
    """How many layouts of a kind a split has; what the seen split does not draw itself, the demonstration does."""
    made = _module(split).LAYOUTS
    return len(made[kind]) if kind in made else SPECIMENS[kind] if split == SPLITS[0] else 0


def kinds(split: str) -> tuple[str, ...]:
    """The kinds of which a split has layouts."""
    return tuple(kind for kind in KINDS if layouts(split, kind))


def paper(seed: Seed) -> Paper:
    """The paper of a seed, before anything happens to it."""
    random = Random(f"{seed.split}/{seed.kind}/{seed.layout}/{seed.number}")
    split = _module(seed.split)
    if seed.kind not in split.LAYOUTS:
        facts = samples.paper(seed.kind, random, as_of=AS_OF)
        return from_specimen(render(facts, layout=seed.layout))
    case = split.cast.case(random, as_of=AS_OF, company=seed.kind not in _PERSONS and random.random() < 0.2)
    fault = random.choice(cases.FAULTS) if random.random() < FAULTY else None
    if fault:
        case = cases.spoil(case, fault)
    every = split.LAYOUTS[seed.kind]
    made = press(every[seed.layout % len(every)](case, random))
    shown = tuple(name for name in case.faults if _SHOWN[name].get(seed.kind) in made.fields)
    return replace(made, faults=shown)


def pair(seed: Seed) -> tuple[Paper, Paper]:
    """Both sides of one person's ID card."""
    split = _module(seed.split)
    random = Random(f"{seed.split}/pair/{seed.layout}/{seed.number}")
    if "id_card_back" in split.LAYOUTS:
        case = split.cast.case(random, as_of=AS_OF, company=False)
        front, back = (split.LAYOUTS[kind] for kind in ("id_card_front", "id_card_back"))
        number = seed.layout % len(front)
        return press(front[number](case, random)), press(back[number % len(back)](case, random))
    buyer = samples.deal(random, as_of=AS_OF).buyer
    batch = seed.layout % 2
    return (
        from_specimen(render(papers.id_card_front(buyer), layout=batch)),
        from_specimen(render(papers.id_card_back(buyer), layout=batch)),
    )


def _module(split: str) -> Any:
    return import_module(f"benchmarks.recognition.{split}")


@dataclass(frozen=True)
class _Drawn:
    image: Image.Image
    native: int

    def __call__(self, page: int, dpi: int) -> Image.Image:
        """Never larger than it was drawn: that would invent sharpness."""
        share = min(1.0, dpi / self.native)
        if share == 1.0:
            return self.image
        size = (round(self.image.width * share), round(self.image.height * share))
        return self.image.resize(size, Image.Resampling.LANCZOS)


def from_specimen(specimen: Specimen) -> Paper:
    """A paper that the demonstration's renderer drew."""
    native = _NATIVE.get(specimen.kind, 300)
    width, height = specimen.image.size
    lines = tuple(Print(line.text, line.box) for line in specimen.lines)
    fields: Mapping[str, str | int] = {name: truth.value for name, truth in specimen.fields.items()}
    printed = {name: truth.printed for name, truth in specimen.fields.items()}
    page = Page(width * 72 / native, height * 72 / native, lines)
    return Paper(specimen.kind, (page,), fields, printed, _Drawn(specimen.image, native))
