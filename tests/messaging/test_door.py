"""The borrower's door: link, code, browser; strangers learn nothing, and the door leads nowhere else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from carloan.compliance.services.consents import consent_record
from carloan.core.models import AuditEvent
from carloan.messaging.models import LinkVisit, Message, OneTimeLink
from carloan.messaging.policies.links import CODES_A_LINK, WRONG_A_CODE, WRONG_A_LINK
from carloan.messaging.services.links import link_revoke, link_send_again
from carloan.messaging.services.visits import link_finish
from tests.cast import Lender
from tests.messaging.doors import COOKIE, Sandbox, Visitor, a_link, a_loan, secret_in, sms_gateway, token_of
from tests.tenancy.routes import ARGUMENTS
from tests.tenancy.test_routes import ALL

pytestmark = [pytest.mark.django_db(databases=["default", "keystore"]), pytest.mark.usefixtures("clean_cache")]


def test_a_told_code_lets_one_browser_in(bank: Lender) -> None:
    with bank.open():
        made = a_link(bank, a_loan(bank))
    visitor = Visitor.at(bank, made)
    first = visitor.get()
    assert (first.status_code, COOKIE in visitor.client.cookies) == (200, False), "looking leaves nothing behind"
    assert "id_card_front" not in first.content.decode(), "what is asked for is told behind the code"
    assert visitor.come_in(made.code).status_code == 302
    page = visitor.get().content.decode()
    assert 'data-want="id_card_front"' in page
    assert "华信汽车金融" in page
    second = Visitor.at(bank, made)
    assert second.come_in(made.code).status_code == 422, "a told code is good once"
    assert 'data-want="' not in second.get().content.decode()


def test_the_link_goes_by_mail_and_the_code_by_text_message(bank: Lender, sandbox: Sandbox) -> None:
    """The code belongs to the browser that asked for it: another one with the same link cannot use it."""
    with bank.open():
        sms_gateway(bank)
        made = a_link(bank, a_loan(bank))
    assert (made.link.code_way, made.code) == ("sms", "")
    visitor, other = Visitor.at(bank, made), Visitor.at(bank, made)
    assert "01" in visitor.get().content.decode(), "the end of the number"
    assert visitor.post("code/").status_code == 302
    assert other.post("code/").status_code == 302
    with bank.open():
        first, second = Message.objects.filter(kind="door.code").order_by("id")
        code, others = secret_in(first), secret_in(second)
    if code != others:
        assert other.post("enter/", code=code).status_code == 422
    assert visitor.post("enter/", code=f" {code[:3]} {code[3:]} ").status_code == 302
    assert 'data-want="' in visitor.get().content.decode()


def test_unknown_expired_revoked_finished_and_locked_look_the_same(bank: Lender) -> None:
    with bank.open():
        loan = a_loan(bank)
        dead = [a_link(bank, loan) for _each in range(4)]
        links = [made.link for made in dead]
        OneTimeLink.objects.filter(id=links[0].id).update(expires_at=timezone.now())
        link_revoke(actor=bank.actor("officer"), link=links[1])
        link_finish(actor=bank.system, link=links[2])
        OneTimeLink.objects.filter(id=links[3].id).update(wrong=WRONG_A_LINK)
    paths = [Visitor.at(bank, made).path for made in dead]
    paths += [
        f"/t/bank/d/{'x' * 43}/",
        "/t/bank/d/short/",
        f"/t/nobody/d/{'x' * 43}/",
        f"/t/other/d/{token_of(dead[0])}/",
    ]
    for method, more, data in (("get", "", {}), ("post", "code/", {}), ("post", "enter/", {"code": "123456"})):
        answers = [getattr(Client(), method)(f"{path}{more}", data) for path in paths]
        assert {answer.status_code for answer in answers} == {404}
        pages = {
            answer.content.decode().replace(path, "").replace(str(answer["X-Request-ID"]), "")
            for answer, path in zip(answers, paths, strict=True)
        }
        assert len({_without_form_token(page) for page in pages}) == 1, (method, more)
        assert "华信" not in pages.pop()


def test_wrong_codes_end_the_code_and_then_the_link(bank: Lender) -> None:
    with bank.open():
        made = a_link(bank, a_loan(bank))
    wrong = "000000" if made.code != "000000" else "111111"
    visitor = Visitor.at(bank, made)
    assert visitor.post("code/").status_code == 302
    for _each in range(WRONG_A_CODE):
        assert visitor.post("enter/", code=wrong).status_code == 422
    assert visitor.post("enter/", code=made.code).status_code == 422, "the right one, too late for this browser"
    with bank.open():
        assert OneTimeLink.objects.get(id=made.link.id).wrong == WRONG_A_CODE + 1
        OneTimeLink.objects.filter(id=made.link.id).update(wrong=WRONG_A_LINK - 1)
    again = Visitor.at(bank, made)
    assert again.post("code/").status_code == 302
    assert again.post("enter/", code=wrong).status_code == 422
    assert again.get().status_code == 404, "locked for everybody"
    with bank.open():
        events = AuditEvent.objects.filter(action="messaging.code.refused", object_id=made.link.id)
        assert events.count() == 1, "folded"
        assert events.get().actor_kind == "visitor"


def test_wrong_links_of_one_address_are_slowed_and_right_ones_go_on(bank: Lender) -> None:
    with bank.open():
        made = a_link(bank, a_loan(bank))
    answers = [Client().get(f"/t/bank/d/{number:043d}/").status_code for number in range(32)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert Visitor.at(bank, made).get().status_code == 200


def test_a_code_that_is_too_old_or_asked_for_too_often(bank: Lender, sandbox: Sandbox) -> None:
    with bank.open():
        sms_gateway(bank)
        made = a_link(bank, a_loan(bank))
    visitor = Visitor.at(bank, made)
    visitor.post("code/")
    with bank.open():
        code = secret_in(Message.objects.get(kind="door.code"))
        LinkVisit.objects.update(code_until=timezone.now())
    assert visitor.post("enter/", code=code).status_code == 422
    for _each in range(CODES_A_LINK - 1):
        assert visitor.post("code/").status_code == 302
    assert visitor.post("code/").status_code == 429


def test_a_visit_ends_by_itself(bank: Lender) -> None:
    with bank.open():
        made = a_link(bank, a_loan(bank))
    visitor = Visitor.at(bank, made)
    visitor.come_in(made.code)
    with bank.open():
        LinkVisit.objects.update(used_at=timezone.now() - timedelta(minutes=31))
    assert 'data-want="' not in visitor.get().content.decode()
    answer = visitor.begin("id_card_front", b"x", "0" * 64)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "visit_over")


def test_sending_again_makes_another_link_and_the_old_one_is_dead(bank: Lender) -> None:
    with bank.open():
        made = a_link(bank, a_loan(bank))
    visitor = Visitor.at(bank, made)
    visitor.come_in(made.code)
    with bank.open():
        again = link_send_again(actor=bank.actor("officer"), link=made.link)
    assert visitor.get().status_code == 404
    assert Visitor.at(bank, again, visitor.client).come_in(again.code).status_code == 302


def test_the_door_stores_neither_token_nor_code_nor_cookie(bank: Lender) -> None:
    with bank.open():
        made = a_link(bank, a_loan(bank))
    visitor = Visitor.at(bank, made)
    visitor.come_in(made.code)
    secrets = [token_of(made), made.code, visitor.client.cookies[COOKIE].value]
    with bank.open():
        for row in [*OneTimeLink.objects.values(), *LinkVisit.objects.values()]:
            told = " ".join(bytes(v).hex() if isinstance(v, memoryview | bytes) else str(v) for v in row.values())
            assert not any(secret in told or secret.encode().hex() in told for secret in secrets)
        canon = b"".join(bytes(event.canon) for event in AuditEvent.objects.filter(action__startswith="messaging."))
        assert token_of(made).encode() not in canon


def test_the_cookie_is_the_links_own(bank: Lender) -> None:
    with bank.open():
        loan = a_loan(bank)
        made, another = a_link(bank, loan), a_link(bank, loan)
    visitor = Visitor.at(bank, made)
    visitor.come_in(made.code)
    cookie = visitor.client.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (visitor.path, True, "Lax")
    thief = Client()
    thief.cookies[COOKIE] = cookie.value
    assert 'data-want="' not in Visitor.at(bank, another, thief).get().content.decode()


def test_who_is_signed_in_counts_for_nothing_at_the_door(bank: Lender, client_of: Any) -> None:
    with bank.open():
        made = a_link(bank, a_loan(bank))
    officer = client_of(bank, "admin")
    page = officer.get(f"/d/{token_of(made)}/")
    assert (page.status_code, "/loans/" in page.content.decode()) == (200, False)
    answer = officer.post(f"/d/{token_of(made)}/uploads/", {}, headers={"Accept": "application/json"})
    assert answer.status_code == 401


def test_every_other_page_refuses_the_visitor(bank: Lender) -> None:
    """The cookie of a visitor opens its link and nothing else: everywhere else they are a stranger."""
    with bank.open():
        made = a_link(bank, a_loan(bank, 77))
        paths = [
            (route, route.path({name: ARGUMENTS[name](bank) for name in route.arguments}))
            for route in ALL
            if route.door is not None and route.door.capabilities is not None
        ]
    visitor = Visitor.at(bank, made)
    visitor.come_in(made.code)
    visitor.client.cookies[COOKIE]["path"] = "/"
    assert len(paths) > 200
    for route, path in paths:
        for method in ("GET", "POST"):
            answer = visitor.client.generic(method, path if route.is_api else f"/t/bank{path}")
            assert answer.status_code in {302, 401, 405}, (route.name, method, answer.status_code)
            if answer.status_code == 302:
                assert answer["Location"].startswith("/accounts/login/"), route.name


def test_nothing_but_the_door_and_receipts_are_for_visitors() -> None:
    """A page for people without an account is a decision: it stands in this list."""
    doors = {route.name for route in ALL if route.door is not None and route.door.visitors}
    assert doors == {
        "door:door", "door:code", "door:enter", "door:finish", "door:uploads", "door:upload", "messaging:receipts",
    }  # fmt: skip


def _without_form_token(page: str) -> str:
    page = re.sub(r'name="csrf-token" content="\w*"', "", page)
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w*"', "", page)
    return re.sub(r'name="next" value="[^"]*"', "", page)


def test_whoever_may_not_be_written_to_gets_no_code_and_no_reason(bank: Lender, sandbox: Sandbox) -> None:
    with bank.open():
        sms_gateway(bank)
        made = a_link(bank, a_loan(bank))
        consent_record(
            actor=bank.actor("compliance"), party_id=made.link.party_id, purpose="service", channel="any", given=False,
            said_at=timezone.now(),
        )  # fmt: skip
    visitor = Visitor.at(bank, made)
    answer = visitor.post("code/")
    assert (answer.status_code, COOKIE in visitor.client.cookies) == (409, False)
    assert "同意" not in answer.content.decode()
    with bank.open():
        assert not LinkVisit.objects.exists()
