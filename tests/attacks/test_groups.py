"""The list of attacks is whole, and each test that it names is there."""

import re
from pathlib import Path

import pytest

from tests.attacks.group import Group
from tests.attacks.groups import GROUPS

TESTS = Path(__file__).parent.parent


def test_each_way_stands_there_once() -> None:
    assert [group.number for group in GROUPS] == list(range(1, 61))


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: str(group.number))
def test_a_way_is_refused_by_tests_that_exist_or_has_nothing_to_attack(group: Group) -> None:
    assert bool(group.tests) != bool(group.none)
    for node in group.tests:
        path, _, name = node.partition("::")
        assert re.search(rf"^ *def {name}\(", (TESTS / path).read_text(), re.MULTILINE), node
