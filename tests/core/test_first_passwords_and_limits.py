"""A password that somebody else made is replaced first of all; too many tries are told in words, and end."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from carloan.core.models import AuditEvent, Membership, Role, User
from carloan.core.services import sign_in
from carloan.core.services.people import member_add, role_assign
from tests.cast import Lender

pytestmark = [pytest.mark.django_db(databases=["default", "keystore"]), pytest.mark.usefixtures("clean_cache")]
FIRST, OWN = "first-lantern-17-field", "own-lantern-52-meadow"


@pytest.fixture
def joiner(bank: Lender) -> User:
    with bank.open():
        admin = bank.actor("admin")
        member = member_add(actor=admin, username="neu", display_name="新同事", password=FIRST)
        role_assign(actor=admin, membership=member, role=Role.objects.get(key="officer"))
    return member.user


def _fresh(lender: Lender, role: str) -> Membership:
    """Not the cast's own object: what a test changes on it would outlive the test."""
    return Membership.objects.select_related("user").get(id=lender.members[role].id)


def _enter(login: str, password: str, **extra: Any) -> tuple[Client, Any]:
    client = Client(**extra)
    return client, client.post("/accounts/login/", {"login": login, "password": password})


class TestAFirstPassword:
    def test_it_opens_nothing_but_its_own_replacement(self, bank: Lender, joiner: User) -> None:
        client, _answer = _enter(joiner.username, FIRST)
        for path in ("/", "/lenders/", "/profile/", "/accounts/2fa/", "/t/bank/home/", "/t/bank/loans/"):
            answer = client.get(path)
            assert answer.status_code == 302, path
            assert answer["Location"].endswith("/accounts/password/change/"), path
        refused = client.get("/t/bank/api/v1/loans/")
        assert refused.status_code == 403
        assert refused.json()["error"]["code"] == "password_change_required"
        assert "他人生成" in client.get("/accounts/password/change/").content.decode()
        assert client.post("/t/bank/people/new/").status_code == 302
        assert client.post("/accounts/logout/").status_code == 302

    def test_the_page_speaks_english_too(self, joiner: User) -> None:
        client, _answer = _enter(joiner.username, FIRST)
        page = client.get("/accounts/password/change/", headers={"Accept-Language": "en"}).content.decode()
        assert "Choose one that only you know" in page

    def test_what_is_wrong_with_the_own_one_is_said_in_chinese(self, joiner: User) -> None:
        client, _answer = _enter(joiner.username, FIRST)
        for wrong, words in (
            ("kurz-7x", "密码太短，至少需要 10 个字符。"),
            ("1029384756", "密码只包含数字。"),
            ("password123", "这个密码太常见了。"),
        ):
            form = {"oldpassword": FIRST, "password1": wrong, "password2": wrong}
            answer = client.post("/accounts/password/change/", form)
            assert list(answer.context["form"].errors["password1"]).count(words) == 1
            assert "This password" not in answer.content.decode()

    def test_who_never_had_one_is_sent_to_an_administrator(self, client_of: Any, bank: Lender) -> None:
        answer = client_of(bank, "officer").get("/accounts/password/change/", follow=True)
        assert answer.status_code == 200
        assert answer.redirect_chain[-1][0].endswith("/accounts/password/forgotten/")

    def test_it_cannot_be_replaced_by_itself(self, joiner: User) -> None:
        client, _answer = _enter(joiner.username, FIRST)
        same = {"oldpassword": FIRST, "password1": FIRST, "password2": FIRST}
        answer = client.post("/accounts/password/change/", same)
        assert "新密码不能与当前密码相同" in answer.content.decode()
        assert client.get("/t/bank/home/").status_code == 302

    def test_the_own_one_opens_the_work_and_is_told(self, bank: Lender, joiner: User) -> None:
        client, _answer = _enter(joiner.username, FIRST)
        answer = client.post("/accounts/password/change/", {"oldpassword": FIRST, "password1": OWN, "password2": OWN})
        assert answer["Location"] == "/"
        assert client.get("/t/bank/home/").status_code == 200
        assert client.get("/t/bank/api/v1/loans/").status_code == 200
        with bank.open():
            (event,) = AuditEvent.objects.filter(action="core.password.first_replaced")
        assert event.actor_kind == "person"
        assert Client().post("/accounts/login/", {"login": joiner.username, "password": OWN}).status_code == 302
        assert not User.objects.get(pk=joiner.pk).must_change_password

    def test_a_renewed_password_is_a_first_one_again(self, bank: Lender) -> None:
        with bank.open():
            password = sign_in.password_renew(actor=bank.actor("admin"), membership=_fresh(bank, "officer"))
        client, _answer = _enter(bank.users["officer"].username, password)
        assert client.get("/t/bank/home/")["Location"].endswith("/accounts/password/change/")

    def test_keys_and_people_with_passwords_of_their_own_are_left_alone(self, client_of: Any, bank: Lender) -> None:
        assert client_of(bank, "officer").get("/home/").status_code == 200
        assert Client().get("/api/v1/loans/", headers={"Authorization": bank.key("officer")}).status_code == 200


class TestLimits:
    def test_a_branch_behind_one_address_is_not_locked_out(self, bank: Lender, joiner: User) -> None:
        """Forty mistyped names in a minute, and the next person still enters."""
        for number in range(40):
            _client, answer = _enter(f"somebody-{number}", "wrong-password-1")
            assert answer.status_code == 200
        _client, answer = _enter(joiner.username, FIRST)
        assert answer.status_code == 302

    @pytest.mark.parametrize(("language", "words"), [("zh-hans", "分钟后重试"), ("en", "Try again in 1 minute")])
    def test_the_limit_of_an_address_says_when_to_come_again(
        self, settings: Any, bank: Lender, language: str, words: str
    ) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
        for _number in range(2):
            _enter("somebody", "wrong-password-1")
        client = Client(headers={"Accept-Language": language})
        answer = client.post("/accounts/login/", {"login": "somebody", "password": "x"})
        assert answer.status_code == 429
        assert words in answer.content.decode()
        assert 1 <= int(answer["Retry-After"]) <= 61
        told = client.post("/accounts/login/", {"login": "x", "password": "x"}, headers={"Accept": "application/json"})
        assert told.status_code == 429
        assert told.json()["error"]["code"] == "rate_limited"

    def test_failures_count_by_address_and_name(self, settings: Any, bank: Lender, joiner: User) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/5m/key"}
        for _number in range(2):
            _enter(joiner.username, "wrong-password-1")
        _client, answer = _enter(joiner.username, FIRST)
        assert answer.status_code == 429
        assert "5 分钟后重试" in answer.content.decode()
        assert answer["Retry-After"] == "300"
        _client, elsewhere = _enter(joiner.username, FIRST, REMOTE_ADDR="192.0.2.7")
        assert elsewhere.status_code == 302

    def test_a_lock_holds_one_address_is_not_prolonged_and_ends(self, bank: Lender, joiner: User) -> None:
        for _number in range(5):
            _enter(joiner.username, "wrong-password-1", REMOTE_ADDR="192.0.2.7")
        _client, locked = _enter(joiner.username, FIRST, REMOTE_ADDR="192.0.2.7")
        assert locked.status_code == 429
        assert locked["Retry-After"] == "900"
        assert _enter(joiner.username, FIRST)[1].status_code == 302, "somebody elsewhere cannot lock a person out"
        before = AccessAttempt.objects.get(ip_address="192.0.2.7").attempt_time
        _enter(joiner.username, "wrong-password-1", REMOTE_ADDR="192.0.2.7")
        attempt = AccessAttempt.objects.get(ip_address="192.0.2.7")
        assert attempt.attempt_time == before, "who keeps trying must not keep others out"
        attempt.attempt_time = timezone.now() - timedelta(minutes=16)
        attempt.save()
        assert _enter(joiner.username, FIRST, REMOTE_ADDR="192.0.2.7")[1].status_code == 302

    def test_an_administrators_new_password_lifts_the_lock(self, bank: Lender) -> None:
        name = bank.users["collector"].username
        for _number in range(5):
            _enter(name, "wrong-password-1")
        with bank.open():
            password = sign_in.password_renew(actor=bank.actor("admin"), membership=_fresh(bank, "collector"))
        assert _enter(name, password)[1].status_code == 302
