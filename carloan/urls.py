"""Every address of the site; the middleware takes /t/<slug> off before these patterns see a path."""

from typing import Any

from django.urls import include, path

from carloan.core import answers
from carloan.core.pages import lockout
from carloan.health import healthz

urlpatterns: list[Any] = [
    path("", include("carloan.core.pages.urls")),
    path("compliance/", include("carloan.compliance.urls")),
    path("loans/", include("carloan.loans.urls")),
    path("messages/", include("carloan.messaging.urls")),
    path("d/", include("carloan.messaging.door_urls")),
    path("archives/", include("carloan.archives.urls")),
    path("accounts/", include("carloan.core.pages.account_urls")),
    path("api/v1/", include("carloan.api")),
    path("healthz", healthz, name="healthz"),
]

handler400 = answers.bad_request
handler403 = answers.permission_denied
handler404 = answers.page_not_found
handler429 = lockout.too_many  # asked by allauth's limits
handler500 = answers.server_error
