"""Single sign-on: with a real provider, and against one that lies in every way that matters."""

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carloan.core import oidc
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent, Membership, SignOn, SignOnLink, User
from carloan.core.pages.sign_on import link_mark
from carloan.core.sealed import clear
from carloan.core.services.people import member_deactivate
from carloan.core.services.sign_on import sign_on_link, sign_on_set, sign_on_unlink
from tests.cast import Lender
from tests.conftest import TenantClient
from tests.core.providers.liar import Liar, Person, lying, real_provider
from tests.core.providers.lies import LIES

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

WAY, BACK = "/t/bank/accounts/sign-on/", "/t/bank/accounts/sign-on/back/"
SECRET = "a secret with : and +%"


@pytest.fixture(autouse=True)
def _fresh(clean_cache: None, settings: Any) -> None:
    oidc.forget()
    settings.SIGN_ON_HOSTS = ["127.0.0.1"]


@pytest.fixture
def liar() -> Iterator[Liar]:
    with lying() as provider:
        yield provider


def use(lender: Lender, issuer: str, **more: Any) -> SignOn:
    facts = {"is_active": True, "passwords_closed": False, "break_glass": None, **more}
    with lender.open():
        return sign_on_set(
            actor=lender.actor("admin"), issuer=issuer, client_id="carloan", client_secret=SECRET, **facts
        )


def leave(client: Client, liar: Liar, query: str = "") -> str:
    """Go to the lying provider; the state that it must give back."""
    answer = client.get(WAY + query)
    assert answer.status_code == 302, answer.content.decode()[:300]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    liar.nonce, liar.challenge = asked["nonce"], asked["code_challenge"]
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    return asked["state"]


def come_back(client: Client, liar: Liar, **more: str) -> Any:
    query = {"state": leave(client, liar), "code": "c", "iss": liar.issuer} | more
    return client.get(f"{BACK}?{urlencode(query)}")


def linked(lender: Lender, liar: Liar, role: str = "officer", subject: str = "s-1") -> None:
    with lender.open():
        sign_on_link(actor=lender.actor(role), issuer=liar.issuer, claims={"sub": subject})


def way_to_link(client: Client) -> str:
    """The link of the profile page, '' where it has none."""
    found = re.search(rf'href="({WAY}\?link=\w+)"', client.get("/t/bank/profile/").content.decode())
    return found[1] if found else ""


def links_there(client: Client, liar: Liar) -> Any:
    """Link one's account from the profile page; the answer to the way back, followed."""
    state = leave(client, liar, way_to_link(client).removeprefix(WAY))
    return client.get(f"{BACK}?{urlencode({'state': state, 'code': 'c'})}", follow=True)


def is_in(client: Client) -> bool:
    return bool(client.get("/t/bank/home/").status_code == 200)


def reasons(lender: Lender) -> list[str]:
    with lender.open():
        rows = AuditEvent.objects.filter(action="core.sign_on.refused").order_by("id")
        return list(rows.values_list("reason_code", flat=True))


def test_somebody_signs_in_with_a_real_provider(bank: Lender, client_of: Any) -> None:
    with real_provider(f"http://testserver{BACK}") as issuer:
        use(bank, issuer)
        first = TenantClient("bank")
        url = Person().signs_in(first.get(WAY).headers["Location"], "officer")
        assert first.get(url.removeprefix("http://testserver")).status_code == 403
        assert not is_in(first)
        own = client_of(bank, "officer").confirmed()
        url = Person().signs_in(own.get(way_to_link(own)).headers["Location"], "officer")
        answer = own.get(url.removeprefix("http://testserver"), follow=True)
        assert answer.redirect_chain == [("/t/bank/profile/", 302)]
        assert "officer@bank.example" in answer.content.decode()
        client = TenantClient("bank")
        page = client.get("/accounts/login/?next=/t/bank/loans/").content.decode()
        assert f"{WAY}?next=%2Ft%2Fbank%2Floans%2F" in page
        there = client.get(f"{WAY}?next=/t/bank/loans/").headers["Location"]
        url = Person().signs_in(there, "officer")
        answer = client.get(url.removeprefix("http://testserver"))
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/t/bank/loans/")
        assert client.get("/loans/").status_code == 200
        with bank.open():
            link = SignOnLink.objects.get()
            assert (link.membership_id, link.subject) == (bank.members["officer"].id, "officer")
            assert AuditEvent.objects.filter(action="core.sign_on.linked").count() == 1
            assert AuditEvent.objects.filter(action="core.sign_in.done", object_id=link.membership_id).exists()
        assert client.get(url.removeprefix("http://testserver")).status_code == 403, "an answer is used once"
        # By the subject alone, whatever the e-mail is.
        User.objects.filter(pk=bank.users["officer"].pk).update(email="")
        again = TenantClient("bank")
        url = Person().signs_in(again.get(WAY).headers["Location"], "officer")
        assert again.get(url.removeprefix("http://testserver")).status_code == 302
        assert is_in(again)
        stranger = TenantClient("bank")
        url = Person().signs_in(stranger.get(WAY).headers["Location"], "unverified")
        assert stranger.get(url.removeprefix("http://testserver")).status_code == 403
        assert not is_in(stranger)
    assert reasons(bank) == ["sign_on_unlinked"]


def test_the_liar_can_also_tell_the_truth(bank: Lender, liar: Liar) -> None:
    """Otherwise every refusal below could be for another reason."""
    use(bank, liar.issuer)
    linked(bank, liar)
    client = TenantClient("bank")
    assert come_back(client, liar).status_code == 302
    assert is_in(client)
    assert liar.proves_its_question()


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_lets_nobody_in(bank: Lender, liar: Liar, lie: str) -> None:
    claims, head, reason = LIES[lie]
    use(bank, liar.issuer)
    linked(bank, liar)
    liar.claims, liar.head = claims, liar.head | head
    if head.get("alg") in ("none", "NONE"):
        liar.signature = ""
    client = TenantClient("bank")
    answer = come_back(client, liar)
    assert answer.status_code == 403
    assert not is_in(client)
    assert reasons(bank) == [f"sign_on_{reason}"]


def test_a_signature_of_somebody_else_is_none(bank: Lender, liar: Liar) -> None:
    use(bank, liar.issuer)
    liar.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert come_back(TenantClient("bank"), liar).status_code == 403
    liar.signs_with, liar.signature = liar.key, "AAAA"
    assert come_back(TenantClient("bank"), liar).status_code == 403
    liar.signature = "not base64!"
    assert come_back(TenantClient("bank"), liar).status_code == 403
    assert set(reasons(bank)) == {"sign_on_signature", "sign_on_token"}


def test_the_answer_to_another_browser_or_another_question_is_none(bank: Lender, liar: Liar) -> None:
    use(bank, liar.issuer)
    client, victim = TenantClient("bank"), TenantClient("bank")
    state = leave(client, liar)
    assert victim.get(f"{BACK}?state={state}&code=c").status_code == 403
    assert not is_in(victim)
    leave(victim, liar)
    assert victim.get(f"{BACK}?state={state}&code=c").status_code == 403
    assert come_back(client, liar, iss="https://login.other.example").status_code == 403
    assert come_back(client, liar, error="access_denied").status_code == 403
    assert come_back(client, liar, state="状态").status_code == 403
    assert not is_in(client)
    assert set(reasons(bank)) == {"sign_on_state", "sign_on_issuer", "sign_on_refused_there"}


def test_the_provider_of_one_lender_opens_no_other_one(bank: Lender, other: Lender, liar: Liar) -> None:
    use(bank, liar.issuer)
    client = TenantClient("bank")
    state = leave(client, liar)
    # The way back of the other lender knows nothing of a question that was asked in the first one's name.
    assert client.get(f"/t/other/accounts/sign-on/back/?state={state}&code=c").status_code == 403
    assert client.get("/t/other/accounts/sign-on/").status_code == 404
    liar.claims = {"email": "officer@other.example"}
    assert come_back(TenantClient("bank"), liar).status_code == 403
    # Whoever works for both is not let in by the provider of one.
    linked(bank, liar, subject="s-2")
    with other.open():
        event_id = other.branches["head"].audit_event_id
        Membership.objects.create(user=bank.users["officer"], display_name="两家", audit_event_id=event_id)
    liar.claims = {"sub": "s-2"}
    with bank.open(), pytest.raises(Forbidden):
        sign_on_link(actor=bank.actor("officer"), issuer=liar.issuer, claims={"sub": "s-1"})
    both = TenantClient("bank")
    assert come_back(both, liar).status_code == 403
    assert reasons(bank)[-1] == "sign_on_nobody"
    assert not is_in(both)


def test_a_session_of_one_lenders_provider_opens_that_lender_only(bank: Lender, other: Lender, liar: Liar) -> None:
    use(bank, liar.issuer)
    linked(bank, liar)
    client = TenantClient("bank")
    come_back(client, liar)
    with other.open():
        event_id = other.branches["head"].audit_event_id
        Membership.objects.create(user=bank.users["officer"], display_name="两家", audit_event_id=event_id)
    assert is_in(client)
    assert client.get("/t/other/home/").status_code == 404


def test_nobody_is_linked_by_what_a_provider_says(bank: Lender, liar: Liar, client_of: Any) -> None:
    """Who sets up the provider runs it, perhaps: it would vouch for every colleague's address."""
    use(bank, liar.issuer)
    assert come_back(TenantClient("bank"), liar).status_code == 403
    linked(bank, liar)
    through = TenantClient("bank")
    assert come_back(through, liar).status_code == 302
    with lying() as mine:
        use(bank, mine.issuer)
        client = TenantClient("bank")
        answer = come_back(client, mine)
        assert answer.status_code == 403
        assert "本人密码或通行密钥" in answer.content.decode()
        assert not is_in(client)
        # Nor in the session that the former provider opened, with the mark that its page would have had.
        assert way_to_link(through) == ""
        request = HttpRequest()
        request.session = through.session
        for mark in (link_mark(request), "guessed"):
            assert through.get(f"{WAY}?link={mark}").headers["Location"] == "/t/bank/profile/"
        own = client_of(bank, "officer").confirmed()
        assert own.get(f"{WAY}?link=guessed").headers["Location"] == "/t/bank/profile/"
        assert len(mine.asked) == 1, "the one sign-in"
    with bank.open():
        assert [link.issuer for link in SignOnLink.objects.all()] == [liar.issuer]
    assert reasons(bank) == ["sign_on_unlinked", "sign_on_link"]


def test_people_link_their_own_account_in_a_session_of_their_own(bank: Lender, liar: Liar, client_of: Any) -> None:
    use(bank, liar.issuer)
    # The address is only shown: at the provider it may be another one, or stand where it tells about people.
    liar.claims = {"email": None}
    liar.about = {"sub": "s-1", "email": "boss@elsewhere.example"}
    own = client_of(bank, "officer")
    asked = own.get(way_to_link(own)).headers["Location"]
    assert asked.startswith("/t/bank/accounts/reauthenticate/"), "the password was given long ago"
    own.confirmed()
    assert "账号未绑定" in links_there(own, liar).content.decode(), "not asked anew"
    liar.claims["auth_time"] = int(time.time())
    liar.about["sub"] = "s-2"
    assert "账号未绑定" in links_there(own, liar).content.decode(), "an address of somebody else"
    liar.about["sub"] = "s-1"
    with bank.open():
        before = set(bank.actor("officer").rights)
        assert not SignOnLink.objects.exists()
    assert "boss@elsewhere.example" in links_there(own, liar).content.decode()
    assert way_to_link(own) == ""
    assert come_back(TenantClient("bank"), liar).status_code == 302
    with bank.open():
        assert set(bank.actor("officer").rights) == before, "no right comes from a provider"
        told = AuditEvent.objects.get(action="core.sign_on.linked")
        assert told.actor_id == told.object_id == bank.members["officer"].id
    colleague = client_of(bank, "service").confirmed()
    assert "账号未绑定" in links_there(colleague, liar).content.decode(), "that account is the officer's"
    linked(bank, liar)  # twice is once
    with bank.open(), pytest.raises(Forbidden):
        sign_on_link(actor=bank.actor("officer"), issuer=liar.issuer, claims={"sub": "s-9"})
    with bank.open():
        sign_on_unlink(actor=bank.actor("admin"), membership=bank.members["officer"])
    assert come_back(TenantClient("bank"), liar).status_code == 403
    assert reasons(bank) == ["sign_on_again", "sign_on_subject", "sign_on_taken", "sign_on_unlinked"]


def test_a_provider_that_lets_in_silently_confirms_nothing(bank: Lender, liar: Liar) -> None:
    """At a desk that was left, signing out and in again would stand for the confirmation that is asked for."""
    use(bank, liar.issuer)
    linked(bank, liar, "admin")
    acts = (f"/people/{bank.members['service'].id}/password/", "/t/bank/accounts/2fa/totp/activate/")
    now = int(time.time())
    for asked_at in (None, now - 3600, now):
        liar.claims = {"auth_time": asked_at}
        come_back(client := TenantClient("bank"), liar)
        asks = [client.post(place).headers.get("Location", "").startswith(WAY) for place in acts]
        assert asks == [asked_at != now] * 2
    assert client.get("/accounts/2fa/").status_code == 200


def test_a_leaver_is_nobody(bank: Lender, liar: Liar) -> None:
    use(bank, liar.issuer)
    linked(bank, liar)
    assert come_back(TenantClient("bank"), liar).status_code == 302
    with bank.open():
        member_deactivate(actor=bank.actor("admin"), membership=bank.members["officer"])
    client = TenantClient("bank")
    assert come_back(client, liar).status_code == 403
    assert not is_in(client)


def test_what_a_provider_publishes_must_be_its_own(bank: Lender, liar: Liar) -> None:
    for published in (
        {"issuer": "https://login.other.example"},
        {"token_endpoint": "http://169.254.169.254/latest"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
    ):
        liar.published = published
        with pytest.raises(Invalid):
            use(bank, liar.issuer)
    for wrong in ("http://login.example.com", "ftp://127.0.0.1", "https://", "https://a:b@login.example.com", "x"):
        with pytest.raises(Invalid):
            use(bank, wrong, is_active=False)
    with bank.open():
        assert not SignOn.objects.exists()


def test_closed_passwords_open_for_one_person_only(bank: Lender, liar: Liar) -> None:
    with pytest.raises(Invalid):
        use(bank, liar.issuer, passwords_closed=True)
    use(bank, liar.issuer, passwords_closed=True, break_glass=bank.members["admin"])
    linked(bank, liar)
    # Who has not linked an account comes in by the password, to do it.
    for role, comes_in in (("officer", False), ("service", True), ("admin", True)):
        user = User.objects.get(pk=bank.users[role].pk)
        user.set_password("long-enough-pass-1")
        user.save(update_fields=["password"])
        client = TenantClient("bank")
        answer = client.post("/accounts/login/", {"login": user.username, "password": "long-enough-pass-1"})
        assert answer.status_code == (302 if comes_in else 403), role
        assert is_in(client) is comes_in
    with bank.open():
        failed = AuditEvent.objects.filter(action="core.sign_in.failed", object_id=bank.members["officer"].id)
        assert failed.count() == 1
    through = TenantClient("bank")
    assert come_back(through, liar).status_code == 302
    assert is_in(through)


def test_who_came_through_the_provider_confirms_there_too(bank: Lender, liar: Liar) -> None:
    use(bank, liar.issuer)
    User.objects.filter(pk=bank.users["admin"].pk).update(must_change_password=True)
    linked(bank, liar, "admin")
    linked(bank, liar, "officer", "s-9")
    client = TenantClient("bank")
    come_back(client, liar)
    assert is_in(client), "no first password to replace: none was used"
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    place = f"/people/{bank.members['service'].id}/password/"
    asked = client.post(place)
    assert asked.headers["Location"].startswith(f"{WAY}again/?next="), "who may have no password is asked for none"
    state = leave(client, liar, "?next=/t/bank/people/")
    liar.claims |= {"auth_time": int(time.time()) - 3600}
    assert client.get(f"{BACK}?state={state}&code=c").headers["Location"] == "/t/bank/home/", "not asked anew"
    assert client.post(place).headers["Location"].startswith(WAY)
    liar.claims |= {"auth_time": int(time.time())}
    for claims, where in (({"sub": "s-9"}, "home"), ({}, "people")):
        truth, liar.claims = liar.claims, liar.claims | claims
        state = leave(client, liar, "?next=/t/bank/people/")
        assert client.get(f"{BACK}?state={state}&code=c").headers["Location"] == f"/t/bank/{where}/"
        liar.claims = truth
    assert reasons(bank) == ["sign_on_again"]  # twice within a minute is told once
    assert client.post(place).status_code == 200


def test_the_way_leads_nowhere_else(bank: Lender, liar: Liar) -> None:
    use(bank, liar.issuer)
    linked(bank, liar)
    client = TenantClient("bank")
    state = leave(client, liar, "?next=https://evil.example/")
    answer = client.get(f"{BACK}?state={state}&code=c")
    assert answer.headers["Location"] == "/t/bank/home/"


def test_the_provider_is_set_up_on_its_page(bank: Lender, liar: Liar, client_of: Any) -> None:
    assert client_of(bank, "compliance").get("/sign-on/").status_code == 403
    with bank.open(), pytest.raises(Forbidden):
        sign_on_set(
            actor=bank.actor("officer"), issuer=liar.issuer, client_id="carloan", client_secret="x", is_active=True,
            passwords_closed=False, break_glass=None,
        )  # fmt: skip
    form = {"issuer": liar.issuer, "client_id": "carloan", "client_secret": SECRET, "is_active": "on"}
    admin = client_of(bank, "admin")
    assert "/accounts/reauthenticate/" in admin.post("/sign-on/", form).headers["Location"]
    page = admin.confirmed().get("/sign-on/").content.decode()
    assert liar.issuer in page, "what was filled in comes back"
    assert "重新输入客户端密钥" in page, "but not the secret, and that is said"
    assert SECRET not in page
    assert re.search(r'name="is_active"[^>]* checked', page)
    admin = client_of(bank, "admin").confirmed()
    assert admin.post("/sign-on/", {**form, "client_secret": ""}).status_code == 422
    assert admin.post("/sign-on/", form).status_code == 302
    page = admin.get("/sign-on/").content.decode()
    assert f"http://testserver{BACK}" in page
    assert SECRET not in page
    with bank.open():
        row = SignOn.objects.get()
        assert clear(row, "client_secret") == SECRET
        assert SECRET.encode() not in bytes(row.client_secret)
    assert admin.post("/sign-on/", {**form, "client_secret": ""}).status_code == 302
    # A secret goes to no other provider than the one it was given for.
    with lying() as thief:
        answer = admin.post("/sign-on/", {**form, "client_secret": "", "issuer": thief.issuer})
        assert answer.status_code == 422
    linked(bank, liar)
    assert come_back(TenantClient("bank"), liar).status_code == 302
    assert admin.post(f"/sign-on/{bank.members['officer'].id}/unlink/").status_code == 302
    assert admin.post(f"/sign-on/{bank.members['officer'].id}/unlink/").status_code == 404


def test_the_provider_is_asked_before_a_row_is_held(bank: Lender, liar: Liar, monkeypatch: pytest.MonkeyPatch) -> None:
    use(bank, liar.issuer)
    real = oidc.provider_of
    seen: list[str] = []

    def overtaken(issuer: str) -> dict[str, Any]:
        seen.extend(query["sql"] for query in watched.captured_queries)
        SignOn.objects.update(audit_event_id=uuid7())
        return real(issuer)

    monkeypatch.setattr(oidc, "provider_of", overtaken)
    with CaptureQueriesContext(connection) as watched, pytest.raises(Conflict):
        use(bank, liar.issuer)
    assert seen
    assert not [sql for sql in seen if "FOR UPDATE" in sql]


# The wire -------------------------------------------------------------------------------------------------------------


def test_no_provider_leads_into_our_own_network(bank: Lender, liar: Liar, settings: Any) -> None:
    """Unless the operator names it. And the form tells no more than of one that answers nonsense."""
    sentences = set()
    liar.published = {"issuer": "https://login.other.example"}
    with pytest.raises(Invalid) as nonsense:
        use(bank, liar.issuer)
    sentences.add(str(nonsense.value.fields))
    liar.published = {}
    settings.SIGN_ON_HOSTS = []
    for issuer in (liar.issuer, liar.issuer.replace("127.0.0.1", "localhost")):
        with pytest.raises(Invalid) as within:
            use(bank, issuer)
        sentences.add(str(within.value.fields))
    assert len(sentences) == 1
    # What a provider names is looked at too, at each call.
    settings.SIGN_ON_HOSTS = ["127.0.0.1"]
    use(bank, liar.issuer)
    linked(bank, liar)
    liar.published = {"token_endpoint": f"{liar.issuer.replace('127.0.0.1', 'localhost')}/token"}
    oidc.forget()
    assert come_back(TenantClient("bank"), liar).status_code == 403
    assert liar.asked == []
    assert reasons(bank) == ["sign_on_no_answer"]
