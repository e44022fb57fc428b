from typing import Any

from django.urls import path

from carloan.messaging.views import asking, receipts, setup

app_name = "messaging"
urlpatterns: list[Any] = [
    path("", setup.setup, name="setup"),
    path("gateways/<slug:channel>/", setup.gateway, name="gateway"),
    path("quiet-hours/", setup.quiet, name="quiet-hours"),
    path("words/<str:kind>/<slug:channel>/<slug:language>/", setup.template, name="template"),
    path("loans/<uuid:loan_id>/ask/", asking.ask, name="ask"),
    path("links/<uuid:link_id>/again/", asking.send_again, name="link-again"),
    path("links/<uuid:link_id>/code/", asking.code, name="link-code"),
    path("links/<uuid:link_id>/revoke/", asking.revoke, name="link-revoke"),
    path("receipts/sms/", receipts.sms, name="receipts"),
]
