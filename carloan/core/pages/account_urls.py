"""Sign-in pages of allauth that this installation offers.

Left out: sign-up (people are added by their lender) and everything by e-mail (an installation may have no mail server);
who forgot a password asks the lender's administrator.
"""

from allauth.account import views
from django.urls import include, path

from . import profile, recovery_codes, sign_on

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", profile.PasswordChange.as_view(), name="account_change_password"),
    path("password/forgotten/", profile.password_forgotten, name="account_reset_password"),
    path("sign-on/", sign_on.leave, name="sign_on"),
    path("sign-on/again/", sign_on.once_more, name="sign_on_again"),
    path("sign-on/back/", sign_on.back, name="sign_on_back"),
    path("2fa/recovery-codes/download/", recovery_codes.recovery_codes_file, name="mfa_download_recovery_codes"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
