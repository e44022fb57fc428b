"""What nobody may enter about people and cars."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from carloan.lib import masks
from carloan.loans.policies.facts import PersonFacts, VehicleFacts, normal_person, person_faults, vehicle_faults

TODAY = date(2026, 11, 22)


def _with(facts: Any, **changes: Any) -> Any:
    return replace(facts, **changes)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "王小明"),
        ("address", "江苏省南京市江宁区胜太路8号"),
        ("employer", "南京机械厂"),
        ("occupation", "工程师"),
    ],
)
def test_a_mask_never_comes_back_as_a_value(field: str, value: str) -> None:
    mask = {"name": masks.name, "address": masks.address}.get(field, masks.text)(value)
    for stars in (mask, mask.replace("*", "＊")):
        facts = normal_person(_with(PersonFacts("王小明"), **{field: stars}))
        assert [problem.code for problem in person_faults(facts, today=TODAY)[field]] == ["masked"]
    assert field not in person_faults(normal_person(_with(PersonFacts("王小明"), **{field: value})), today=TODAY)


@pytest.mark.parametrize("field", ["vin", "plate", "engine_no"])
def test_a_cars_mask_never_comes_back_either(field: str) -> None:
    assert field in vehicle_faults(_with(VehicleFacts(), **{field: "HR1****104"}), today=TODAY)
