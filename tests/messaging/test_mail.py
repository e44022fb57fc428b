"""Mail goes out over SMTP to a real server, once; what the server says decides, and a lost answer stays unknown."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.utils import timezone

from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_scope
from carloan.loans.models import ContactPoint, Loan
from carloan.messaging.models import Message
from carloan.messaging.services.delivering import message_deliver
from carloan.messaging.services.setup import gateway_set
from tests.cast import Lender
from tests.messaging.doors import a_link, a_loan, borrower

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@dataclass
class MailHost:
    """A mail server as far as RFC 5321 asks it of one that takes mail; `how` decides about the next one."""

    address: str = ""
    how: str = ""
    mails: list[tuple[str, Any]] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        host: MailHost = self.server.host  # type: ignore[attr-defined]
        to = ""
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                self._say("550 no such user" if host.how == "unknown_user" else "250 ok")
            elif word == "DATA":
                self._say("354 go on")
                data = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    data += part
                host.mails.append((to, message_from_bytes(data, policy=policy.default)))
                if host.how == "hangs_up":
                    return
                self._say("451 try later" if host.how == "later" else "250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@pytest.fixture
def mail_host(settings: Any) -> Iterator[MailHost]:
    host = MailHost()
    settings.MESSAGE_HOSTS = ["127.0.0.1"]
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.host = host  # type: ignore[attr-defined]
        host.address = f"smtp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield host
        server.shutdown()
        thread.join()


@pytest.fixture
def message(bank: Lender, mail_host: MailHost) -> Message:
    with bank.open():
        gateway_set(
            actor=bank.actor("admin"), channel="email", address=mail_host.address, account="", secret="",
            sender="papers@huaxin.example", is_active=True,
        )  # fmt: skip
        loan = a_loan(bank)
        made = a_link(bank, loan, channel="email", contact=_mail_address(bank, loan))
    assert (made.link.code_way, len(made.code)) == ("spoken", 6), "no other way than the mail's is set up"
    assert made.message is not None
    return made.message


def _mail_address(bank: Lender, loan: Loan) -> ContactPoint:
    party = borrower(loan).party
    contact = ContactPoint(party=party, kind="email", audit_event_id=party.audit_event_id)
    seal(contact, value="wang.wei@example.com")
    contact.save()
    return contact


def deliver(bank: Lender, message: Message) -> Message:
    with bank.open():
        Message.objects.filter(id=message.id).update(due_at=timezone.now(), lease_until=None)
    with tenant_scope(bank.tenant.id):
        message_deliver(message_id=str(message.id))
    with bank.open():
        return Message.objects.get(id=message.id)


def test_a_mail_arrives_with_its_link(bank: Lender, mail_host: MailHost, message: Message) -> None:
    assert deliver(bank, message).state == "sent"
    ((to, mail),) = mail_host.mails
    assert (to, mail["From"], mail["Subject"]) == ("wang.wei@example.com", "papers@huaxin.example", "请补充贷款材料")
    assert "/t/bank/d/" in mail.get_content()
    assert mail["Message-ID"] == f"<{message.id.hex}@huaxin.example>"


def test_what_the_server_says_decides(bank: Lender, mail_host: MailHost, message: Message) -> None:
    mail_host.how = "later"
    assert deliver(bank, message).state == "queued"
    mail_host.how = "unknown_user"
    ended = deliver(bank, message)
    assert (ended.state, ended.why) == ("failed", "smtp_550")


def test_a_lost_answer_is_never_guessed(bank: Lender, mail_host: MailHost, message: Message) -> None:
    """Mail cannot be asked about: it may have arrived, so it is not sent a second time by itself."""
    mail_host.how = "hangs_up"
    assert deliver(bank, message).state == "unknown"
    ended = deliver(bank, message)
    assert (ended.state, ended.why, len(mail_host.mails)) == ("failed", "unknown_for_good", 1)


def test_a_server_that_is_not_there_is_tried_again(bank: Lender, mail_host: MailHost, message: Message) -> None:
    with bank.open():
        gateway_set(
            actor=bank.actor("admin"), channel="email", address="smtp://127.0.0.1:9", account="", secret="",
            sender="papers@huaxin.example", is_active=True,
        )  # fmt: skip
    assert deliver(bank, message).state == "queued"


def test_an_address_inside_our_network_is_not_called_unless_the_operator_named_it(
    bank: Lender, mail_host: MailHost, message: Message, settings: Any
) -> None:
    settings.MESSAGE_HOSTS = []
    assert deliver(bank, message).state == "queued"
    assert mail_host.mails == []
