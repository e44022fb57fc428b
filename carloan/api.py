"""The API, version 1: the apps' addresses and their description."""

from typing import Any

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns: list[Any] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include("carloan.core.api_urls")),
    path("loans/", include("carloan.loans.api_urls")),
    path("papers/", include("carloan.archives.api_urls")),
    path("rooms/", include("carloan.archives.api_rooms_urls")),
]
