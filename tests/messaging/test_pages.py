"""The pages of the house: asking on the loan's page, and the settings of messages."""

import re
from typing import Any

import pytest
from django.test import Client

from carloan.core.sealed import sealed_fields
from carloan.loans.services.shredding import loan_shred, party_shred
from carloan.messaging.faces import gather_messages
from carloan.messaging.models import ContactPolicy, Gateway, Message, MessageTemplate, OneTimeLink
from carloan.messaging.services.shredding import loan_left, party_left
from tests.cast import Lender
from tests.messaging.doors import Sandbox, Visitor, a_link, a_loan, borrower, mobile, sms_gateway

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def test_an_officer_asks_and_the_borrower_comes_in(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = a_loan(bank)
        row = borrower(loan)
    officer = client_of(bank, "officer")
    page = officer.get(f"/messages/loans/{loan.id}/ask/").content.decode()
    assert "138****0001" not in page, "no gateway, so no number is offered"
    given = {"to": f"{row.id}:screen", "wants": ["id_card_front", "bank_card"], "language": "zh-hans", "days": "7"}
    made = officer.post(f"/messages/loans/{loan.id}/ask/", given)
    told = made.content.decode()
    (url,) = re.findall(r'id="link" class="clip">([^<]+)<', told)
    (code,) = re.findall(r'id="code">(\d{6})<', told)
    assert "<svg" in told
    visitor = Visitor(Client(), url[url.index("/t/") :])
    assert visitor.come_in(code).status_code == 302
    assert 'data-want="bank_card"' in visitor.get().content.decode()
    tab = officer.get(f"/loans/{loan.id}/?tab=asked").content.decode()
    assert url not in tab
    with bank.open():
        link = OneTimeLink.objects.get()
        assert (link.made_by_id, link.passed_at is not None) == (bank.members["officer"].id, True)
    assert officer.post(f"/messages/links/{link.id}/code/").status_code == 200
    again = officer.post(f"/messages/links/{link.id}/again/").content.decode()
    assert visitor.get().status_code == 404
    assert re.findall(r'id="link" class="clip">([^<]+)<', again) != [url]
    assert officer.post(f"/messages/links/{link.id}/revoke/").status_code == 302
    with bank.open():
        assert OneTimeLink.objects.get().revoked_at
    assert officer.post(f"/messages/links/{link.id}/again/").status_code == 409


def test_what_is_wrong_is_said_at_the_form(bank: Lender, client_of: Any, sandbox: Sandbox) -> None:
    with bank.open():
        sms_gateway(bank)
        loan = a_loan(bank)
        row, contact = borrower(loan), mobile(loan)
    officer = client_of(bank, "officer")
    path = f"/messages/loans/{loan.id}/ask/"
    assert "138****0001" in officer.get(path).content.decode(), "masked, and offered now"
    nothing = {"to": f"{row.id}:sms:{contact.id}", "wants": [], "language": "zh-hans", "days": "7"}
    assert officer.post(path, nothing).status_code == 422
    assert officer.post(path, {**nothing, "wants": ["nonsense"]}).status_code == 422
    assert officer.post(path, {**nothing, "wants": ["id_card_front"], "days": "99"}).status_code == 422
    with bank.open():
        assert not OneTimeLink.objects.exists()
    assert officer.post(path, {**nothing, "wants": ["id_card_front"]}).status_code == 200
    with bank.open():
        message = Message.objects.get()
    tab = officer.get(f"/loans/{loan.id}/?tab=asked").content.decode()
    assert "••••" in tab, "the log hides what opens the door"
    assert message.state == "queued"


def test_who_may_not_ask_is_refused(bank: Lender, client_of: Any) -> None:
    with bank.open():
        loan = a_loan(bank)
        link = a_link(bank, loan).link
    for role in ("collector", "service", "compliance"):
        client = client_of(bank, role)
        assert client.get(f"/messages/loans/{loan.id}/ask/").status_code == 403
        assert client.post(f"/messages/links/{link.id}/revoke/").status_code == 403


def test_the_settings_of_messages(bank: Lender, client_of: Any, sandbox: Sandbox) -> None:
    admin = client_of(bank, "admin").confirmed()
    assert admin.get("/messages/").status_code == 200
    gateway = {"address": "https://sms.example.com/v1", "account": "hx", "sender": "【华信】", "is_active": "on"}
    gateway["secret"] = "s3cret"
    assert admin.post("/messages/gateways/sms/", gateway).status_code == 302
    with bank.open():
        row = Gateway.objects.get()
        assert (row.sender, b"s3cret" in bytes(row.secret)) == ("华信", False)
    assert "s3cret" not in admin.get("/messages/gateways/sms/").content.decode()
    assert admin.post("/messages/gateways/sms/", {**gateway, "secret": ""}).status_code == 302, "it stays as it is"
    elsewhere = {**gateway, "secret": "", "address": "https://other.example.com"}
    assert admin.post("/messages/gateways/sms/", elsewhere).status_code == 422, "no secret goes to another address"
    for wrong in ("http://sms.example.com", "https://user:pw@sms.example.com", "ftp://x", "x", "https://h:0"):
        assert admin.post("/messages/gateways/sms/", {**gateway, "address": wrong}).status_code == 422, wrong
    for wrong in ("https://mail.example.com", "smtp://a:b@mail.example.com", "smtps://"):
        mail = {"address": wrong, "sender": "papers@example.com", "is_active": "on"}
        assert admin.post("/messages/gateways/email/", mail).status_code == 422, wrong
    assert admin.get("/messages/gateways/pigeon/").status_code == 404
    hours = {"quiet_from": "20:00", "quiet_until": "09:00"}
    assert admin.post("/messages/quiet-hours/", hours).status_code == 302
    assert admin.post("/messages/quiet-hours/", {**hours, "quiet_from": "23:00"}).status_code == 422
    with bank.open():
        assert str(ContactPolicy.objects.get()) == "20:00-09:00"


def test_a_gateway_is_set_only_by_whoever_confirmed_who_they_are(bank: Lender, client_of: Any) -> None:
    gateway = {
        "address": "https://sms.example.com",
        "account": "hx",
        "secret": "s",
        "sender": "华信",
        "is_active": "on",
    }
    answer = client_of(bank, "admin").post("/messages/gateways/sms/", gateway)
    assert (answer.status_code, "reauthenticate" in answer["Location"]) == (302, True)
    with bank.open():
        assert not Gateway.objects.exists()


def test_words_have_versions_and_the_newest_counts(bank: Lender, client_of: Any, sandbox: Sandbox) -> None:
    admin = client_of(bank, "admin")
    path = "/messages/words/papers.link/sms/zh-hans/"
    assert "2" in admin.get(path).content.decode()
    assert admin.post(path, {"body": "没有链接", "version": "0"}).status_code == 422
    assert admin.post(path, {"body": "材料：{link}", "version": "0"}).status_code == 302
    assert admin.post(path, {"body": "又改：{link}", "version": "0"}).status_code == 409, "somebody was faster"
    with bank.open():
        sms_gateway(bank)
        made = a_link(bank, a_loan(bank), channel="sms")
        assert made.message is not None
        assert (made.message.template_version, MessageTemplate.objects.count()) == (1, 1)
    assert admin.get("/messages/words/nothing/sms/zh-hans/").status_code == 404


def test_the_tab_asks_few_questions_however_many_links(
    bank: Lender, client_of: Any, sandbox: Sandbox, django_assert_max_num_queries: Any
) -> None:
    with bank.open():
        sms_gateway(bank)
        loan = a_loan(bank)
        for _each in range(12):
            a_link(bank, loan, channel="sms")
    officer = client_of(bank, "officer")
    officer.get(f"/loans/{loan.id}/?tab=asked")
    with django_assert_max_num_queries(30):
        officer.get(f"/loans/{loan.id}/?tab=asked")


def test_what_was_sent_goes_with_the_person_and_links_with_the_loan(bank: Lender, sandbox: Sandbox) -> None:
    with bank.open():
        sms_gateway(bank)
        loan = a_loan(bank)
        made = a_link(bank, loan, channel="sms")
        party = borrower(loan).party
        assert list(party_left(party.id)) == ["columns"]
        party_shred(actor=bank.system, party=party)
        message = Message.objects.get()
        assert [getattr(message, name) for name in sealed_fields(Message)] == [None] * 4
        assert (list(party_left(party.id)), message.state) == ([], "cancelled")
        assert OneTimeLink.objects.get(id=made.link.id).revoked_at
        loan_shred(actor=bank.system, loan=loan)
        assert list(loan_left(loan.id)) == []


def test_a_persons_own_copy_tells_what_was_written_to_them(bank: Lender, sandbox: Sandbox) -> None:
    with bank.open():
        sms_gateway(bank)
        loan = a_loan(bank)
        a_link(bank, loan, channel="sms")
        (told,) = gather_messages(borrower(loan).party_id)
    values = {datum.name: datum.value for datum in told}
    assert values["to"] == "13800000001"
    assert "••••" in values["text"]
