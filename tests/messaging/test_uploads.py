"""Files through a one-time link: in pieces, resumed where they broke off, handed to the archive once."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.archives.models import Paper
from carloan.core.models import AuditEvent
from carloan.core.moves import step
from carloan.core.tenancy import tenant_scope
from carloan.messaging.models import LinkUpload, UploadPiece
from carloan.messaging.policies.uploads import MOVES
from carloan.messaging.services import uploads
from carloan.messaging.services.sweeping import messages_sweep
from carloan.messaging.services.uploads import PIECE
from tests.cast import Lender
from tests.machines import walk
from tests.messaging.doors import Visitor, a_link, a_loan
from tests.messaging.pictures import photo

pytestmark = [pytest.mark.django_db(databases=["default", "keystore"]), pytest.mark.usefixtures("clean_cache")]


@pytest.fixture
def visitor(bank: Lender) -> Visitor:
    with bank.open():
        made = a_link(bank, a_loan(bank))
    inside = Visitor.at(bank, made)
    assert inside.come_in(made.code).status_code == 302
    return inside


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def send(visitor: Visitor, data: bytes, want: str = "id_card_front", begin_at: int = 0) -> Any:
    """Everything from an offset on, as the script sends it."""
    upload_id = visitor.begin(want, data, sha(data)).json()["id"]
    answer = None
    for start in range(begin_at, len(data), PIECE):
        answer = visitor.put(upload_id, start, data[start : start + PIECE])
        assert answer.status_code == 200, answer.content
    return answer


def test_uploads_take_the_lines_of_their_table_or_are_refused(bank: Lender, visitor: Visitor) -> None:
    data = photo(9, PIECE * 2)
    upload_id = visitor.begin("id_card_front", data, sha(data)).json()["id"]

    def act(row: LinkUpload, event: str) -> None:
        step(row, MOVES, event, audit_event_id=row.audit_event_id, name=None)

    with bank.open():
        row = LinkUpload.objects.get(id=upload_id)
        LinkUpload.objects.filter(id=row.id).update(name=None)
        assert walk(row, MOVES, LinkUpload.State.values, act)[0] == len(list(MOVES))


def test_a_picture_in_pieces_becomes_a_paper_of_the_loan(bank: Lender, visitor: Visitor) -> None:
    data = photo(1, PIECE * 2 + 1000)
    answer = send(visitor, data)
    assert (answer.json()["state"], answer.json()["received"]) == ("kept", len(data))
    with bank.open():
        upload = LinkUpload.objects.get()
        assert upload.result_id is not None
        paper = Paper.objects.get(id=upload.result_id)
        assert (paper.source, paper.sha256, paper.loan_id) == ("borrower", sha(data), upload.loan_id)
        assert (upload.name, UploadPiece.objects.count()) == (None, 0)
        came = AuditEvent.objects.get(object_id=paper.id, action="archives.paper.received")
        assert (came.actor_kind, came.actor_id) == ("visitor", upload.link_id), "the link is where it came from"
        kept = AuditEvent.objects.get(action="messaging.upload.kept")
        assert kept.object_id == upload.id
    page = visitor.get().content.decode()
    assert 'data-want="id_card_front" data-shape="1.585" data-kept="1"' in page


def test_after_a_break_the_server_says_where_to_go_on(visitor: Visitor) -> None:
    data = photo(2, PIECE * 3)
    upload_id = visitor.begin("id_card_front", data, sha(data)).json()["id"]
    visitor.put(upload_id, 0, data[:PIECE])
    # The answer to this piece was lost: the browser sends it again, and then one from too far ahead.
    assert visitor.put(upload_id, 0, data[:PIECE]).json()["received"] == PIECE
    ahead = visitor.put(upload_id, 2 * PIECE, data[2 * PIECE : 3 * PIECE])
    assert (ahead.status_code, ahead.json()["received"]) == (409, PIECE)
    # The page was closed: the same picture chosen again goes on where it was.
    resumed = visitor.begin("id_card_front", data, sha(data)).json()
    assert (resumed["id"], resumed["received"]) == (upload_id, PIECE)
    assert visitor.get(f"uploads/{upload_id}/").json()["received"] == PIECE
    assert visitor.put(upload_id, PIECE, data[PIECE : PIECE * 2 - 7]).json()["received"] == PIECE * 2 - 7
    rest = data[PIECE * 2 - 7 :]
    for start in range(0, len(rest), PIECE):
        last = visitor.put(upload_id, PIECE * 2 - 7 + start, rest[start : start + PIECE])
    assert last.json()["state"] == "kept"


def test_the_same_picture_twice_is_one_paper(bank: Lender, visitor: Visitor) -> None:
    data = photo(3, 5_000)
    send(visitor, data)
    again = visitor.begin("id_card_front", data, sha(data))
    assert again.json()["state"] == "kept"
    send(visitor, data, want="id_card_back")
    with bank.open():
        assert (Paper.objects.filter(source="borrower").count(), LinkUpload.objects.count()) == (1, 2)


def test_a_part_of_ours_that_fails_at_the_end_loses_nothing(
    bank: Lender, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the archive's commit and ours: asked again, it is the same paper."""
    data = photo(4, PIECE + 100)
    upload_id = visitor.begin("id_card_front", data, sha(data)).json()["id"]
    visitor.put(upload_id, 0, data[:PIECE])

    class Killed(BaseException):
        pass

    def killed(*_args: object, **_more: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(uploads, "_end", killed)
        visitor.put(upload_id, PIECE, data[PIECE:])
    assert visitor.get(f"uploads/{upload_id}/").json()["state"] == "coming"
    ended = visitor.put(upload_id, len(data), b"")
    assert ended.json()["state"] == "kept"
    with bank.open():
        assert Paper.objects.filter(source="borrower").count() == 1


def test_what_is_no_picture_is_refused_with_a_sentence_and_told(bank: Lender, visitor: Visitor) -> None:
    data = b"MZ" + b"\0" * 3000
    upload_id = visitor.begin("id_card_front", data, sha(data)).json()["id"]
    answer = visitor.put(upload_id, 0, data)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"]
    with bank.open():
        assert (LinkUpload.objects.get().state, UploadPiece.objects.count()) == ("dropped", 0)
        assert AuditEvent.objects.filter(action="core.request.refused", actor_kind="visitor").count() == 1


def test_bytes_that_are_not_those_that_were_announced_are_not_taken(bank: Lender, visitor: Visitor) -> None:
    data = photo(5, 4_000)
    upload_id = visitor.begin("id_card_front", data, sha(b"other")).json()["id"]
    assert visitor.put(upload_id, 0, data).json()["error"]["code"] == "spoilt"
    with bank.open():
        assert not Paper.objects.filter(source="borrower").exists()


def test_nonsense_is_refused(bank: Lender, visitor: Visitor) -> None:
    data = photo(6, 4_000)
    assert visitor.begin("loan_contract", data, sha(data)).status_code == 422, "nobody asked for it"
    assert visitor.begin("id_card_front", b"", sha(b"")).status_code == 422
    assert visitor.begin("id_card_front", data, "xyz").status_code == 422
    upload_id = visitor.begin("id_card_front", data, sha(data)).json()["id"]
    assert visitor.put(upload_id, 0, data + b"more").status_code == 422
    assert visitor.client.put(f"{visitor.path}uploads/{upload_id}/", b"x").status_code == 422, "where does it begin?"
    assert visitor.client.delete(f"{visitor.path}uploads/{upload_id}/").status_code == 204
    assert visitor.put(upload_id, 0, data).status_code == 404
    with bank.open():
        other = a_link(bank, a_loan(bank, 9))
    stranger = Visitor.at(bank, other)
    stranger.come_in(other.code)
    assert stranger.get(f"uploads/{upload_id}/", Accept="application/json").status_code == 404


def test_pieces_lie_sealed_and_left_ones_are_removed(bank: Lender, visitor: Visitor) -> None:
    data = photo(7, PIECE * 2)
    upload_id = visitor.begin("id_card_front", data, sha(data)).json()["id"]
    visitor.put(upload_id, 0, data[:PIECE])
    with bank.open():
        assert data[100:164] not in bytes(UploadPiece.objects.get().body)
        LinkUpload.objects.update(made_at=timezone.now() - timedelta(days=3))
    with tenant_scope(bank.tenant.id):
        messages_sweep()
    with bank.open():
        assert (UploadPiece.objects.count(), LinkUpload.objects.get().state) == (0, "dropped")


def test_done_is_done(bank: Lender, visitor: Visitor) -> None:
    send(visitor, photo(8, 3_000))
    assert visitor.post("finish/").status_code == 302
    page = visitor.get()
    assert (page.status_code, 'data-want="' in page.content.decode()) == (200, False)
    assert visitor.begin("id_card_front", b"x", sha(b"x")).status_code == 401
    visitor.client.cookies.clear()
    assert visitor.get().status_code == 404
