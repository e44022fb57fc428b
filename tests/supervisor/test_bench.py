"""Benchmarks: what a claim is, how it is printed."""

import json

import pytest

from benchmarks import Claim
from benchmarks.__main__ import table
from carloan.supervisor.bench import bench
from carloan.supervisor.process import SupervisorError


def test_a_ratio_to_a_floor_is_what_the_target_bounds() -> None:
    slow = Claim("fenced over bare", value=1.2, unit="ms", floor=1.0, target=1.10)
    assert slow.ratio == pytest.approx(1.2)
    assert not slow.met
    assert Claim("pages", value=0.9, unit="1/s", floor=1.0, target=0.85, better="higher").met


def test_without_a_floor_the_target_bounds_the_value() -> None:
    claim = Claim("tape", value=61.0, unit="s", target=60)
    assert (claim.ratio, claim.met) == (None, False)


def test_a_line_for_machines_has_the_agreed_names() -> None:
    line = Claim("tape", value=31.0, unit="s", target=60).as_json()
    assert list(line) == ["claim", "value", "unit", "floor", "ratio", "target", "met"]
    assert json.loads(json.dumps(line))["met"] is True


def test_people_see_at_once_what_was_missed() -> None:
    lines = table([Claim("tape", value=61.0, unit="s", target=60)]).splitlines()
    assert lines[1].endswith("NO")
    assert "<= 60" in lines[1]


def test_an_unknown_benchmark_is_answered_with_the_known_ones() -> None:
    with pytest.raises(SupervisorError, match=r"there is no benchmark nonsense\. There are:") as refused:
        bench("nonsense", scale="small", as_json=True)
    # A benchmark may be a module or a package.
    assert {"intake", "recognition"} <= set(str(refused.value).split(": ")[1].split(", "))
