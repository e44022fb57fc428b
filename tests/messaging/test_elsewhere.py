"""A link and its uploads at another lender's address, and words that are far too long."""

import pytest

from carloan.messaging.models import LinkUpload
from tests.cast import Lender
from tests.messaging.doors import Visitor, a_link, a_loan
from tests.messaging.pictures import photo
from tests.messaging.test_uploads import sha

pytestmark = [pytest.mark.django_db(databases=["default", "keystore"]), pytest.mark.usefixtures("clean_cache")]
DATA = photo(3, 3_000)


def inside(lender: Lender) -> Visitor:
    with lender.open():
        made = a_link(lender, a_loan(lender))
    visitor = Visitor.at(lender, made)
    assert visitor.come_in(made.code).status_code == 302
    return visitor


def test_a_link_opens_nothing_at_another_lender(bank: Lender, other: Lender) -> None:
    ours, theirs = inside(bank), inside(other)
    upload = ours.begin("id_card_front", DATA, sha(DATA)).json()["id"]
    moved = Visitor(ours.client, ours.path.replace(f"/t/{bank.tenant.slug}/", f"/t/{other.tenant.slug}/"))
    assert moved.get().status_code == 404
    assert moved.begin("id_card_front", DATA, sha(DATA)).status_code == 404
    # Somebody who is inside there names a file of here.
    assert theirs.put(upload, 0, DATA).status_code == 404
    with bank.open():
        assert LinkUpload.objects.get(id=upload).received == 0
    with other.open():
        assert not LinkUpload.objects.exists()


@pytest.mark.parametrize("field", ["name", "want", "sha256", "size"])
def test_words_of_ten_megabytes_are_refused_and_leave_nothing(bank: Lender, field: str) -> None:
    visitor = inside(bank)
    sent = {"want": "id_card_front", "name": "a.png", "size": "3000", "sha256": sha(DATA), field: "9" * 10_000_000}
    answer = visitor.client.post(f"{visitor.path}uploads/", sent, headers={"Accept": "application/json"})
    assert 400 <= answer.status_code < 500
    assert len(answer.content) < 20_000
    with bank.open():
        assert not LinkUpload.objects.exists()
