"""Conditions and checklists of dossiers, as plain reckoning."""

from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from carloan.archives.policies.checklist import (
    Asked,
    Completeness,
    ItemRule,
    Of,
    Person,
    Standing,
    State,
    Ticked,
    Waived,
    asked_of,
    blocking,
    completeness,
    standing,
)
from carloan.archives.policies.conditions import (
    FACTS,
    MOST,
    OPERATORS,
    Condition,
    Fact,
    Question,
    Sort,
    condition_of,
    condition_problems,
)
from carloan.lib.problems import codes

TODAY = date(2026, 11, 30)
LEASED = Question("product", "is", "lease")
LARGE = Question("principal", "at_least", 20_000_000)
GUARANTEED = Question("guarantor", "is", True)


def values_of(fact: Fact) -> st.SearchStrategy[str | bool | int]:
    if fact.sort == Sort.CHOICE:
        return st.sampled_from(sorted(fact.choices))
    return st.booleans() if fact.sort == Sort.YES_NO else st.one_of(st.integers(0, 3), st.integers(0, MOST))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    fact = draw(st.sampled_from(list(FACTS.values())))
    return Question(fact.code, draw(st.sampled_from(OPERATORS[fact.sort])), draw(values_of(fact)))


conditions = st.lists(st.lists(questions(), min_size=1, max_size=5), max_size=5).map(condition_of)
facts_of_a_loan = st.fixed_dictionaries({code: st.none() | values_of(fact) for code, fact in FACTS.items()})


class TestConditions:
    def test_all_of_one_alternative_have_to_hold(self) -> None:
        condition = Condition(((LEASED, LARGE), (GUARANTEED,)))
        assert condition.holds({"product": "lease", "principal": 20_000_000})
        assert not condition.holds({"product": "lease", "principal": 19_999_999})
        assert condition.holds({"product": "new_car", "guarantor": True})
        assert Condition().holds({})

    @pytest.mark.parametrize("operator", ["is", "is_not"])
    def test_what_is_not_known_answers_no_question(self, operator: str) -> None:
        assert not Condition(((Question("product", operator, "lease"),),)).holds({"product": None})
        assert not Condition(((Question("product", operator, "lease"),),)).holds({})

    @pytest.mark.parametrize(
        ("condition", "code"),
        [
            (Condition(((Question("salary", "is", 1),),)), "fact"),
            (Condition(((Question("product", "at_least", "lease"),),)), "operator"),
            (Condition(((Question("product", "is", "boat"),),)), "value"),
            (Condition(((Question("guarantor", "is", 1),),)), "value"),
            (Condition(((Question("principal", "below", True),),)), "value"),
            (Condition(((Question("term", "below", -1),),)), "value"),
            (Condition(((LARGE,) * 6,)), "questions"),
            (Condition(((LARGE,),) * 6), "alternatives"),
            (Condition(((),)), "empty"),
        ],
    )
    def test_what_cannot_be_meant_is_not_saved(self, condition: Condition, code: str) -> None:
        assert codes(condition_problems(condition)) == [code]

    @given(conditions)
    def test_what_is_stored_comes_back(self, condition: Condition) -> None:
        assert condition_problems(condition) == []
        assert condition_of(condition.as_json()) == condition

    @pytest.mark.django_db
    def test_the_database_reckons_the_same(self) -> None:
        types = {Sort.CHOICE: "text", Sort.YES_NO: "boolean", Sort.MONEY: "bigint", Sort.MONTHS: "bigint"}
        row = ", ".join(f"%s::{types[fact.sort]} AS {code}" for code, fact in FACTS.items())

        @given(conditions, facts_of_a_loan)
        def check(condition: Condition, facts: dict[str, str | bool | int | None]) -> None:
            expression, parameters = condition.sql("f")
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {expression} FROM (SELECT {row}) f", [*parameters, *map(facts.get, FACTS)])
                assert cursor.fetchone() == (condition.holds(facts),)

        check()


CARD = ItemRule("id_card", "application", frozenset({"id_card_front"}), Of.BORROWER)
PLEDGE = ItemRule("guarantor_card", "application", frozenset({"id_card_front"}), Of.GUARANTOR)
POLICY = ItemRule("insurance", "disbursal", frozenset({"insurance_policy"}))
PHOTO = ItemRule("photo", "disbursal", frozenset({"vehicle_photo"}), required=False, count=2)
LEASE = ItemRule("lease", "approval", frozenset({"loan_contract"}), condition=Condition(((LEASED,),)))
WHO, OTHER = UUID(int=1), UUID(int=2)


class TestChecklists:
    def test_an_item_is_asked_of_each_person_of_its_role_and_only_where_its_condition_holds(self) -> None:
        rules = [CARD, PLEDGE, LEASE, POLICY]
        people = {Of.BORROWER: [Person(WHO)], Of.GUARANTOR: [Person(WHO), Person(OTHER, "organisation")]}
        asked = asked_of(rules, {"product": "new_car"}, people)
        assert asked == [Asked(CARD, WHO), Asked(PLEDGE, WHO), Asked(PLEDGE, OTHER), Asked(POLICY)]
        assert Asked(LEASE) in asked_of(rules, {"product": "lease"}, {})

    def test_whose_paper_it_is_is_asked_of_each_person_by_itself(self) -> None:
        company = ItemRule(
            "licence", "application", frozenset({"business_licence"}), Of.GUARANTOR,
            condition=Condition(((Question("holder", "is", "organisation"),),)),
        )  # fmt: skip
        people = {Of.GUARANTOR: [Person(WHO), Person(OTHER, "organisation")]}
        assert asked_of([company], {}, people) == [Asked(company, OTHER)]

    @pytest.mark.parametrize(
        ("papers", "waiver", "state"),
        [
            ([], None, State.MISSING),
            ([Ticked("received")], None, State.RECEIVED),
            ([Ticked("recognising")], None, State.RECEIVED),
            ([Ticked("refused"), Ticked("review")], None, State.IN_REVIEW),
            ([Ticked("refused")], None, State.REJECTED),
            ([Ticked("filed")], None, State.VERIFIED),
            ([Ticked("filed", TODAY)], None, State.VERIFIED),
            ([Ticked("filed", date(2026, 11, 29))], None, State.EXPIRED),
            ([Ticked("filed", date(2026, 11, 29)), Ticked("received")], None, State.RECEIVED),
            ([Ticked("filed", date(2026, 11, 29)), Ticked("filed")], None, State.VERIFIED),
            ([], Waived(), State.WAIVED),
            ([Ticked("refused")], Waived(TODAY), State.WAIVED),
            ([], Waived(date(2026, 11, 29)), State.MISSING),
            ([Ticked("filed")], Waived(), State.VERIFIED),
        ],
    )
    def test_how_an_item_stands(self, papers: list[Ticked], waiver: Waived | None, state: State) -> None:
        assert standing(Asked(POLICY), papers, waiver, today=TODAY).state == state

    def test_of_several_papers_as_many_have_to_be_valid_and_the_last_of_them_says_until_when(self) -> None:
        one, two, three = (Ticked("filed", date(2026, 12, day)) for day in (1, 2, 3))
        assert standing(Asked(PHOTO), [one], None, today=TODAY).state == State.MISSING
        assert standing(Asked(PHOTO), [one, three, two], None, today=TODAY).valid_until == date(2026, 12, 2)
        assert standing(Asked(PHOTO), [one, Ticked("filed")], None, today=TODAY).valid_until == date(2026, 12, 1)
        assert standing(Asked(PHOTO), [Ticked("filed")] * 2, None, today=TODAY).valid_until is None

    def test_only_required_items_count_and_only_up_to_the_stage(self) -> None:
        standings = [
            Standing(Asked(CARD, WHO), State.VERIFIED), Standing(Asked(PLEDGE, OTHER), State.MISSING),
            Standing(Asked(POLICY), State.WAIVED), Standing(Asked(PHOTO), State.MISSING),
        ]  # fmt: skip
        assert completeness(standings, "application") == Completeness(1, 2)
        assert completeness(standings, "approval") == Completeness(1, 2)
        assert completeness(standings, "disbursal") == Completeness(2, 3)
        assert Completeness(2, 3).percent == 66
        assert Completeness(199, 200).percent == 99
        assert Completeness(0, 0).percent == 100
        assert blocking(standings, "application") == [standings[1]]
        assert blocking(standings, "disbursal") == []
