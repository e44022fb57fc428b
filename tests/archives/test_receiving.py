"""Papers come in: safe before anybody hears "ok", once a dossier, refused with words that help."""

import hashlib
import io
import stat
import warnings
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.utils import timezone, translation
from PIL import Image

from carloan.archives.models import Dossier, Paper
from carloan.archives.services import receiving
from carloan.archives.services.keeping import bytes_of
from carloan.archives.services.receiving import Unreadable, files_receive, paper_receive
from carloan.core.errors import Forbidden, Invalid
from carloan.core.keystore.models import SubjectKey
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.core.tenancy import tenant_atomic
from carloan.lib.file_names import LONGEST, attachment, shown_name
from carloan.loans.models import Loan
from tests.archives.conftest import loan_for, received, transcribed
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def picture(text: str = "", size: tuple[int, int] = (64, 48)) -> bytes:
    buffer = io.BytesIO()
    image = Image.new("RGB", size, "white")
    image.info["text"] = text
    image.putpixel((1, 1), tuple(hashlib.sha256(text.encode()).digest()[:3]))
    image.save(buffer, "PNG")
    return buffer.getvalue()


def photograph(*, comment: bytes) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(buffer, "JPEG", comment=comment)
    return buffer.getvalue()


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in members.items():
            file.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


def test_the_bytes_on_disk_are_sealed_and_open_to_what_came(bank: Lender, loan: Loan) -> None:
    data = picture("one")
    with bank.open():
        paper = received(bank, data, loan=loan)
        assert paper.state == Paper.State.RECEIVED
        assert paper.sha256 == hashlib.sha256(data).hexdigest()
        with storages["papers"].open(paper.stored) as file:
            assert data[:40] not in file.read()
        assert bytes_of(Paper.objects.get(id=paper.id)) == data
        assert clear(paper, "name") == "扫描件.png"
        assert "扫描件".encode() not in bytes(paper.name)


def test_a_paper_on_a_loan_opens_its_dossier_once(bank: Lender, loan: Loan) -> None:
    with bank.open():
        first, second = received(bank, picture("a"), loan=loan), received(bank, picture("b"), loan=loan)
        assert first.dossier_id == second.dossier_id == Dossier.objects.get(loan=loan).id
        assert first.branch_id == loan.branch_id


def test_the_same_bytes_to_the_same_dossier_are_the_same_paper(bank: Lender, loan: Loan) -> None:
    data = picture("same")
    with bank.open():
        actor = bank.actor("officer")
        first = paper_receive(actor=actor, data=data, name="a.png", loan=loan)
        again = paper_receive(actor=actor, data=data, name="b.png", loan=loan)
        assert (first.created, again.created) == (True, False)
        assert first.paper.id == again.paper.id


def test_what_is_sent_again_after_the_machine_filed_it_is_the_same_paper(bank: Lender, loan: Loan) -> None:
    """Whoever got no answer sends the same again, and must not find a second paper on the desk."""
    values = {"name": "李蓝", "number": "110101199001011229"}
    with bank.open():
        first = transcribed(bank, values)
        assert first.loan_id == loan.id
        assert transcribed(bank, values).id == first.id
        assert transcribed(bank, values, role="archivist").id != first.id, "somebody else may mean another loan"
        Paper.objects.filter(id=first.id).update(received_at=timezone.now() - timedelta(hours=2))
        assert transcribed(bank, values, role="officer").id != first.id, "and so may the same person, later"


def test_the_same_bytes_in_two_loans_are_two_papers_with_two_keys(bank: Lender, loan: Loan) -> None:
    data = picture("twice")
    with bank.open():
        other_loan = loan_for(bank, contract_no="HX-2025-000778", people=[], vehicle=None)
        one, two = received(bank, data, loan=loan), received(bank, data, loan=other_loan)
        assert one.id != two.id
        assert bytes(one.wrapped_key) != bytes(two.wrapped_key)
        with storages["papers"].open(one.stored) as left, storages["papers"].open(two.stored) as right:
            assert left.read() != right.read()


def test_each_branch_has_a_desk_of_its_own(bank: Lender) -> None:
    data = picture("desk")
    with bank.open():
        one = received(bank, data)
        assert received(bank, data, role="archivist").id == one.id
        assert one.loan_id is None
        assert one.branch_id == bank.branches["east"].id


def test_receiving_leaves_an_event_without_the_name_of_the_file(bank: Lender, loan: Loan) -> None:
    with bank.open():
        paper = received(bank, picture("event"), loan=loan, name="王小明身份证.png")
        event = AuditEvent.objects.get(id=paper.audit_event_id)
        assert event.action == "archives.paper.received"
        assert event.loan_id == loan.id
        assert "王小明".encode() not in bytes(event.canon)


def test_nobody_uploads_without_the_right(bank: Lender) -> None:
    with bank.open(), pytest.raises(Forbidden):
        received(bank, picture(), role="collector")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"plain words", "type_unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "type_svg"),
        (b"<!doctype html><script>1</script>", "type_html"),
        (b"MZ\x90\x00" + bytes(100), "type_program"),
        (picture() + b"<?php system('id'); ?>", "polyglot"),
        (picture() + archive(a__txt=b"x"), "polyglot"),
        (photograph(comment=b"%PDF-1.4\n1 0 obj"), "polyglot"),
        (photograph(comment=b"<html ><script src=//x></script>"), "polyglot"),
        (b"%PDF-1.4 nothing else", "damaged"),
        (b"\xff\xd8\xff\xe0 no picture at all", "damaged"),
    ],
)
def test_what_is_no_paper_is_refused_with_a_reason_and_leaves_nothing(bank: Lender, data: bytes, code: str) -> None:
    with bank.open():
        before = Paper.objects.count()
        with pytest.raises(Unreadable) as caught:
            received(bank, data)
        assert caught.value.error_code == code
        assert caught.value.status == 422
        assert len(str(caught.value.message)) > 10
        assert Paper.objects.count() == before


def test_an_archive_becomes_one_paper_a_member_and_names_what_was_not_taken(bank: Lender, loan: Loan) -> None:
    data = archive(a__png=picture("a"), notes__txt=b"hello", **{"sub/b__png": picture("b")})
    with bank.open():
        delivery = files_receive(actor=bank.actor("officer"), files=[("all.zip", data)], loan=loan)
        assert len(delivery.received) == 2
        assert [(name, refused.code) for name, refused in delivery.refused] == [("notes.txt", "type_unknown")]
        assert {clear(one.paper, "name") for one in delivery.received} == {"a.png", "b.png"}


def test_a_pdf_that_lies_unpacked_at_the_head_of_an_archive_is_taken(bank: Lender, loan: Loan) -> None:
    """Many programs store what would not get smaller; its header then stands where readers look for one."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(buffer, "PDF")
    with bank.open():
        delivery = files_receive(
            actor=bank.actor("officer"), files=[("all.zip", archive(a__pdf=buffer.getvalue()))], loan=loan
        )
        assert [clear(one.paper, "name") for one in delivery.received] == ["a.pdf"]


@pytest.mark.parametrize("noise", [b"\x93<HtmL\x07\xe1", b"\xff<?pHp\x20\xe1\x80", b"<sCripT>\x9c\x01"])
def test_a_photograph_that_holds_the_mark_of_a_script_by_chance_is_taken(bank: Lender, noise: bytes) -> None:
    with bank.open():
        assert received(bank, photograph(comment=noise)).media == "image/jpeg"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\x.png", "a/../../b.png"])
def test_an_archive_with_an_unsafe_name_is_refused_whole(bank: Lender, name: str) -> None:
    with bank.open():
        before = Paper.objects.count()
        with pytest.raises(Unreadable) as caught:
            files_receive(actor=bank.actor("officer"), files=[("z.zip", archive(**{"ok__png": picture(), name: b"x"}))])
        assert caught.value.error_code == "zip_unsafe"
        assert Paper.objects.count() == before


def test_a_zip_bomb_is_refused_before_it_is_unpacked(bank: Lender) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bomb.png", bytes(60 << 20))
    with bank.open(), pytest.raises(Unreadable) as caught:
        files_receive(actor=bank.actor("officer"), files=[("bomb.zip", buffer.getvalue())])
    assert caught.value.error_code == "zip_bomb"


def test_an_archive_of_too_many_files_is_refused_with_the_limit_before_any_is_opened(bank: Lender) -> None:
    with bank.open():
        before = Paper.objects.count()
        with pytest.raises(Unreadable) as caught:
            files_receive(
                actor=bank.actor("officer"), files=[("many.zip", archive(**{f"{n}__txt": b"" for n in range(201)}))]
            )
        assert caught.value.error_code == "zip_too_many"
        assert "200" in str(caught.value.message)
        assert Paper.objects.count() == before


def test_names_of_chinese_windows_are_read(bank: Lender, shared_data: Path) -> None:
    data = (shared_data / "formats/test_archvive_with_cp437_member.zip").read_bytes()
    with bank.open(), pytest.raises(Unreadable) as caught:
        files_receive(actor=bank.actor("officer"), files=[("z.zip", data)])
    assert caught.value.error_code == "type_office"


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".png", "a\u202egnp.exe", "..\\..\\evil.png", "a\r\nSet-Cookie: x.png", "\x00"]
)
def test_any_file_name_is_taken_and_harmless_wherever_it_goes(bank: Lender, name: str) -> None:
    with bank.open():
        kept = clear(received(bank, picture(name), name=name), "name")
    assert 0 < len(kept) <= LONGEST
    assert "/" not in kept
    assert "\\" not in kept
    for told in (shown_name(kept), attachment(kept)):
        assert not set(told) & set("\r\n\u202e\x00")


def test_a_name_of_ten_megabytes_is_no_error_of_ours(client_of: Any, bank: Lender) -> None:
    """The request is refused in words, and nothing is half done."""
    body = (
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="'
        + "名".encode() * 3_500_000
        + b'.png"\r\nContent-Type: image/png\r\n\r\n'
        + picture("a long name")
        + b"\r\n--edge--\r\n"
    )
    with bank.open():
        before = Paper.objects.count()
    answer = client_of(bank, "officer").post(
        "/archives/upload/",
        body,
        content_type="multipart/form-data; boundary=edge",
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 400
    with bank.open():
        assert Paper.objects.count() == before


def folder(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # equal names are the point
        with zipfile.ZipFile(buffer, "w") as file:
            for name, data in members:
                file.writestr(name, data)
    return buffer.getvalue()


def marked(data: bytes, *, flag: int = 0, method: int | None = None) -> bytes:
    """An archive whose records claim encryption (`flag` 1) or another method of packing."""
    marked = bytearray(data)
    for signature, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        found = marked.find(signature)
        while found >= 0:
            marked[found + at] |= flag
            if method is not None:
                marked[found + at + 2] = method
            found = marked.find(signature, found + 4)
    return bytes(marked)


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (folder(("in.zip", folder(("a.png", picture())))), "zip_nested", "压缩包内还有压缩包"),
        (marked(folder(("a.png", picture()), ("b.png", picture("b"))), flag=1), "zip_encrypted", "密码"),
        (folder(("../合同.png", picture())), "zip_unsafe", "../合同.png"),
        (folder(("/etc/合同.png", picture())), "zip_unsafe", "/etc/合同.png"),
        (folder(("ok.png", picture()), (link("快捷方式"), b"/etc/passwd")), "zip_link", "快捷方式"),
        (folder(), "zip_empty", "没有文件"),
        (folder(("empty/", b"")), "zip_empty", "没有文件"),
        (folder(("a.png", picture()))[:-30], "zip_damaged", "损坏"),
        (marked(folder(("a.png", picture())), method=9), "zip_method", "压缩方式"),
        (folder(*((f"{n}.png", picture()) for n in range(5_000))), "zip_too_many", "5000"),
        (folder(("a.txt", b"words"), ("b.txt", b"more")), "nothing_taken", "2 个文件"),
        (folder(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"")), "type_office", "Office"),
    ],
)
def test_each_wrong_archive_has_its_own_true_sentence(bank: Lender, data: bytes, code: str, words: str) -> None:
    with bank.open(), translation.override("zh-hans"):
        before = Paper.objects.count()
        with pytest.raises(Invalid) as caught:
            files_receive(actor=bank.actor("officer"), files=[("z.zip", data)])
        assert caught.value.error_code == code
        assert words in str(caught.value.message)
        assert Paper.objects.count() == before


def test_equal_names_are_two_papers_and_litter_of_computers_is_none(bank: Lender) -> None:
    data = folder(
        ("a.png", picture("first")),
        ("a.png", picture("second")),
        ("__MACOSX/._a.png", b"\0\5\x16\7"),
        (".DS_Store", b"x"),
    )
    with bank.open():
        delivery = files_receive(actor=bank.actor("officer"), files=[("z.zip", data)])
        assert [clear(one.paper, "name") for one in delivery.received] == ["a.png", "a.png"]
        assert delivery.refused == []


def test_an_office_file_among_papers_refuses_itself_only(bank: Lender) -> None:
    office = folder(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b""))
    with bank.open():
        delivery = files_receive(
            actor=bank.actor("officer"), files=[("z.zip", folder(("合同.docx", office), ("a.png", picture("beside"))))]
        )
        assert len(delivery.received) == 1
        assert [(name, why.code) for name, why in delivery.refused] == [("合同.docx", "type_office")]


def test_a_name_in_gbk_is_told_as_its_maker_saw_it(bank: Lender) -> None:
    data = folder(("AAAA.txt", b"words"), ("BBBB.png", picture("gbk")))
    data = data.replace(b"AAAA", "合同".encode("gbk")).replace(b"BBBB", "发票".encode("gbk"))
    with bank.open():
        delivery = files_receive(actor=bank.actor("officer"), files=[("z.zip", data)])
        assert [name for name, _ in delivery.refused] == ["合同.txt"]
        assert clear(delivery.received[0].paper, "name") == "发票.png"


def test_who_loses_the_race_for_a_place_on_the_desk_leaves_no_key(
    bank: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = picture("raced")
    with bank.open():
        first = received(bank, data)
        # The winner commits between the loser's look and its row.
        held, looks = receiving._held, iter([False])
        monkeypatch.setattr(receiving, "_held", lambda *place: held(*place) if next(looks, True) else None)
        monkeypatch.setattr(receiving, "_filed_meanwhile", lambda *_: None)
        again = paper_receive(actor=bank.actor("officer"), data=data, name="b.png")
        assert (again.paper.id, again.created) == (first.id, False)
        with tenant_atomic(bank.tenant.id, using="keystore"):
            keys = dict(SubjectKey.objects.filter(kind="desk").values_list("id", "destroyed_at"))
        assert [key_id for key_id, destroyed_at in keys.items() if destroyed_at is None] == [first.id]
        assert len(keys) == 2
