"""The side navigation: sections with groups, of which everybody sees what they may open."""

from typing import Any

import pytest

from carloan.core.pages.nav import GROUPS, NavFold, NavItem, NavSection, place_of, register_nav, sections_for
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def seen(lender: Lender, role: str, here: str = "", *, opened: tuple[str, ...] = ()) -> dict[str, NavFold]:
    """What a role sees of compliance, by group."""
    with lender.open():
        sections = sections_for(lender.actor(role), here, opened=opened)
    return {fold.key: fold for section in sections if section.key == "oversight" for fold in section.folds}


def lines(section: NavSection) -> list[Any]:
    return [link for fold in section.folds for link in fold.links]


def test_compliance_stands_in_five_groups_in_the_order_of_the_work(bank: Lender) -> None:
    folds = seen(bank, "compliance")
    assert list(folds) == list(GROUPS["oversight"]) == ["trail", "sight", "keeping", "persons", "control"]
    assert [len(fold.links) for fold in folds.values()] == [5, 2, 5, 4, 5]
    assert all(fold.group is GROUPS["oversight"][key] for key, fold in folds.items())
    assert not any(fold.open for fold in folds.values())


def test_a_group_of_one_line_is_that_line_without_a_heading(bank: Lender) -> None:
    folds = seen(bank, "officer")
    assert set(folds) == {"trail", "keeping", "persons"}
    assert folds["keeping"].group is not None
    assert (folds["persons"].group, len(folds["persons"].links)) == (None, 1)


def test_who_may_open_nothing_of_a_section_does_not_see_it(bank: Lender) -> None:
    assert seen(bank, "service") == {}


def test_the_group_of_the_page_is_open_and_so_are_those_that_somebody_left_open(bank: Lender) -> None:
    folds = seen(bank, "compliance", "compliance:hold", opened=("control", "no-such-group"))
    assert {key for key, fold in folds.items() if fold.open} == {"keeping", "control"}
    assert [str(link.url) for link in folds["keeping"].links if link.current] == ["/compliance/holds/"]


def test_a_page_says_in_which_section_and_group_it_stands(bank: Lender) -> None:
    with bank.open():
        places = [
            place_of(sections_for(bank.actor(role), here))
            for role, here in (
                ("compliance", "compliance:holds"), ("officer", "compliance:person-find"), ("officer", "loans:list"),
            )
        ]  # fmt: skip
    assert [[str(each) for each in place] for place in places] == [
        ["合规", "保管与销毁"],
        ["合规"],
        [],
    ]


def test_a_line_belongs_to_a_group_where_others_do() -> None:
    item: dict[str, Any] = {"label": "x", "url_name": "core:home", "icon": "x", "capability": "home.view"}
    for section, group in (("oversight", ""), ("oversight", "people"), ("work", "trail"), ("nowhere", "")):
        with pytest.raises(ValueError, match=r"no (group|section)"):
            register_nav(NavItem(section=section, group=group, **item))


@pytest.mark.parametrize("role", ["officer", "archivist", "compliance"])
def test_every_line_that_somebody_sees_opens(bank: Lender, client_of: Any, role: str) -> None:
    with bank.open():
        found = [str(link.url) for section in sections_for(bank.actor(role)) for link in lines(section)]
    browser = client_of(bank, role)
    assert len(found) == len(set(found)) > 5
    assert [url for url in found if browser.get(url).status_code != 200] == []


@pytest.mark.parametrize("prefix", ["", "__Host-"], ids=["http", "https"])
def test_the_page_comes_with_the_groups_as_they_were_left_and_the_palette_knows_all_lines(
    bank: Lender, client_of: Any, settings: Any, prefix: str
) -> None:
    settings.COOKIE_PREFIX = prefix
    browser = client_of(bank, "compliance")
    browser.cookies[f"{prefix}groups"] = "keeping.persons"
    page = browser.get("/home/").content.decode()
    opened = [key for key in GROUPS["oversight"] if f'data-nav-group="{key}" open>' in page]
    assert opened == ["keeping", "persons"]
    palette = page.partition("data-pages")[2]
    assert 'href="/t/bank/compliance/seal/"' in palette
    assert "合规 · 留痕与监督" in palette
