"""The benchmark of the search runs on today's tables, and its judge sees what is missing and what is wrong."""

import pytest

from benchmarks import search
from carloan.archives.selectors.text_index import hasher
from carloan.archives.services.indexing import segment_write
from carloan.core.ids import uuid7
from carloan.core.tenancy import tenant_atomic, tenant_scope
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
PAGES = 100


def test_a_judge_of_hits_sees_what_is_missing_and_what_is_wrong(committed: Lender) -> None:
    language = search.Language(3)
    with tenant_scope(committed.tenant.id):
        (texts,) = search._batches(committed.tenant, language, PAGES)
        with tenant_atomic():
            segment_write([(one.id, list(enumerate(one.pages, start=1))) for one in texts], hasher())
        times, right, wanted, missed = search._ask(texts, language, each=2)
        assert (len(times), right, missed) == (18, 1.0, 0)
        assert wanted > len(times)
        invented = search.Written(uuid7(), texts[0].pages)
        assert search._ask([*texts, invented], language, each=2)[3] > 0
        assert search._ask(texts[:-1], language, each=2)[1] < 1
