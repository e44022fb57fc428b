from django.urls import path

from carloan.archives import api_rooms

urlpatterns = [path("events/", api_rooms.RoomEventsView.as_view(), name="api-rooms")]
