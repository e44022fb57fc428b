"""The number on a tile of the home page is the number of rows behind its address, for everybody who sees it."""

import re
from html import unescape
from typing import Any

import pytest

from carloan.archives.models import Paper
from carloan.core.models import Role, RoleAssignment
from carloan.core.pages import tiles
from carloan.loans.models import Loan
from tests.archives import originals
from tests.archives.conftest import transcribed
from tests.cast import ROLES, Lender
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

# Stage, days overdue, amount overdue in minor units, branch.
BOOK = (
    ("servicing", 0, 0, "east"),
    ("servicing", 90, 5_000_00, "east"),
    ("servicing", 400, None, "west"),
    ("servicing", None, None, "east"),
    ("servicing", None, 7_000_00, "west"),
    ("servicing", 89, 9_000_00, "west"),
    ("written_off", 500, 80_000_00, "east"),
    ("settled", None, None, "east"),
    ("approval", 0, 0, "east"),
    ("approval", 0, 0, "west"),
)

# They tell what was lent to somebody, how far a review is or what became of a question, and no number of rows.
UNCOUNTED = {"archive-backups", "duties", "openings-asked", "retention-reviews", "reviews"}


@pytest.fixture
def house(bank: Lender) -> Lender:
    with bank.open():
        admin = bank.actor("admin")
        for serial, (state, days, owed, branch) in enumerate(BOOK, start=1):
            loan = open_loan(admin, serial, branch_id=bank.branches[branch].id)
            Loan.objects.filter(id=loan.id).update(state=state, days_overdue=days, overdue=owed)
        for branch in ("east", "west", "west"):
            paper = transcribed(bank, {"name": "李蓝"}, serial=f"{branch}{Paper.objects.count()}", role="admin")
            Paper.objects.filter(id=paper.id).update(state="review", loan=None, branch=bank.branches[branch])
        originals.late(bank, days=6)
        originals.drawn(bank)
    return bank


def tiles_of(client: Any) -> dict[str, tuple[str, str, str]]:
    """Number, hint and address of each tile, by label."""
    page = client.get("/home/").content.decode()
    found = {}
    for address, inside in re.findall(r'<a class="tile" href="([^"]+)">(.*?)</a>', page, re.S):
        parts = dict(re.findall(r'<span class="(\w+)">(.*?)</span>', inside, re.S))
        label = re.sub(r"<svg.*?</svg>", "", parts["label"], flags=re.S).strip()
        found[label] = (parts["value"], parts.get("hint", ""), unescape(address))
    return {label: found[label] for label in found.keys() & counted()}


def counted() -> set[str]:
    return {str(tile.label) for key, tile in tiles._tiles.items() if key not in UNCOUNTED}


def rows_behind(client: Any, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode()).count("<tr data-href=")


def test_each_tile_counts_the_rows_behind_it(house: Lender, client_of: Any) -> None:
    seen = set()
    for role in ROLES:
        client = client_of(house, role)
        for label, (value, _hint, address) in tiles_of(client).items():
            assert int(value) == rows_behind(client, address), (role, label)
            seen.add(label)
    assert seen == counted()


def test_somebody_with_two_reaches_is_led_to_what_was_counted(house: Lender, client_of: Any) -> None:
    """Checks papers and sees amounts in the east; answers customers, with a look at loans and papers, everywhere."""
    with house.open():
        member = house.members["officer"]
        RoleAssignment.objects.filter(membership=member).update(branch=house.branches["east"])
        for key in ("service", "compliance"):
            RoleAssignment.objects.create(
                membership=member, role=Role.objects.get(key=key), audit_event_id=member.audit_event_id
            )
    client = client_of(house, "officer")
    found = tiles_of(client)
    assert found["待审核材料"][0] == "1"
    for label, (value, _hint, address) in found.items():
        assert int(value) == rows_behind(client, address), label


def test_the_tile_of_late_loans_sums_what_is_known_and_says_what_is_not(house: Lender, client_of: Any) -> None:
    value, hint, address = tiles_of(client_of(house, "admin"))["逾期 90 天及以上"]
    assert (value, address.partition("?")[2]) == ("2", "state=servicing&age=90%2B&sort=-overdue")
    assert hint == "¥5,000.00 · 1 笔金额未知 · 另有 2 笔逾期天数未知"


def test_where_the_list_may_not_be_narrowed_by_days_there_is_no_tile(house: Lender, client_of: Any) -> None:
    with house.open():
        member = house.members["officer"]
        RoleAssignment.objects.filter(membership=member).update(branch=house.branches["east"])
        RoleAssignment.objects.create(
            membership=member, role=Role.objects.get(key="service"), audit_event_id=member.audit_event_id
        )
    assert "逾期 90 天及以上" not in tiles_of(client_of(house, "officer"))
