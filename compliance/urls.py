from django.urls import path

from carloan.compliance import views

app_name = "compliance"
urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("trail/<uuid:event_id>/", views.event, name="event"),
    path("trail/<uuid:event_id>/open/", views.event_open, name="event-open"),
    path("reveal/<str:label>/<uuid:object_id>/<slug:field>/", views.reveal, name="reveal"),
]
