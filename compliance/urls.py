from django.urls import path

from carloan.compliance.views import reveals, trail

app_name = "compliance"
urlpatterns = [
    path("trail/", trail.trail, name="trail"),
    path("trail/<uuid:event_id>/", trail.event, name="event"),
    path("trail/<uuid:event_id>/open/", trail.event_open, name="event-open"),
    path("reveal/<str:label>/<uuid:object_id>/<slug:field>/", reveals.reveal, name="reveal"),
]
