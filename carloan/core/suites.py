"""Suites of cryptography as data: one byte in every sealed value and container says which one sealed it.

`A` is AES-256-GCM with SHA-256, `G` SM4-GCM with SM3 (GB/T 32907, 32905). A lender seals with the suite of its newest
wrapping key; what another suite sealed stays readable. Each suite derives keys of its own from the same 32 bytes, so
that a value whose byte was changed is opened with another key and refused. Signatures stay Ed25519 in both: SM2 belongs
behind a hardware module.
"""

import hmac
from dataclasses import dataclass
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NONCE: Final = 12
TAG: Final = 16


class Sealer(Protocol):
    """An authenticated cipher under one key. `decrypt` raises InvalidTag; the tag stands behind the ciphertext."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class Sm4Gcm:
    """SM4-GCM in the shape of AESGCM. The SM4 key is expanded by SM3 from the 32 bytes that suites share."""

    def __init__(self, key: bytes) -> None:
        # HKDF-Expand of one block (RFC 5869): the input is uniformly random already.
        self._cipher = SM4(hmac.digest(key, b"suite G\x01", "sm3")[:16])

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        work = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(associated_data)
        return work.update(data) + work.finalize() + work.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        if len(data) < TAG:
            raise InvalidTag
        work = Cipher(self._cipher, modes.GCM(nonce, data[-TAG:])).decryptor()
        work.authenticate_additional_data(associated_data)
        return work.update(data[:-TAG]) + work.finalize()


@dataclass(frozen=True)
class Suite:
    """`mark` is the byte in what it sealed; `binds` stands before the place in the associated data."""

    code: str
    label: str | Promise
    cipher: type[AESGCM] | type[Sm4Gcm]
    hash: type[HashAlgorithm]
    # Values of the first suite were sealed before there was a second one: they name none.
    binds: str

    @property
    def mark(self) -> bytes:
        return self.code.encode()

    def sealer(self, key: bytes) -> Sealer:
        return self.cipher(key)


A: Final = Suite("A", _("International: AES-256-GCM, SHA-256"), AESGCM, SHA256, "")
G: Final = Suite("G", _("Chinese commercial cryptography: SM4-GCM, SM3"), Sm4Gcm, SM3, "G|")
SUITES: Final = {suite.code: suite for suite in (A, G)}


def suite_marked(mark: bytes) -> Suite | None:
    """The suite behind a byte of a sealed value; None when nobody knows it."""
    return SUITES.get(mark.decode("ascii", "replace"))
