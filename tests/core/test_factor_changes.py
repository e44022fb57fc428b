"""After a change of how somebody signs in their other sessions end, or they are asked about them (ASVS 5.0, 7.4.3)."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client, RequestFactory

from carloan.core.models import AuditEvent, User
from tests.cast import Lender

PASSWORD, ANOTHER = "anders-blaue-lampe", "anders-gelbe-lampe"


class Desk(Client):
    """A browser in which the officer of a lender has signed in, and confirmed it just now."""

    def __init__(self, lender: Lender) -> None:
        super().__init__()
        self.home = f"/t/{lender.tenant.slug}/home/"
        self.user = User.objects.get(pk=lender.users["officer"].pk)
        if not self.user.has_usable_password():
            self.user.set_password(PASSWORD)
            self.user.save(update_fields=["password"])
        self.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        assert self.get(self.home).status_code == 200
        self.post("/accounts/reauthenticate/", {"password": PASSWORD})

    def is_open(self) -> bool:
        return self.get(self.home).status_code == 200

    def is_asked(self) -> bool:
        return "登录方式已变更" in self.get(self.home).content.decode()

    def words(self) -> str:
        """What is said to whose session has ended."""
        return self.get(self.get(self.home)["Location"]).content.decode()

    def add_app(self) -> None:
        secret = self.get("/accounts/2fa/totp/activate/").context["form"].secret
        code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
        assert self.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302

    def remove_app(self) -> None:
        assert self.post("/accounts/2fa/totp/deactivate/").status_code == 302

    def make_codes(self) -> None:
        assert self.post("/accounts/2fa/recovery-codes/generate/").status_code == 302

    def add_passkey(self) -> None:
        """As the view does that has heard the device."""
        factor = Authenticator.objects.create(user=self.user, type=Authenticator.Type.WEBAUTHN, data={})
        request = RequestFactory().get(self.home)
        request.user, request.session = self.user, self.session
        authenticator_added.send(sender=Authenticator, request=request, user=self.user, authenticator=factor)
        request.session.save()


def test_a_new_password_ends_the_others_and_says_so_there(committed: Lender) -> None:
    there, here = Desk(committed), Desk(committed)
    form = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    assert here.post("/accounts/password/change/", form).status_code == 302
    assert here.is_open()
    assert not here.is_asked()
    assert "密码或第二步验证" in there.words()
    with committed.open():
        assert AuditEvent.objects.filter(action="core.session.ended").count() == 1


def test_the_first_second_step_ends_sessions_that_began_without_one(committed: Lender) -> None:
    there, here = Desk(committed), Desk(committed)
    here.add_app()
    assert "密码或第二步验证" in there.words()
    assert here.is_open()


@pytest.mark.parametrize("change", [Desk.remove_app, Desk.make_codes, Desk.add_passkey])
def test_any_other_change_asks_on_each_page_until_it_is_answered(
    committed: Lender, change: Callable[[Desk], None]
) -> None:
    here = Desk(committed)
    here.add_app()
    there = Desk(committed)
    change(here)
    assert here.is_asked()
    assert here.is_asked()
    assert not there.is_asked()
    assert there.is_open()
    assert here.post("/accounts/sessions/").status_code == 302
    assert "从另一处登录结束" in there.words()
    assert not here.is_asked()


def test_who_leaves_them_is_asked_again_at_the_next_change_only(committed: Lender) -> None:
    here = Desk(committed)
    here.add_app()
    there = Desk(committed)
    here.make_codes()
    assert here.is_asked()
    assert here.post("/profile/sessions/keep/").status_code == 302
    assert not here.is_asked()
    assert there.is_open()
    here.make_codes()
    assert here.is_asked()


def test_nobody_is_asked_about_sessions_that_are_not_there(committed: Lender) -> None:
    here = Desk(committed)
    here.add_app()
    here.make_codes()
    assert not here.is_asked()
    Desk(committed)
    assert not here.is_asked()
