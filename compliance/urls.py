from django.urls import path

from carloan.compliance.views import masking, openings, reveals, trail

app_name = "compliance"
urlpatterns = [
    path("trail/", trail.trail, name="trail"),
    path("trail/<uuid:event_id>/", trail.event, name="event"),
    path("trail/<uuid:event_id>/open/", trail.event_open, name="event-open"),
    path("masking/", masking.policy, name="masking"),
    path("openings/", openings.openings, name="openings"),
    path("openings/<uuid:opening_id>/", openings.opening, name="opening"),
    path("openings/<uuid:opening_id>/decide/", openings.opening_decided, name="opening-decide"),
    path("openings/<uuid:opening_id>/withdraw/", openings.opening_withdrawn, name="opening-withdraw"),
    path("openings/<uuid:opening_id>/open/", openings.opening_opened, name="opening-open"),
    path("reveal/<str:label>/<uuid:object_id>/<slug:field>/", reveals.reveal, name="reveal"),
]
