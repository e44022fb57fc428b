"""Second factors: their secrets are encrypted at rest."""

import base64
import os
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from carloan.core.keys import Tampered, derive
from carloan.core.root_keys import with_any_root
from carloan.core.suites import NONCE

SUITE = "A1."
PLACE = b"mfa_authenticator|secret"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds of codes are credentials (C3): a dump of the database without the root key opens no second factor."""

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(NONCE)
        cipher = _cipher(settings.ROOT_KEY)
        return SUITE + base64.b64encode(nonce + cipher.encrypt(nonce, text.encode(), PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith(SUITE):
            raise Tampered("the secret of a second factor is not sealed")
        token = base64.b64decode(encrypted_text.removeprefix(SUITE))
        try:
            return with_any_root(
                lambda root: _cipher(root).decrypt(token[:NONCE], token[NONCE:], PLACE), InvalidTag
            ).decode()
        except InvalidTag as error:
            raise Tampered("the secret of a second factor was changed") from error

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the library's name
        """What a passkey is called until its person names it: never a word that the lender's own keys go by."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1}


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app counts as used: seen over a shoulder, it opens no sign-in afterwards."""

    def clean_code(self) -> str:
        code = str(super().clean_code())
        adapter = MFAAdapter()
        factor = Authenticator(
            user=self.user, type=Authenticator.Type.TOTP, data={"secret": adapter.encrypt(self.secret)}
        )
        if not TOTP(factor).validate_code(code):
            raise adapter.validation_error("incorrect_code")
        return code


def is_current(encrypted_text: str) -> bool:
    """Whether a sealed secret stands under the root key that seals now."""
    token = base64.b64decode(encrypted_text.removeprefix(SUITE))
    try:
        _cipher(settings.ROOT_KEY).decrypt(token[:NONCE], token[NONCE:], PLACE)
    except InvalidTag:
        return False
    return True


def _cipher(root: bytes) -> AESGCM:
    return AESGCM(derive(root, "second factors"))
