"""Mail over SMTP, by Django's own backend, to the lender's mail server."""

import smtplib
import socket
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from carloan.lib.http import is_public

from . import Away, Letter, NotReached, Refused, Report, Unasked

SECONDS: Final = 15
PORTS: Final = {"smtps": 465, "smtp": 587}


def is_address(address: str) -> bool:
    """smtps://host[:port], or smtp://host[:port], which must offer STARTTLS unless the operator named the host."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    bare = not parts.username and not parts.path.strip("/") and not parts.query and not parts.fragment
    return parts.scheme in PORTS and bool(parts.hostname) and port != 0 and bare


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server; hosts that the operator named (CARLOAN_MESSAGE_HOSTS) may lie inside the own network, and may
    speak without TLS there."""

    address: str
    account: str
    secret: str
    sender: str

    def send(self, letter: Letter) -> str:
        """Mails cannot be asked about: once the server had the words, a lost answer stays unknown for good."""
        parts = urlsplit(self.address)
        host = parts.hostname or ""
        named = host.lower() in settings.MESSAGE_HOSTS
        backend = EmailBackend(
            host=host, port=parts.port or PORTS[parts.scheme], username=self.account, password=self.secret,
            use_ssl=parts.scheme == "smtps", use_tls=parts.scheme == "smtp" and not named, timeout=SECONDS,
        )  # fmt: skip
        reference = f"<{letter.key}@{self.sender.rpartition('@')[2] or host}>"
        mail = EmailMessage(letter.subject, letter.body, self.sender, [letter.to], headers={"Message-ID": reference})
        try:
            _require_reach(host, named=named)
            backend.open()
        except smtplib.SMTPAuthenticationError as error:
            raise Refused("smtp_account", again=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotReached(type(error).__name__) from error
        try:
            backend.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            code = max((status for status, _words in error.recipients.values()), default=550)
            raise Refused(f"smtp_{code}", again=code < 500) from error
        except smtplib.SMTPResponseException as error:
            raise Refused(f"smtp_{error.smtp_code}", again=error.smtp_code < 500) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Away(type(error).__name__) from error
        finally:
            _close(backend)
        return reference

    def find(self, key: str) -> Report | None:
        raise Unasked


def _require_reach(host: str, *, named: bool) -> None:
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    if not named and not all(is_public(place) for place in found):
        raise OSError("not in the open internet")


def _close(backend: Any) -> None:
    try:
        backend.close()
    except (OSError, smtplib.SMTPException):
        return  # the message is where it is
