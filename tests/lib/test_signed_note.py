"""Notes are signed as others sign them, and nothing else passes for one."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from carloan.lib import signed_note
from carloan.lib.signed_note import COSIGNATURE, Checkpoint, Key, NoteError

# The example of the format's first description (golang.org/x/mod/sumdb/note).
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PROBLEM = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
LOG, WITNESS = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
KEY = Key("ledger.example/t/1", LOG.public_key().public_bytes_raw())
SEES = Key("witness.example", WITNESS.public_key().public_bytes_raw(), COSIGNATURE)
BODY = Checkpoint(KEY.name, 7, bytes(range(32))).body()
NOTE = signed_note.note(
    BODY,
    [signed_note.sign(BODY, KEY.name, LOG), signed_note.cosign(BODY, SEES.name, WITNESS, seconds=1_790_000_000)],
)


def test_a_note_that_others_signed_opens() -> None:
    key = Key.parse(NEUMANN)
    assert key.text() == NEUMANN
    assert signed_note.opened(PROBLEM, key).endswith("what your problem is.\n")


def test_a_checkpoint_is_signed_and_witnessed() -> None:
    assert Checkpoint.parse(signed_note.opened(NOTE, KEY)) == Checkpoint(KEY.name, 7, bytes(range(32)))
    assert signed_note.seen_at(NOTE, SEES) == 1_790_000_000
    assert Key.parse(SEES.text()) == SEES


def test_lines_of_unknown_keys_say_nothing() -> None:
    other = NOTE + "— somebody.example AAAAAAAA\n"
    assert signed_note.opened(other, KEY) == BODY
    assert signed_note.seen_at(other, SEES) == 1_790_000_000


@pytest.mark.parametrize(
    "text",
    [
        NOTE.replace("\n7\n", "\n8\n"),
        NOTE.replace(KEY.name, "ledger.example/t/2"),
        BODY,
        f"{BODY}\n",
        NOTE.removesuffix("\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("\n7\n", "\n7\r\n"),
        signed_note.note(BODY, [signed_note.sign(BODY, KEY.name, WITNESS)]),
        signed_note.note(BODY, [f"— {KEY.name} !!!!"]),
        signed_note.note(BODY, [f"— {KEY.name} AAAA"]),
        "x" * signed_note.LONGEST + NOTE,
    ],
)
def test_what_was_changed_or_is_signed_by_others_does_not_open(text: str) -> None:
    with pytest.raises(NoteError):
        signed_note.opened(text, KEY)


def test_a_witness_that_did_not_sign_or_signed_another_time_is_no_witness() -> None:
    for lines in ([signed_note.sign(BODY, KEY.name, LOG)], [signed_note.sign(BODY, SEES.name, WITNESS)]):
        with pytest.raises(NoteError):
            signed_note.seen_at(signed_note.note(BODY, lines), SEES)
    with pytest.raises(NoteError):
        signed_note.seen_at(NOTE, KEY)


@pytest.mark.parametrize(
    "body",
    ["", "a\n", "a\n1\n", "a\n1\nAAAA\n", "\n1\n" + "A" * 43 + "=\n", "a\n01\n" + "A" * 43 + "=\n",
     "a\n-1\n" + "A" * 43 + "=\n", "a\n9223372036854775808\n" + "A" * 43 + "=\n", "a\n1\n" + "!" * 43 + "=\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(body: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(body)


@pytest.mark.parametrize("text", ["", "a", "a+b+c", NEUMANN.replace("c74f20a3", "c74f20a4"), NEUMANN[:-8], "a+00+"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Key.parse(text)
