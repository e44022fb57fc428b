"""The benchmark of the search runs on today's tables, and its judge sees what is missing and what is wrong."""

import pytest

from benchmarks import search
from carloan.core.ids import uuid7
from carloan.core.tenancy import tenant_scope
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
PAPERS = 20


def test_a_judge_of_hits_sees_what_is_missing_and_what_is_wrong(committed: Lender) -> None:
    language = search.Language(3)
    with tenant_scope(committed.tenant.id):
        papers = search._build(committed.tenant, [language.paper() for _ in range(PAPERS)]).papers
        answers = search._ask(papers, language, each=2)
        assert (len(search._flat(answers.times)), answers.wrong, answers.missed) == (18, 0, 0)
        assert answers.wanted == answers.given > 18
        invented = search.Written(uuid7(), papers[0].pages)
        assert search._ask([*papers, invented], language, each=2).missed > 0
        assert search._ask(papers[:-1], language, each=2).wrong > 0
