"""The drawn papers: deterministic pixels, and a truth that really stands where its box says."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from carloan.demonstration import samples
from carloan.demonstration.specimens import LAYOUTS, FontMissing, Specimen, photo, render
from carloan.lib import fonts

DAY = date(2026, 11, 22)
ALL = [(kind, layout) for kind, count in sorted(LAYOUTS.items()) for layout in range(count)]
# What the papers of each kind must at least let a reader find.
NEEDED = {
    "id_card_front": {"name", "sex", "ethnicity", "birth", "address", "number"},
    "id_card_back": {"authority", "valid_from", "valid_to"},
    "driving_licence": {
        "number",
        "name",
        "sex",
        "address",
        "birth",
        "first_issue_date",
        "licence_class",
        "valid_from",
        "valid_to",
    },
    "vehicle_licence": {
        "plate",
        "vehicle_type",
        "owner_name",
        "address",
        "use_character",
        "model",
        "vin",
        "engine_no",
        "register_date",
        "issue_date",
    },
    "vehicle_sales_invoice": {
        "invoice_code",
        "invoice_number",
        "issue_date",
        "buyer_name",
        "buyer_id",
        "seller_name",
        "seller_tax_id",
        "total",
        "total_in_words",
        "tax",
        "price_without_tax",
        "vin",
        "engine_no",
        "model",
        "vehicle_type",
        "certificate_no",
    },
    "vat_invoice": {
        "invoice_number",
        "issue_date",
        "buyer_name",
        "buyer_id",
        "seller_name",
        "seller_tax_id",
        "total",
        "total_in_words",
        "tax",
        "price_without_tax",
    },
    "bank_card": {"number", "bank_name"},
    "loan_contract": {"contract_no", "borrower_name", "borrower_id", "principal", "term_months", "rate"},
    "vehicle_registration_certificate": {"certificate_no", "owner_name", "vin", "engine_no", "plate", "register_date"},
    "settlement_certificate": {"contract_no", "borrower_name", "borrower_id", "principal", "settled_on"},
}


def draw(kind: str, layout: int, seed: str = "paper") -> Specimen:
    return render(samples.paper(kind, Random(f"{seed}{kind}{layout}"), as_of=DAY), layout=layout)


def digest(specimen: Specimen) -> str:
    return hashlib.sha256(specimen.image.tobytes()).hexdigest()


@pytest.mark.parametrize(("kind", "layout"), ALL)
def test_a_paper_is_drawn_the_same_twice_and_knows_its_fields(kind: str, layout: int) -> None:
    one, two = draw(kind, layout), draw(kind, layout)
    assert digest(one) == digest(two)
    assert one.fields == two.fields
    assert one.kind == kind
    assert set(one.fields) >= NEEDED[kind]
    assert {"样本", "SPECIMEN"} <= set(one.text.split())
    for name, truth in one.fields.items():
        x0, y0, x1, y1 = truth.box
        assert 0 <= x0 < x1 <= 1, name
        assert 0 <= y0 < y1 <= 1, name
        if name == "birth" or name.endswith(("_date", "_on", "_from", "_to")):
            assert truth.value == "long_term" or date.fromisoformat(str(truth.value))
        if name in {"total", "tax", "price_without_tax", "principal"}:
            assert isinstance(truth.value, int)


def test_a_photo_is_the_same_twice_and_carries_the_boxes_along() -> None:
    paper = draw("id_card_front", 0)
    one, two = photo(paper, Random(5)), photo(paper, Random(5))
    assert digest(one) == digest(two)
    assert digest(one) != digest(photo(paper, Random(6)))
    for name, truth in one.fields.items():
        assert truth.box != paper.fields[name].box
        assert truth.value == paper.fields[name].value


def test_a_machine_without_a_chinese_typeface_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fonts.font_file.cache_clear()
    monkeypatch.setattr(fonts, "_CANDIDATES", (str(tmp_path / "none.ttc"),))
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        with pytest.raises(FontMissing, match="fonts-wqy-zenhei"):
            fonts.font_file()
    finally:
        fonts.font_file.cache_clear()


Reader = Callable[[Specimen], list[tuple[float, float, float, float, str]]]


@pytest.fixture(scope="module")
def read() -> Reader:
    """The bare engine: the lines it finds on a page as (x0, y0, x1, y1, text) in pixels."""
    numpy = pytest.importorskip("numpy")
    engine = pytest.importorskip("rapidocr").RapidOCR(params={"Det.limit_type": "max", "Det.limit_side_len": 1280})

    def lines(specimen: Specimen) -> list[tuple[float, float, float, float, str]]:
        answer: Any = engine(numpy.asarray(specimen.image)[:, :, ::-1])
        return [
            (box[:, 0].min(), box[:, 1].min(), box[:, 0].max(), box[:, 1].max(), text)
            for box, text in zip(answer.boxes, answer.txts, strict=True)
        ]

    return lines


def folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize(
    ("kind", "layout", "photographed"),
    [
        ("id_card_front", 0, True),
        ("id_card_back", 1, False),
        ("driving_licence", 1, False),
        ("vehicle_licence", 0, True),
        ("vehicle_sales_invoice", 0, False),
        ("vat_invoice", 0, False),
        ("bank_card", 1, False),
        ("settlement_certificate", 0, False),
    ],
)
def test_the_text_stands_where_the_truth_says(kind: str, layout: int, photographed: bool, read: Reader) -> None:
    """An engine that knows nothing of us reads each value inside its box (one miss is the engine's, not the box's)."""
    specimen = draw(kind, layout, "ocr")
    if photographed:
        specimen = photo(specimen, Random(3), tilt=1.5)
    width, height = specimen.image.size
    found = read(specimen)
    missed = []
    for name, truth in specimen.fields.items():
        x0, y0, x1, y1 = truth.box[0] * width, truth.box[1] * height, truth.box[2] * width, truth.box[3] * height
        inside = "".join(
            text
            for left, top, right, bottom, text in found
            if y0 - 6 < (top + bottom) / 2 < y1 + 6 and min(right, x1) > max(left, x0)
        )
        if folded(truth.printed) not in folded(inside):
            missed.append((name, truth.printed, inside))
    assert len(missed) <= 1, missed
