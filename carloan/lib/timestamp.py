"""Time stamps of RFC 3161: what an authority is asked, and what its answer proves.

An answer is believed when the token in it says the digest and the number that were sent, is signed by the certificate
that it names (RFC 5035), and that certificate is one for time stamps, was valid at the token's time and leads to a
root that we were given. Revocation is not looked up: a token is kept with its certificates, and whoever doubts it years
later asks the authority's lists of that time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .der import CONTEXT, NULL, OCTETS, SEQUENCE, SET, TIME, Item, integer, oid, read, sequence
from .der import write as der

SHA256: Final = "2.16.840.1.101.3.4.2.1"
_DIGESTS: Final[dict[str, Callable[[], hashes.HashAlgorithm]]] = {
    SHA256: hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}
SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
TST_INFO: Final = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
# Which certificate signed: by SHA-1 (RFC 2634) and by another digest (RFC 5035).
SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"
SIGNING_CERTIFICATE: Final = "1.2.840.113549.1.9.16.2.12"
DEEPEST: Final = 6
# What its library says of certificates that somebody bent.
_UNREADABLE: Final = (
    *(ValueError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension),
    x509.UnsupportedGeneralNameType,
)


class NotStamped(ValueError):
    """This is no time stamp for what was asked, or not one by an authority that we know."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a token proves: these bytes existed `at` that time, says the subject of the certificate."""

    token: bytes
    at: datetime
    authority: str


def request(data: bytes, number: int) -> bytes:
    """A TimeStampReq over the SHA-256 of `data`; `number` is the nonce, another one each time."""
    imprint = sequence(sequence(oid(SHA256), NULL), der(OCTETS, sha256(data).digest()))
    return sequence(integer(1), imprint, integer(number), b"\x01\x01\xff")


def roots_of(pem: str) -> list[x509.Certificate]:
    """The certificates of a PEM text. Raises ValueError when there is none."""
    return x509.load_pem_x509_certificates(pem.encode())


def answered(response: bytes, data: bytes, number: int, roots: Sequence[x509.Certificate]) -> Stamp:
    """The stamp of a TimeStampResp to request(data, number). Raises NotStamped, with the reason in words."""
    try:
        status, *token = read(response).expect(SEQUENCE).items()
        said = status.expect(SEQUENCE).items()[0].number()
        if said not in {0, 1} or len(token) != 1:
            raise NotStamped(f"the authority answers with status {said}")
        return _opened(token[0], data, number, roots)
    except NotStamped:
        raise
    except (ValueError, IndexError) as error:
        raise NotStamped(f"not a time stamp: {error}") from error


def opened(token: bytes, data: bytes, roots: Sequence[x509.Certificate]) -> Stamp:
    """The stamp of a token that was kept. Raises NotStamped."""
    try:
        return _opened(read(token), data, None, roots)
    except NotStamped:
        raise
    except (ValueError, IndexError) as error:
        raise NotStamped(f"not a time stamp: {error}") from error


def _opened(token: Item, data: bytes, number: int | None, roots: Sequence[x509.Certificate]) -> Stamp:
    kind, wrapped = token.expect(SEQUENCE).items()
    if kind.oid() != SIGNED_DATA:
        raise NotStamped("not signed data")
    _version, _digests, content, *rest = read(wrapped.expect(CONTEXT).content).expect(SEQUENCE).items()
    content_type, octets = content.expect(SEQUENCE).items()
    info = read(octets.expect(CONTEXT).content).expect(OCTETS).content
    if content_type.oid() != TST_INFO:
        raise NotStamped("signed data of another kind")
    at = _told(info, data, number)
    certificates = [_certificate(item.whole) for part in rest if part.tag == CONTEXT for item in part.items()]
    signers = rest[-1].expect(SET).items()
    if len(signers) != 1:
        raise NotStamped("signed by several")
    certificate = _signed(signers[0], info, certificates)
    _trusted(certificate, certificates, roots, at)
    return Stamp(token.whole, at, certificate.subject.rfc4514_string())


def common_name(authority: str) -> str:
    """What an authority calls itself, of its full name (RFC 4514); the full name where it has none."""
    names = x509.Name.from_rfc4514_string(authority).get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else authority


def _told(info: bytes, data: bytes, number: int | None) -> datetime:
    """The time of a TSTInfo, which must be about this."""
    _version, _policy, imprint, _serial, time, *rest = read(info).expect(SEQUENCE).items()
    algorithm, digest = imprint.expect(SEQUENCE).items()
    if algorithm.items()[0].oid() != SHA256 or digest.expect(OCTETS).content != sha256(data).digest():
        raise NotStamped("a time stamp of something else")
    numbers = [item.number() for item in rest if item.tag == 0x02]
    if number is not None and numbers != [number]:
        raise NotStamped("the answer to another request")
    text = time.expect(TIME).content.decode("ascii", "replace")
    whole, _point, fraction = text.removesuffix("Z").partition(".")
    try:
        moment = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return moment.replace(microsecond=int(fraction[:6].ljust(6, "0")) if fraction else 0)
    except ValueError as error:
        raise NotStamped("a time stamp without a time") from error


def _signed(signer: Item, info: bytes, certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    """The certificate that signed, by what the signer says of itself and signs with it."""
    _version, _name, digest_kind, attributes, _algorithm, signature, *_rest = signer.expect(SEQUENCE).items()
    attributes.expect(CONTEXT)
    found: dict[str, Item] = {}
    for attribute in attributes.items():
        kind, values = attribute.expect(SEQUENCE).items()
        found[kind.oid()] = values.expect(SET).items()[0]
    digest = _digest(digest_kind)
    if CONTENT_TYPE not in found or found[CONTENT_TYPE].oid() != TST_INFO:
        raise NotStamped("signed as something else")
    if MESSAGE_DIGEST not in found or found[MESSAGE_DIGEST].expect(OCTETS).content != _hash(digest, info):
        raise NotStamped("signed over something else")
    certificate = next((each for each in certificates if _names(found, each)), None)
    if certificate is None:
        raise NotStamped("the certificate that signed is not in the answer")
    _verify(certificate, signature.expect(OCTETS).content, der(SET, attributes.content), digest)
    return certificate


def _names(found: dict[str, Item], certificate: x509.Certificate) -> bool:
    """Whether the signed attributes name this certificate."""
    if second := found.get(SIGNING_CERTIFICATE_V2):
        identity = second.items()[0].items()[0].items()
        digest = _digest(identity[0]) if identity[0].tag == SEQUENCE else hashes.SHA256()
        value = identity[1 if identity[0].tag == SEQUENCE else 0].expect(OCTETS).content
        return value == certificate.fingerprint(digest)
    if first := found.get(SIGNING_CERTIFICATE):
        value = first.items()[0].items()[0].items()[0].expect(OCTETS).content
        return value == certificate.fingerprint(hashes.SHA1())  # noqa: S303 - names a certificate, proves nothing
    return False


def _verify(certificate: x509.Certificate, signature: bytes, signed: bytes, digest: hashes.HashAlgorithm) -> None:
    try:
        key = certificate.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(digest))
        else:
            raise NotStamped("signed by a kind of key that is not known here")
    except NotStamped:
        raise
    except (InvalidSignature, *_UNREADABLE) as error:
        raise NotStamped("the signature does not hold") from error


def _trusted(
    certificate: x509.Certificate, given: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], at: datetime
) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, *_UNREADABLE) as error:
        raise NotStamped("the certificate is none for time stamps") from error
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise NotStamped("the certificate is none for time stamps")
    link = certificate
    for _ in range(DEEPEST):
        if not link.not_valid_before_utc <= at <= link.not_valid_after_utc:
            raise NotStamped("a certificate was not valid at that time")
        if link in roots:
            return
        above = next((each for each in (*roots, *given) if each != link and _issued(link, each)), None)
        if above is None:
            break
        link = above
    raise NotStamped("an authority that is not known here")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints)
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, TypeError, InvalidSignature, *_UNREADABLE):
        return False
    return constraints.value.ca


def _certificate(data: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(data)
    except _UNREADABLE as error:
        raise NotStamped("a certificate that cannot be read") from error


def _digest(algorithm: Item) -> hashes.HashAlgorithm:
    kind = _DIGESTS.get(algorithm.expect(SEQUENCE).items()[0].oid())
    if kind is None:
        raise NotStamped("a kind of digest that is not known here")
    return kind()


def _hash(digest: hashes.HashAlgorithm, data: bytes) -> bytes:
    working = hashes.Hash(digest)
    working.update(data)
    return working.finalize()
