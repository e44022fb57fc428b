"""Suites as data: each lender seals with its own, opens what the other one sealed; no changed byte leads elsewhere."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import translation

from carloan.core import keys, vault
from carloan.core.ids import uuid7
from carloan.core.keyring import new_version
from carloan.core.keys import Subject, Tampered
from carloan.core.suites import SUITES, TAG, G, Sm4Gcm, Suite
from carloan.core.vault import FileDamaged
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

CHUNK = vault.CHUNK + TAG


def use(suite: Suite) -> None:
    """The open lender seals with it from now on."""
    new_version("wrap", suite=suite)


def loan() -> Subject:
    subject = Subject("loan", uuid7())
    keys.make_keys([subject])
    return subject


def sealed(subject: Subject, text: str = "张三", place: str = "t|c|1") -> bytes:
    return keys.seal_bytes(keys.secrets_of(subject).field, text.encode(), place)


def opened(subject: Subject, token: bytes, place: str = "t|c|1") -> str:
    return keys.open_bytes(keys.secrets_of(subject).field, token, place).decode()


def test_sm4_gcm_gives_what_the_standard_says() -> None:
    """RFC 8998, appendix A.1; the key stands in place of the one that is derived."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    cipher = Sm4Gcm(bytes(32))
    cipher._cipher = type(cipher._cipher)(key)
    plain = b"".join(bytes([byte]) * 8 for byte in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    nonce = bytes.fromhex("00001234567800000000ABCD")
    bound = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    found = cipher.encrypt(nonce, plain, bound)
    assert found[-16:] == bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")
    assert found[:16] == bytes.fromhex("17F399F08C67D5EE19D0DC9969C4BB7D")
    assert cipher.decrypt(nonce, found, bound) == plain
    with pytest.raises(InvalidTag):
        cipher.decrypt(nonce, found[:10], bound)


def test_old_values_stay_readable_when_the_suite_changes_and_changes_back(bank: Lender) -> None:
    with bank.open():
        subject, made = loan(), []
        for suite in (G, SUITES["A"], G):
            made.append(sealed(subject))
            use(suite)
        made.append(sealed(subject))
        assert [token[:1] for token in made] == [b"A", b"G", b"A", b"G"]
        keys.forget_keys()
        assert {opened(subject, token) for token in made} == {"张三"}
        later = loan()  # its key is wrapped by SM4
        keys.forget_keys()
        assert opened(later, sealed(later)) == "张三"


def test_each_lender_has_its_own(bank: Lender, other: Lender) -> None:
    with bank.open():
        use(G)
        assert sealed(loan())[:1] == b"G"
    with other.open():
        assert sealed(loan())[:1] == b"A"


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_a_field_opens_with_its_own_suite_in_its_own_place_alone(bank: Lender, suite: Suite) -> None:
    with bank.open():
        use(suite)
        subject, stranger = loan(), loan()
        token = sealed(subject)
        others = [each.mark for each in SUITES.values() if each is not suite]
        wrong = [mark + token[1:] for mark in (*others, b"Z", b"\xff", b"")]
        wrong += [token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :] for at in range(len(token))]
        wrong += [token[:length] for length in range(len(token))]
        for each in wrong:
            with pytest.raises(Tampered):
                opened(subject, each)
        for another, place in ((stranger, "t|c|1"), (subject, "t|c|2"), (subject, "t|d|1")):
            with pytest.raises(Tampered):
                opened(another, token, place)
        assert opened(subject, token) == "张三"


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw[:5] + raw[5:],  # the control: nothing changed
        lambda raw: bytes([raw[0] ^ 1]) + raw[1:],
        lambda raw: raw[:4] + (b"G" if raw[4:5] == b"A" else b"A") + raw[5:],
        lambda raw: raw[:4] + b"Z" + raw[5:],
        lambda raw: raw[:8] + bytes([raw[8] ^ 1]) + raw[9:],
        lambda raw: raw[:20] + bytes([raw[20] ^ 1]) + raw[21:],
        lambda raw: raw[:30] + bytes([raw[30] ^ 1]) + raw[31:],
        lambda raw: raw[:40] + bytes([raw[40] ^ 1]) + raw[41:],
        lambda raw: raw[: vault.HEADER + 9] + bytes([raw[vault.HEADER + 9] ^ 1]) + raw[vault.HEADER + 10 :],
        lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
        lambda raw: raw[:-1],
        lambda raw: raw[: vault.HEADER + 2 * CHUNK],
        lambda raw: raw[: vault.HEADER + CHUNK],
        lambda raw: raw[: vault.HEADER],
        lambda raw: raw[: vault.HEADER - 1],
        lambda raw: b"",
        lambda raw: raw + raw[-CHUNK:],
        lambda raw: (
            raw[: vault.HEADER]
            + raw[vault.HEADER + CHUNK : vault.HEADER + 2 * CHUNK]
            + raw[vault.HEADER : vault.HEADER + CHUNK]
            + raw[vault.HEADER + 2 * CHUNK :]
        ),
    ],
    ids=[
        "whole", "magic", "other suite", "unknown suite", "chunk size", "salt", "nonce", "commitment", "bit",
        "last bit", "short", "cut at the last chunk", "cut at the first chunk", "header alone", "half a header",
        "nothing", "more", "reordered",
    ],
)  # fmt: skip
def test_a_container_that_was_changed_is_refused(
    bank: Lender, suite: Suite, change: Callable[[bytes], bytes], request: Any
) -> None:
    paper_key, paper_id, clear = b"k" * 32, uuid7(), b"x" * (2 * vault.CHUNK + 77)
    with bank.open():
        use(suite)
        name = vault.put(io.BytesIO(clear), paper_key=paper_key, paper_id=paper_id).name
        with storages["papers"].open(name) as file:
            raw = file.read()
        assert raw[4:5] == suite.mark
        vault.remove(name)
        storages["papers"].save(name, ContentFile(change(raw)))
        if change(raw) == raw:
            # Also behind a change of suite.
            use(SUITES["A"] if suite is G else G)
            assert b"".join(vault.read(name, paper_key=paper_key, paper_id=paper_id)) == clear
            return
        with pytest.raises(FileDamaged):
            b"".join(vault.read(name, paper_key=paper_key, paper_id=paper_id))


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_a_file_in_the_place_of_another_is_refused(bank: Lender, other: Lender, suite: Suite) -> None:
    """Swapped with another paper, also one with the header of the first, and wrapped for another loan."""
    with bank.open():
        use(suite)
        one, two = loan(), loan()
        papers = {uuid7(): key for key in (b"1" * 32, b"2" * 32)}
        names = [vault.put(io.BytesIO(b"a" * 99), paper_key=key, paper_id=each).name for each, key in papers.items()]
        raws = []
        for name in names:
            with storages["papers"].open(name) as file:
                raws.append(file.read())
            vault.remove(name)
        storages["papers"].save(names[0], ContentFile(raws[1]))
        storages["papers"].save(names[1], ContentFile(raws[1][: vault.HEADER] + raws[0][vault.HEADER :]))
        for name, (paper_id, key) in zip(names, papers.items(), strict=True):
            with pytest.raises(FileDamaged):
                b"".join(vault.read(name, paper_key=key, paper_id=paper_id))
        paper_id, key = next(iter(papers.items()))
        wrapped = keys.wrap_paper_key(one, key, paper_id)
        assert wrapped[:1] == suite.mark
        assert keys.unwrap_paper_key(one, wrapped, paper_id) == key
        with pytest.raises(Tampered):
            keys.unwrap_paper_key(two, wrapped, paper_id)
        with pytest.raises(Tampered):
            keys.unwrap_paper_key(one, (b"G" if suite.mark == b"A" else b"A") + wrapped[1:], paper_id)


def test_suites_are_told_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert str(G.label) == "商用密码：SM4-GCM、SM3"
