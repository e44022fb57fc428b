"""Time stamps: ours and openssl's are believed; nothing bent, expired, of others or about something else is."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from carloan.compliance.adapters.tsa.sandbox import FAULTS, Authority
from carloan.lib import der, timestamp
from carloan.lib.timestamp import NotStamped, Stamp

AUTHORITY = Authority()
ROOTS = [AUTHORITY.root.certificate]
DATA, NUMBER = b"ledger.example/days/2026-11-29\n2\n", 2**62 + 5
ANSWER = AUTHORITY.answer(timestamp.request(DATA, NUMBER))


def believed(answer: bytes = ANSWER, data: bytes = DATA, number: int = NUMBER, roots: object = ROOTS) -> Stamp:
    return timestamp.answered(answer, data, number, roots)  # type: ignore[arg-type]


def test_a_stamp_says_when_and_by_whom_and_is_proven_again_later() -> None:
    stamp = believed()
    assert abs(stamp.at - datetime.now(UTC)) < timedelta(hours=1)
    assert "no legal worth" in stamp.authority
    assert timestamp.opened(stamp.token, DATA, ROOTS) == stamp


def test_an_authority_is_called_by_its_common_name() -> None:
    assert timestamp.common_name(r"CN=Time\, and more,O=Authority") == "Time, and more"
    assert timestamp.common_name("O=Authority") == "O=Authority"


@pytest.mark.parametrize(
    ("fault", "why"),
    {
        "wrong-nonce": "another request", "wrong-digest": "something else", "expired": "not valid at that time",
        "stranger": "not known here", "empty": "not a time stamp",
    }.items(),
)  # fmt: skip
def test_each_misdeed_of_an_authority_is_told(fault: str, why: str) -> None:
    assert fault in FAULTS
    with pytest.raises(NotStamped, match=why):
        believed(AUTHORITY.answer(timestamp.request(DATA, NUMBER), fault))


def test_a_stamp_is_one_for_its_own_words_and_roots_only() -> None:
    token = believed().token
    for data, roots in ((DATA + b"x", ROOTS), (DATA, []), (DATA, [AUTHORITY.stranger.certificate])):
        with pytest.raises(NotStamped):
            timestamp.opened(token, data, roots)
    refused = der.sequence(der.sequence(der.integer(2)))
    with pytest.raises(NotStamped, match="status 2"):
        believed(refused)


@settings(max_examples=300)
@given(st.integers(0, len(ANSWER) * 8 - 1))
def test_no_bit_of_what_counts_can_be_bent(bit: int) -> None:
    """Bits of the certificate's own signature and of names that nobody asks for may be others; time and digest not."""
    bent = bytearray(ANSWER)
    bent[bit // 8] ^= 1 << bit % 8
    whole = believed()
    try:
        found = believed(bytes(bent))
    except NotStamped:
        return
    assert (found.at, found.authority) == (whole.at, whole.authority)


@given(st.binary(max_size=60))
def test_whatever_comes_is_no_stamp_and_no_accident(answer: bytes) -> None:
    with pytest.raises(NotStamped):
        believed(answer)


@given(st.integers(-(2**70), 2**70), st.binary(max_size=400))
def test_what_is_written_is_read(number: int, content: bytes) -> None:
    first, second = der.read(der.sequence(der.integer(number), der.write(der.OCTETS, content))).items()
    assert (first.number(), second.expect(der.OCTETS).content) == (number, content)


@pytest.mark.parametrize("text", [timestamp.SHA256, "1.3.6.1.4.1.99999.1", "2.999.3", "0.9.2342"])
def test_object_identifiers_are_read_as_they_are_written(text: str) -> None:
    assert der.read(der.oid(text)).oid() == text


@pytest.mark.parametrize(
    "data", [b"\x30", b"\x30\x05\x00", b"\x30\x80\x00\x00", b"\x30\x81\x05" + bytes(5), b"\x1f\x81\x01\x00"]
)
def test_what_is_no_der_is_told(data: bytes) -> None:
    with pytest.raises(der.DerError):
        der.read(data)


needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")


@needs_openssl
def test_openssl_believes_the_sandbox(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "token").write_bytes(believed().token)
    (tmp_path / "root.pem").write_bytes(ROOTS[0].public_bytes(serialization.Encoding.PEM))
    command = ["openssl", "ts", "-verify", "-data", "data", "-in", "token", "-token_in", "-CAfile", "root.pem"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


CONFIGURATION = """
[tsa]
default_tsa = one
[one]
serial = serial
crypto_device = builtin
signer_digest = sha512
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_alg = {digest}
"""


@needs_openssl
@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha384"])
def test_an_authority_that_nobody_here_wrote_is_believed(tmp_path: Path, digest: str) -> None:
    def openssl(*words: str) -> None:
        done = subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    (tmp_path / "tsa.cnf").write_text(CONFIGURATION.format(digest=digest))
    (tmp_path / "serial").write_text("01")
    openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out",
        "cert.pem", "-subj", "/CN=Another", "-days", "3", "-addext", "extendedKeyUsage=critical,timeStamping",
    )  # fmt: skip
    (tmp_path / "query").write_bytes(timestamp.request(DATA, NUMBER))
    openssl(
        "ts", "-reply", "-config", "tsa.cnf", "-section", "one", "-queryfile", "query", "-inkey", "key.pem", "-signer",
        "cert.pem", "-out", "answer",
    )  # fmt: skip
    roots = x509.load_pem_x509_certificates((tmp_path / "cert.pem").read_bytes())
    assert believed((tmp_path / "answer").read_bytes(), roots=roots).authority == "CN=Another"
