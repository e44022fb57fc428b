"""The pages of paper originals through HTTP: what each shows, to whom, and what it does."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from carloan.archives.models import CustodyRequest, HandoverList, Original, StoragePlace
from carloan.archives.policies.originals.codes import ORIGINAL, PLACE, code_of
from carloan.archives.policies.originals.custody import CERTIFICATE
from carloan.core.models import AuditEvent
from tests.archives.conftest import transcribed
from tests.archives.originals import (
    JPEG,
    SEALED,
    borrowed,
    certificate_lent,
    drawn,
    here,
    inside,
    late,
    lent,
    loan_of,
    shelved,
    warehouse,
)
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("seal.jpg", JPEG, content_type="image/jpeg")


def test_the_list_narrows_pages_and_leaves_as_a_file(bank: Lender, client_of: Any) -> None:
    with bank.open():
        away, kept = late(bank, days=3), shelved(bank)
        away_code, kept_code = (code_of(ORIGINAL, each.number) for each in (away, kept))
    client = client_of(bank, "archivist")
    assert {away_code, kept_code} <= set(re.findall(r"Y\d{7}", text(client.get("/archives/originals/"))))
    only = text(client.get("/archives/originals/?state=overdue"))
    assert away_code in only
    assert kept_code not in only
    assert kept_code in text(client.get(f"/archives/originals/?q={kept_code.lower()}"))
    assert client.get("/archives/originals/?state=nowhere").status_code == 422
    answer = client.get("/archives/originals/csv/?state=overdue")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert away_code in lines[1]
    with bank.open():
        told = AuditEvent.objects.get(action="archives.originals.exported")
        assert json.loads(bytes(told.canon))["count"] == 1


def test_the_loans_tab_and_a_papers_page_lead_to_entering_one(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = loan_of(bank)
        paper = transcribed(bank, {"name": "王一"}, loan=loan)
    client = client_of(bank, "officer")
    assert "/archives/originals/new/?loan=" in text(client.get(f"/loans/{loan.id}/?tab=originals"))
    assert f"/archives/originals/new/?paper={paper.id}" in text(client.get(f"/archives/papers/{paper.id}/"))
    form = text(client.get(f"/archives/originals/new/?paper={paper.id}"))
    assert loan.contract_no in form
    given = {"loan": loan.contract_no, "paper": str(paper.id), "kind": paper.kind, "sheets": "1", "received": "on"}
    made = client.post("/archives/originals/new/", given)
    assert made.status_code == 302
    with bank.open():
        original = Original.objects.get(paper=paper)
        assert (original.state, original.holder) == ("received", bank.members["officer"])
    # The paper's page leads to what is entered already.
    assert str(original.id) in client.get(f"/archives/originals/new/?paper={paper.id}")["Location"]
    assert client.post("/archives/originals/new/", given).status_code == 422


def test_a_scanned_code_leads_to_what_it_is_on(bank: Lender, client_of: Any) -> None:
    with bank.open():
        original, place = shelved(bank), warehouse(bank, "扫码库")
    client = client_of(bank, "archivist")
    for code, where in (
        (code_of(ORIGINAL, original.number), str(original.id)),
        (code_of(PLACE, place.number), str(place.id)),
        (code_of(ORIGINAL, 99), "/archives/originals/new/?code="),
        ("nonsense", "/archives/originals/desk/"),
    ):
        assert where in client.get(f"/archives/originals/find/?code={code}")["Location"], code


def test_the_desk_shows_what_waits_and_costs_the_same_for_more(
    bank: Lender, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    with bank.open():
        asked = borrowed(bank, shelved(bank))
        late(bank, days=6)
        lent(bank, days=0)
        here(bank)
        drawn(bank, giver="archivist", taker="officer")
    client = client_of(bank, "archivist")
    with django_assert_max_num_queries(32):
        page = text(client.get("/archives/originals/desk/"))
    assert str(asked.original_id) in page
    assert page.count('class="mono" href="/t/bank/archives/originals/') >= 4
    assert client_of(bank, "officer").get("/archives/originals/desk/").status_code == 403


def test_an_original_is_lent_with_its_picture_and_the_chain_shows_it(bank: Lender, client_of: Any) -> None:
    with bank.open():
        original = shelved(bank, kind=CERTIFICATE)
    page, officer = f"/archives/originals/{original.id}/", client_of(bank, "officer")
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    asked = officer.post(f"{page}ask/", {"kind": "borrow", "due_on": day, "purpose": "mortgage", "words": ""})
    assert asked.status_code == 302
    with bank.open():
        request = CustodyRequest.objects.get(original=original)
    archivist = client_of(bank, "archivist")
    decide = f"/archives/originals/requests/{request.id}/"
    lacking = archivist.post(decide, {"act": "grant", "seal_no": ""})
    assert lacking.status_code == 422
    assert archivist.post(decide, {"act": "grant", "seal_no": "F-77", "photo": picture()}).status_code == 302
    shown = text(archivist.get(page))
    assert "F-77" in shown
    assert "/photo/" in shown
    (address,) = re.findall(r"/archives/originals/hands/[0-9a-f-]+/photo/", shown)
    answer = archivist.get(address)
    assert (answer.content, answer["Content-Type"]) == (JPEG, "image/jpeg")
    assert client_of(bank, "compliance").get(address).status_code == 403
    with bank.open():
        assert AuditEvent.objects.filter(action="archives.original.photo_viewed").count() == 1
        assert Original.objects.get(id=original.id).state == "lent"
    back = archivist.post(f"{page}hand/", {"act": "give_back", "seal_no": "F-77", "photo": picture()})
    assert back.status_code == 302


def test_a_wrong_form_is_shown_again_with_what_is_wrong(bank: Lender, client_of: Any) -> None:
    with bank.open():
        original = shelved(bank)
    client = client_of(bank, "archivist")
    page = f"/archives/originals/{original.id}/"
    for address, given in (
        ("hand/", {"act": "seal", "seal_no": ""}),
        ("hand/", {"act": "shelve", "place": ""}),
        ("ask/", {"kind": "loss", "words": ""}),
    ):
        assert client.post(page + address, given).status_code == 422, given
    assert client.post(page + "hand/", {"act": "fly"}).status_code == 404
    assert client.post(page + "ask/", {"kind": "fly"}).status_code == 404
    assert client_of(bank, "officer").post(page + "hand/", {"act": "seal", "seal_no": "1"}).status_code in (403, 422)


def test_a_loss_is_confirmed_by_somebody_who_just_showed_who_they_are(bank: Lender, client_of: Any) -> None:
    with bank.open():
        original = lent(bank)
    page = f"/archives/originals/{original.id}/"
    assert client_of(bank, "officer").post(f"{page}ask/", {"kind": "loss", "words": "丢失"}).status_code == 302
    with bank.open():
        decide = f"/archives/originals/requests/{CustodyRequest.objects.get().id}/"
    second = client_of(bank, "compliance")
    assert "reauthenticate" in second.post(decide, {"act": "grant"})["Location"]
    assert second.confirmed().post(decide, {"act": "grant"}).status_code == 302
    with bank.open():
        assert Original.objects.get(id=original.id).state == "missing"


def test_places_are_made_moved_and_closed_on_their_pages(bank: Lender, client_of: Any) -> None:
    client = client_of(bank, "archivist")
    east = str(bank.branches["east"].id)
    made = client.post(
        "/archives/places/new/", {"level": "warehouse", "name": "一号库", "branch": east, "capacity": ""}
    )
    assert made.status_code == 302
    with bank.open():
        house = StoragePlace.objects.get()
        other = warehouse(bank, "二号库")
        box = inside(bank, house)
    assert client.post(f"/archives/places/new/?parent={box.id}", {"level": "bag", "name": "袋", "capacity": "2"})
    page = f"/archives/places/{box.id}/"
    assert client.post(f"{page}move/", {"target": str(other.id)}).status_code == 302
    assert client.post(page, {"revision": "2", "name": "甲盒", "capacity": "5"}).status_code == 302
    assert client.post(page, {"revision": "2", "name": "乙盒", "capacity": ""}).status_code == 409
    assert client.post(f"{page}close/").status_code == 409
    assert "甲盒" in text(client.get("/archives/places/"))
    assert client.post(f"/archives/places/{house.id}/close/").status_code == 302
    assert client_of(bank, "officer").post(f"{page}close/").status_code == 403


def test_a_sheet_of_labels_is_a_pdf_for_what_is_there_and_for_what_will_come(bank: Lender, client_of: Any) -> None:
    with bank.open():
        original, place = shelved(bank), warehouse(bank, "标签库")
        inside(bank, place)
    client = client_of(bank, "archivist")
    for address in (f"?original={original.id}", f"?place={place.id}", f"?inside={place.id}"):
        answer = client.get(f"/archives/labels/{address}")
        assert answer.content.startswith(b"%PDF"), address
    assert client.get("/archives/labels/").status_code == 404
    ahead = client.post("/archives/labels/new/", {"count": "30"})
    assert ahead.content.startswith(b"%PDF")
    assert client.post("/archives/labels/new/", {"count": "0"}).status_code == 422


def test_a_pile_is_shelved_by_its_codes(bank: Lender, client_of: Any) -> None:
    with bank.open():
        place, originals = warehouse(bank), [here(bank), here(bank)]
    client = client_of(bank, "archivist")
    codes = "\n".join(code_of(ORIGINAL, each.number) for each in originals)
    assert client.post("/archives/originals/shelve/", {"place": "K0", "codes": codes}).status_code == 422
    given = {"place": code_of(PLACE, place.number), "codes": codes}
    assert client.post("/archives/originals/shelve/", given).status_code == 302
    assert client.post("/archives/originals/shelve/", given).status_code == 422


def test_a_list_is_drawn_confirmed_by_both_and_printed(bank: Lender, client_of: Any) -> None:
    with bank.open():
        originals = [here(bank, role="officer"), here(bank, role="officer")]
    officer, archivist = client_of(bank, "officer"), client_of(bank, "archivist")
    taker = str(bank.members["archivist"].id)
    given = {"taker": taker, "purpose": "keeping", "original": [str(each.id) for each in originals]}
    assert officer.post("/archives/handovers/new/", {**given, "original": []}).status_code == 422
    page = officer.post("/archives/handovers/new/", given)["Location"].removeprefix("/t/bank")
    with bank.open():
        digest = HandoverList.objects.get().digest
    assert "reauthenticate" in officer.post(f"{page}sign/", {"digest": digest})["Location"]
    assert officer.confirmed().post(f"{page}sign/", {"digest": digest}).status_code == 302
    assert archivist.confirmed().post(f"{page}sign/", {"digest": "0" * 64}).status_code == 409
    assert archivist.post(f"{page}sign/", {"digest": digest}).status_code == 302
    assert digest in text(archivist.get(page))
    with bank.open():
        assert HandoverList.objects.get().state == "taken"
    assert client_of(bank, "release_officer").get(page).status_code == 404


def test_the_home_page_tells_who_has_what_and_what_is_late(bank: Lender, client_of: Any) -> None:
    with bank.open():
        late(bank, days=6)
        drawn(bank)
    assert "/archives/originals/?whose=me" in text(client_of(bank, "officer").get("/home/"))
    assert "/archives/originals/?state=overdue" in text(client_of(bank, "archivist").get("/home/"))


def test_who_may_not_see_the_words_reads_them_masked(bank: Lender, client_of: Any) -> None:
    with bank.open():
        original = certificate_lent(bank)
    page = f"/archives/originals/{original.id}/"
    asked = client_of(bank, "officer").post(f"{page}ask/", {"kind": "loss", "words": "放在赵小明处"})
    assert asked.status_code == 302
    assert "放在赵小明处" in text(client_of(bank, "archivist").get(page))
    assert "放在赵小明处" not in text(client_of(bank, "compliance").get(page))
    assert SEALED.seal_no in text(client_of(bank, "compliance").get(page))
