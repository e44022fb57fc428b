"""How long sessions last, how many there are at once, who ends them, and what the ended ones are told."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import AccessPolicy, AuditEvent, Membership, User
from carloan.core.services.access_policy import access_policy_set
from carloan.core.services.sessions import RULES, member_sessions_end, rules_of
from carloan.core.services.sign_in import factors_remove, password_renew
from carloan.core.session_life import UNATTENDED
from carloan.core.session_rules import SessionRules, strictest
from tests.cast import Cast, Lender

pytestmark = [pytest.mark.django_db(databases=["default", "keystore"]), pytest.mark.usefixtures("clean_cache")]
HOME, LIFE, LOGIN = "/t/bank/home/", "/session/", "/accounts/login/"


@pytest.fixture
def somebody(bank: Lender) -> User:
    return bank.users["officer"]


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(HOME).status_code == 200
    return client


def row_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def age(client: Client, **past: int) -> None:
    """As if a session had been begun, or last used, so long ago: `seen_minutes`, `began_hours`."""
    row = row_of(client)
    row.last_seen_at -= timedelta(minutes=past.get("seen_minutes", 0))
    row.created_at -= timedelta(hours=past.get("began_hours", 0))
    row.save()


def told(lender: Lender, action: str) -> int:
    with lender.open():
        return AuditEvent.objects.filter(action=action).count()


def words_after(client: Client) -> str:
    """What the sign-in page says to somebody whose session has ended."""
    answer = client.get(HOME)
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)
    return str(client.get(answer["Location"]).content.decode())


def set_rules(lender: Lender, idle: int = 30, hours: int = 12, at_once: int = 3) -> None:
    with lender.open():
        access_policy_set(
            actor=lender.actor("admin"), separated=False, passkeys=False, confirm_minutes=5,
            sessions=SessionRules(idle, hours, at_once), reason="strenger",
        )  # fmt: skip


def test_a_session_ends_when_nobody_uses_it(bank: Lender, somebody: User) -> None:
    client = enter(somebody)
    age(client, seen_minutes=29)
    assert client.get(HOME).status_code == 200
    assert "_auth_user_id" in client.session
    age(client, seen_minutes=30)
    key = client.session.session_key
    assert "连续 30 分钟未操作" in words_after(client)
    assert not UserSession.objects.filter(session_key=key).exists()
    assert told(bank, "core.session.expired") == 1
    assert Client().get(LOGIN).content.decode().count("未操作") == 0


def test_a_session_ends_after_its_hours_however_much_it_is_used(bank: Lender, somebody: User) -> None:
    client = enter(somebody)
    age(client, began_hours=12)
    assert "最长 12 小时" in words_after(client)


def test_what_ended_is_told_where_no_page_can_lead_to_sign_in(somebody: User) -> None:
    client = enter(somebody)
    age(client, seen_minutes=31)
    answer = client.get(HOME, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert "30 分钟" in answer.json()["error"]["message"]
    assert "30 分钟" in client.get(HOME, headers={"HX-Request": "true"}).content.decode()


def test_signing_in_again_forgets_why(somebody: User) -> None:
    client = enter(somebody)
    age(client, seen_minutes=31)
    assert "未操作" in words_after(client)
    client.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(HOME).status_code == 200
    client.post("/accounts/logout/")
    assert "未操作" not in client.get(LOGIN).content.decode()


def test_use_is_written_once_a_minute_and_read_in_one_query(somebody: User) -> None:
    client = enter(somebody)

    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(HOME).status_code == 200
        return [each["sql"].split()[0] for each in seen.captured_queries if "usersessions" in each["sql"]]

    assert statements() == ["SELECT"]
    age(client, seen_minutes=1)
    assert statements() == ["SELECT", "UPDATE"]
    assert statements() == ["SELECT"]


def test_what_a_page_asks_by_itself_is_no_use(somebody: User) -> None:
    client = enter(somebody)
    age(client, seen_minutes=20)
    before = row_of(client).last_seen_at
    left = client.get(LIFE, headers={UNATTENDED: "1"}).json()["left"]
    assert 9 * 60 < left <= 10 * 60
    assert row_of(client).last_seen_at == before
    told_then = client.post(LIFE).json()
    assert 29 * 60 < told_then["left"] <= 30 * 60
    assert (told_then["limit"], told_then["who"]) == ("idle", str(somebody.pk))
    age(client, began_hours=11, seen_minutes=0)
    row = row_of(client)
    row.created_at -= timedelta(minutes=55)
    row.save()
    assert client.post(LIFE).json()["limit"] == "age"


def test_a_stranger_hears_nothing_of_sessions() -> None:
    for answer in (Client().get(LIFE), Client().post(LIFE)):
        assert answer.status_code == 401
        assert set(answer.json()) == {"error"}


def test_the_form_token_of_that_answer_is_one_that_counts(somebody: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
    token = client.get(LIFE).json()["token"]
    assert client.post(LIFE, headers={"X-CSRFToken": token}).status_code == 200
    assert client.post(LIFE).status_code == 403


def test_one_session_too_many_ends_the_oldest_which_is_told_why(bank: Lender, somebody: User) -> None:
    clients = [enter(somebody) for _number in range(3)]
    assert [client.get(HOME).status_code for client in clients] == [200] * 3
    clients.append(enter(somebody))
    words = words_after(clients[0])
    assert "最多同时登录 3 处" in words
    assert "修改密码" in words
    assert [client.get(HOME).status_code for client in clients[1:]] == [200] * 3
    with bank.open():
        event = AuditEvent.objects.get(action="core.session.displaced")
    assert event.object_id == bank.members["officer"].id


def test_sessions_that_are_over_take_no_place(somebody: User) -> None:
    old = [enter(somebody) for _number in range(2)]
    for client in old:
        age(client, seen_minutes=40)
    clients = [enter(somebody) for _number in range(3)]
    assert [client.get(HOME).status_code for client in clients] == [200] * 3
    assert "未操作" not in words_after(old[0])


def test_a_session_of_before_the_rules_keeps_its_age(somebody: User) -> None:
    """After an upgrade: what a session of the former version told of itself counts."""
    client = enter(somebody)
    UserSession.objects.filter(pk=row_of(client).pk).update(data={})
    assert client.get(HOME).status_code == 200
    assert row_of(client).data[RULES] == SessionRules().as_kept()
    UserSession.objects.filter(pk=row_of(client).pk).update(data={}, last_seen_at=timezone.now() - timedelta(hours=1))
    assert "未操作" in words_after(client)


class TestTheLendersRules:
    def test_stricter_ones_count_at_once_and_laxer_ones_later(self, bank: Lender, somebody: User) -> None:
        client = enter(somebody)
        set_rules(bank, idle=10, at_once=1)
        age(client, seen_minutes=11)
        assert "连续 10 分钟" in words_after(client)
        client = enter(somebody)
        set_rules(bank, idle=60)
        assert row_of(client).data[RULES]["idle_minutes"] == 10
        assert row_of(enter(somebody)).data[RULES] == SessionRules(60, 12, 3).as_kept()

    def test_the_strictest_of_ones_lenders_count_everywhere(self, cast: Cast, somebody: User) -> None:
        with cast.other.open():
            Membership.objects.create(user=somebody, display_name="two", audit_event_id=uuid7())
        set_rules(cast.other, idle=15, hours=12)
        set_rules(cast.bank, idle=20, hours=8, at_once=2)
        assert rules_of(somebody) == SessionRules(15, 8, 2)

    def test_a_lenders_rules_touch_its_own_people_only(self, cast: Cast, client_of: Any) -> None:
        ours, theirs = client_of(cast.bank, "officer"), client_of(cast.other, "officer")
        for client in (ours, theirs):
            assert client.get("/home/").status_code == 200
        set_rules(cast.other, idle=5)
        assert row_of(ours).data[RULES]["idle_minutes"] == 30
        assert row_of(theirs).data[RULES]["idle_minutes"] == 5

    @pytest.mark.parametrize(
        ("figures", "field"),
        [((4, 12, 3), "idle_minutes"), ((61, 12, 3), "idle_minutes"), ((30, 13, 3), "session_hours"),
         ((30, 0, 3), "session_hours"), ((30, 12, 0), "sessions_at_once"), ((30, 12, 11), "sessions_at_once")],
    )  # fmt: skip
    def test_they_have_bounds(self, bank: Lender, figures: tuple[int, int, int], field: str) -> None:
        with pytest.raises(Invalid) as caught:
            set_rules(bank, *figures)
        assert list(caught.value.fields) == [field]

    def test_they_are_set_on_the_page(self, bank: Lender, client_of: Any) -> None:
        admin = client_of(bank, "admin").confirmed()
        page = admin.get("/access/").content.decode()
        assert 'name="idle_minutes" value="30"' in page
        form = {"confirm_minutes": 5, "idle_minutes": 15, "session_hours": 10, "sessions_at_once": 2, "reason": "三级"}
        assert admin.post("/access/", form).status_code == 302
        with bank.open():
            assert AccessPolicy.objects.get().session_rules == SessionRules(15, 10, 2)
        wrong = admin.post("/access/", {**form, "idle_minutes": 90})
        assert wrong.status_code == 422

    def test_nobody_of_no_lender_has_none(self) -> None:
        assert strictest([]) == SessionRules()


class TestWhoEndsThem:
    def test_an_administrator_signs_a_person_out_everywhere(self, bank: Lender, client_of: Any, somebody: User) -> None:
        clients = [enter(somebody), enter(somebody)]
        admin, person = client_of(bank, "admin"), bank.members["officer"]
        assert f"/people/{person.id}/sessions/" in admin.get(f"/people/{person.id}/").content.decode()
        assert admin.post(f"/people/{person.id}/sessions/").status_code == 302
        for client in clients:
            assert "管理员已结束本次登录" in words_after(client)
        assert told(bank, "core.member.sessions_ended") == 1
        assert enter(somebody)

    def test_nobody_else_does(self, bank: Lender, other: Lender, client_of: Any) -> None:
        person = bank.members["officer"]
        assert client_of(bank, "compliance").post(f"/people/{person.id}/sessions/").status_code == 403
        assert client_of(other, "admin").post(f"/people/{person.id}/sessions/").status_code == 404
        with bank.open():
            with pytest.raises(Forbidden):
                member_sessions_end(actor=bank.actor("officer"), membership=bank.members["compliance"])
            with pytest.raises(Conflict):
                member_sessions_end(actor=bank.actor("admin"), membership=bank.members["admin"])

    def test_a_new_password_by_an_administrator_is_told_too(self, bank: Lender, somebody: User) -> None:
        client = enter(somebody)
        with bank.open():
            password_renew(actor=bank.actor("admin"), membership=Membership.objects.get(user=somebody))
        assert "管理员已结束本次登录" in words_after(client)

    def test_factors_that_an_administrator_takes_away_end_sessions_too(self, bank: Lender, somebody: User) -> None:
        client = enter(somebody)
        with bank.open():
            factors_remove(actor=bank.actor("admin"), membership=Membership.objects.get(user=somebody))
        assert "管理员已结束本次登录" in words_after(client)

    def test_whoever_ended_another_of_their_sessions_sees_it_told_there(self, somebody: User) -> None:
        here, there = enter(somebody), enter(somebody)
        page = here.get("/profile/").content.decode()
        assert "127.0.0.1" in page
        assert "30 分钟未操作" in page
        assert here.post(f"/profile/sessions/{row_of(there).pk}/end/").status_code == 302
        assert "从另一处登录结束" in words_after(there)
        assert here.get(HOME).status_code == 200
