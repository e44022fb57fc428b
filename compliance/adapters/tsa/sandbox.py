"""`python -m carloan.compliance.adapters.tsa.sandbox`: a time-stamp authority of our own, for trials.

Its stamps have the form of real ones and no legal worth: whoever owns this machine owns its key and its clock, and its
certificate says so. On demand it misbehaves: POST /?NAME with a name of FAULTS.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from carloan.compliance.adapters.tsa import REPLY, SANDBOX
from carloan.lib import der, timestamp
from carloan.lib.serving import serve

POLICY: Final = "1.3.6.1.4.1.99999.1"
RSA: Final = "1.2.840.113549.1.1.1"
LARGEST: Final = 4096
SLOW_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Identity:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


@dataclass(frozen=True)
class Asked:
    """What a request says, and by whom and when it will be answered."""

    digest: bytes
    number: int
    by: Identity
    at: datetime


class Authority:
    """A root and a certificate below it; with a state folder the same ones after each start."""

    def __init__(self, folder: Path | None = None) -> None:
        now = datetime.now(UTC)
        self.root = _kept(folder, "root") or _made("root", None, now)
        self.signer = _kept(folder, "signer") or _made("signer", self.root, now)
        if folder:
            for name, identity in (("root", self.root), ("signer", self.signer)):
                _keep(folder, name, identity)

    @cached_property
    def expired(self) -> Identity:
        return _made("signer", self.root, datetime.now(UTC) - timedelta(days=4000))

    @cached_property
    def stranger(self) -> Identity:
        now = datetime.now(UTC)
        return _made("signer", _made("root", None, now), now)

    def answer(self, query: bytes, fault: str = "") -> bytes:
        """The TimeStampResp to a TimeStampReq. Raises ValueError for what is none."""
        _version, imprint, *rest = der.read(query).expect(der.SEQUENCE).items()
        digest = imprint.items()[1].expect(der.OCTETS).content
        number = next(item.number() for item in rest if item.tag == der.INTEGER)
        asked = Asked(digest, number, self.signer, datetime.now(UTC))
        misdeed = FAULTS.get(fault)
        answered = misdeed(asked, self) if misdeed else asked
        return b"" if answered is None else _response(answered)


FAULTS: Final[dict[str, Callable[[Asked, Authority], Asked | None]]] = {
    "wrong-nonce": lambda given, _authority: replace(given, number=given.number + 1),
    "wrong-digest": lambda given, _authority: replace(given, digest=bytes(32)),
    "expired": lambda given, authority: replace(given, by=authority.expired),
    "stranger": lambda given, authority: replace(given, by=authority.stranger),
    "empty": lambda _given, _authority: None,
}


def _response(asked: Asked) -> bytes:
    info = der.sequence(
        der.integer(1),
        der.oid(POLICY),
        der.sequence(der.sequence(der.oid(timestamp.SHA256), der.NULL), der.write(der.OCTETS, asked.digest)),
        der.integer(x509.random_serial_number()),
        der.write(der.TIME, asked.at.strftime("%Y%m%d%H%M%S.%f").rstrip("0").rstrip(".").encode() + b"Z"),
        der.integer(asked.number),
    )
    return der.sequence(der.sequence(der.integer(0)), _signed_data(info, asked.by))


def _signed_data(info: bytes, by: Identity) -> bytes:
    sha = der.sequence(der.oid(timestamp.SHA256))
    named = der.sequence(der.sequence(der.sequence(der.write(der.OCTETS, by.certificate.fingerprint(hashes.SHA256())))))
    attributes = sorted(
        der.sequence(der.oid(kind), der.set_of(value))
        for kind, value in (
            (timestamp.CONTENT_TYPE, der.oid(timestamp.TST_INFO)),
            (timestamp.MESSAGE_DIGEST, der.write(der.OCTETS, sha256(info).digest())),
            (timestamp.SIGNING_CERTIFICATE_V2, named),
        )
    )
    signature = by.key.sign(der.write(der.SET, *attributes), padding.PKCS1v15(), hashes.SHA256())
    certificate = by.certificate.public_bytes(serialization.Encoding.DER)
    signer = der.sequence(
        der.integer(1),
        der.sequence(by.certificate.issuer.public_bytes(), der.integer(by.certificate.serial_number)),
        sha,
        der.write(der.CONTEXT, *attributes),
        der.sequence(der.oid(RSA), der.NULL),
        der.write(der.OCTETS, signature),
    )
    content = der.sequence(der.oid(timestamp.TST_INFO), der.write(der.CONTEXT, der.write(der.OCTETS, info)))
    signed = der.sequence(
        der.integer(3), der.set_of(sha), content, der.write(der.CONTEXT, certificate), der.set_of(signer)
    )
    return der.sequence(der.oid(timestamp.SIGNED_DATA), der.write(der.CONTEXT, signed))


# Keys and certificates -----------------------------------------------------------------------------------------------


def _made(kind: str, issuer: Identity | None, begin: datetime) -> Identity:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{SANDBOX}, {kind}"[:64])])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin - timedelta(days=1))
        .not_valid_after(begin + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return Identity(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _kept(folder: Path | None, name: str) -> Identity | None:
    if folder is None or not (folder / f"{name}.pem").exists():
        return None
    certificate = x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
    key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{name}.key is no RSA key")
    return Identity(certificate, key)


def _keep(folder: Path, name: str, identity: Identity) -> None:
    if (folder / f"{name}.pem").exists():
        return
    private = identity.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # The certificate last: where it stands, its key does.
    _write(folder / f"{name}.key", private)
    _write(folder / f"{name}.pem", identity.certificate.public_bytes(serialization.Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


# The server ----------------------------------------------------------------------------------------------------------


class Handler(BaseHTTPRequestHandler):
    timeout = 10
    authority: Authority

    def do_POST(self) -> None:
        fault = self.path.partition("?")[2]
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST or fault == "500":
            self._say(500, b"")
            return
        query = self.rfile.read(int(length))
        if fault == "slow":
            time.sleep(SLOW_SECONDS)
        try:
            body = b"<html>" if fault == "garbage" else self.authority.answer(query, fault)
        except (ValueError, IndexError, StopIteration):
            self._say(400, b"")
            return
        self._say(200, body)

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", REPLY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        pass


def main() -> int:
    parser = argparse.ArgumentParser(description=SANDBOX)
    parser.add_argument("--state", required=True, type=Path, help="a folder for its keys; root.pem is what to trust")
    parser.add_argument("--listen", default="127.0.0.1:7302")
    options = parser.parse_args()
    options.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    Handler.authority = Authority(options.state)
    serve(Handler, options.listen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
