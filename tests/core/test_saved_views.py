"""Filters under a name belong to one list, whichever app it is of."""

from typing import Any

import pytest
from django.utils import translation

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


def test_a_view_that_came_with_the_lender_is_called_in_the_readers_language(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        facts: dict[str, Any] = {"actor": actor, "page": "loans", "query": "state=approval", "shared": True}
        saved_view_keep(name="审批中", name_en="In approval", **facts)
        saved_view_keep(name="我的", **facts)

        def names(language: str) -> list[str]:
            with translation.override(language):
                return [str(view) for view in saved_views_for(actor, "loans")]

        assert names("zh-hans") == ["审批中", "我的"]
        assert names("en") == ["In approval", "我的"]
        # Whoever keeps another one under its name has typed it.
        saved_view_keep(name="审批中", **facts)
        assert names("en") == ["审批中", "我的"]


def test_what_was_searched_for_is_no_view(bank: Lender) -> None:
    with bank.open(), pytest.raises(Invalid):
        saved_view_keep(actor=bank.actor("compliance"), page="trail", name="x", query="q=张三&after=1")
