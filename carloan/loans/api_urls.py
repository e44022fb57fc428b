from typing import Any

from django.urls import path

from . import api

urlpatterns: list[Any] = [
    path("", api.LoansView.as_view(), name="api-loans"),
    path("import/", api.ImportView.as_view(), name="api-loans-import"),
    path("<uuid:loan_id>/", api.LoanView.as_view(), name="api-loan"),
]
