"""Pictures of a kind that the lender raised to class C3: nobody sees one alone."""

from typing import Any

import pytest
from django.utils import timezone

from carloan.archives.models import Paper
from carloan.compliance.models import Opening
from carloan.compliance.services.masking import masking_publish
from carloan.core.models import AuditEvent
from carloan.core.registry import Tighter
from tests.archives.conftest import received, transcribed
from tests.cast import Lender
from tests.tenancy.routes import BLANK_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def paper(bank: Lender) -> Paper:
    """The front of an ID card whose pictures are closed, with bytes of its own."""
    with bank.open():
        masking_publish(
            actor=bank.actor("compliance"),
            rules={"picture.id_card_front": Tighter(guarded=True)},
            effective_on=timezone.localdate(),
            reason="人脸信息",
            after=0,
        )
        found = received(bank, BLANK_PAGE)
        Paper.objects.filter(id=found.id).update(kind="id_card_front")
        return Paper.objects.get(id=found.id)


def test_a_closed_picture_is_seen_once_by_two_people(client_of: Any, bank: Lender, paper: Paper) -> None:
    officer, other = client_of(bank, "officer").confirmed(), client_of(bank, "compliance").confirmed()
    here = f"/archives/papers/{paper.id}"
    for address in (f"{here}/pages/1/", f"{here}/pages/1/received/", f"{here}/original/"):
        assert client_of(bank, "archivist").get(address).status_code == 403, address
    page = officer.get(f"{here}/").content.decode()
    assert f"{here}/picture/ask/" in page
    assert f"{here}/original/" not in page
    assert officer.get(f"{here}/picture/ask/").status_code == 200
    assert officer.post(f"{here}/picture/ask/", {"reason_code": "identity_check"}).status_code == 302
    with bank.open():
        opening = Opening.objects.get()
    path = f"/compliance/openings/{opening.id}"
    assert officer.post(f"{path}/open/").status_code == 409
    assert other.post(f"{path}/decide/", {"word": "approve"}).status_code == 302
    opened = officer.post(f"{path}/open/")
    assert opened.content == BLANK_PAGE
    assert opened["Content-Security-Policy"] == "sandbox"
    assert officer.post(f"{path}/open/").status_code == 409
    with bank.open():
        assert AuditEvent.objects.filter(action="archives.paper.downloaded", object_id=paper.id).count() == 1


def test_other_kinds_stay_open_and_nobody_asks_for_what_is_open(client_of: Any, bank: Lender, paper: Paper) -> None:
    with bank.open():
        other = transcribed(bank, {"plate": "粤B12345"}, kind="vehicle_licence")
    officer = client_of(bank, "officer").confirmed()
    page = officer.get(f"/archives/papers/{other.id}/").content.decode()
    assert f"/archives/papers/{other.id}/pages/1/" in page
    assert officer.get(f"/archives/papers/{other.id}/picture/ask/").status_code == 404
    assert client_of(bank, "compliance").get(f"/archives/papers/{paper.id}/picture/ask/").status_code in (403, 404)
