"""Filters under a name belong to one list, whichever app it is of."""

import pytest

from carloan.core.errors import Invalid
from carloan.core.models import AuditEvent
from carloan.core.selectors import saved_views_for
from carloan.core.services.saved_views import saved_view_keep
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def test_each_list_has_views_of_its_own(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("compliance")
        for page, query in (("loans", "state=servicing"), ("trail", "outcome=refused")):
            saved_view_keep(actor=actor, page=page, name="每日", query=query)
        assert [view.query for view in saved_views_for(actor, "trail")] == ["outcome=refused"]
        assert [view.query for view in saved_views_for(actor, "loans")] == ["state=servicing"]
        assert saved_views_for(bank.actor("officer"), "trail") == []
        event = AuditEvent.objects.filter(action="core.saved_view.kept").latest("id")
        assert event.object_type == "core.savedview"


def test_what_was_searched_for_is_no_view(bank: Lender) -> None:
    with bank.open(), pytest.raises(Invalid):
        saved_view_keep(actor=bank.actor("compliance"), page="trail", name="x", query="q=张三&after=1")
