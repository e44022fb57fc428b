"""The borrower's door: everything behind a one-time link stands below its address, and nothing else does."""

from typing import Any

from django.urls import path

from carloan.messaging.views import capture, door

app_name = "door"
urlpatterns: list[Any] = [
    path("<slug:token>/", door.door, name="door"),
    path("<slug:token>/code/", door.ask_code, name="code"),
    path("<slug:token>/enter/", door.enter, name="enter"),
    path("<slug:token>/finish/", door.finish, name="finish"),
    path("<slug:token>/uploads/", capture.begin, name="uploads"),
    path("<slug:token>/uploads/<uuid:upload_id>/", capture.upload, name="upload"),
]
