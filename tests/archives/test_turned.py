"""Papers that come in turned, photographed or with planted faults. Truth is known from the renderer."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import pytest
from PIL import Image

from carloan.archives.recognition import media, proof
from carloan.archives.recognition.recognise import Recognition, recognise
from carloan.archives.recognition.sheet import Turn
from carloan.demonstration import papers
from carloan.demonstration.specimens import Specimen
from tests.archives.specimens import TODAY, deal, drawn

pytestmark = pytest.mark.ocr


def read(data: bytes) -> Recognition:
    return recognise(data, media.sniff(data), today=TODAY)


def wrong(specimen: Specimen, result: Recognition) -> dict[str, tuple[Any, Any]]:
    """Values that differ from the truth and would be believed."""
    return {
        name: (truth.value, result.fields[name].value)
        for name, truth in specimen.fields.items()
        if name in result.fields
        and str(truth.value) != str(result.fields[name].value)
        and result.fields[name].confidence >= proof.SURE
    }


def codes(result: Recognition) -> set[str]:
    return {fault.code for fault in result.faults}


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_card_is_turned_back_and_its_boxes_with_it(turn: Turn) -> None:
    specimen, data = drawn(papers.id_card_front(deal().buyer))
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).rotate(turn, expand=True).save(buffer, "PNG")
    result = read(buffer.getvalue())
    assert result.kind == "id_card_front"
    # Pillow turns to the left, `turn` says how far to the right the page has to go back.
    assert result.sheets[0].turn == turn
    assert wrong(specimen, result) == {}
    number, truth = result.fields["number"].box, specimen.fields["number"].box
    assert number is not None
    assert np.allclose(number, truth, atol=0.05)


PHOTOGRAPHED: dict[str, Callable[[papers.Deal], Any]] = {
    "driving_licence": lambda one: papers.driving_licence(Random(1), one.buyer, TODAY),
    "vehicle_licence": lambda one: papers.vehicle_licence(Random(1), one, TODAY),
    "vehicle_sales_invoice": lambda one: papers.vehicle_sales_invoice(Random(1), one),
    "bank_card": lambda one: papers.bank_card(one.buyer, TODAY),
    "settlement_certificate": lambda one: papers.settlement_certificate(one, "JQ00000001"),
}


@pytest.mark.parametrize("kind", PHOTOGRAPHED)
def test_a_photographed_paper_is_read_right(kind: str) -> None:
    facts = PHOTOGRAPHED[kind](deal())
    specimen, data = drawn(facts, photographed=True)
    result = read(data)
    assert result.kind == kind
    assert wrong(specimen, result) == {}
    assert not [name for name in proof.REQUIRED[kind] if name not in result.fields]


def test_a_wrong_check_digit_is_a_fault() -> None:
    person = deal().buyer
    number = person.id_number[:-1] + ("0" if person.id_number[-1] != "0" else "1")
    _, data = drawn(papers.id_card_front(person), number=number)
    assert "id_check" in codes(read(data))


def test_another_birth_than_in_the_number_is_a_fault() -> None:
    person = deal().buyer
    _, data = drawn(papers.id_card_front(person), birth=person.birth + timedelta(days=9))
    assert "birth_differs" in codes(read(data))


def test_an_expired_card_is_a_fault_and_long_term_is_none() -> None:
    back = papers.id_card_back(deal().buyer)
    _, expired = drawn(replace(back, valid_from=date(2005, 1, 1), valid_to=date(2015, 1, 1)))
    _, lasting = drawn(replace(back, valid_from=date(2015, 1, 1), valid_to=None))
    assert "expired" in codes(read(expired))
    assert read(lasting).fields["valid_to"].value == "long_term"
    assert codes(read(lasting)) == set()


def test_words_and_figures_that_differ_are_a_fault() -> None:
    invoice = papers.vehicle_sales_invoice(Random(1), deal())
    _, data = drawn(invoice, total_in_words="壹拾万零壹佰元整")
    assert "words_differ" in codes(read(data))


def test_price_and_tax_that_do_not_add_up_are_a_fault() -> None:
    invoice = papers.vehicle_sales_invoice(Random(1), deal())
    _, data = drawn(invoice, tax=invoice.tax + 100_000)
    assert "sum_differs" in codes(read(data))


def test_an_illegal_vin_is_a_fault() -> None:
    licence = papers.vehicle_licence(Random(1), deal(), TODAY)
    body = licence.vin
    bad = body[:8] + ("1" if body[8] != "1" else "2") + body[9:]
    _, data = drawn(licence, vin=bad)
    assert "vin_check" in codes(read(data))
