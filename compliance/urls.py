from django.urls import path

from carloan.compliance.views import retention, reveals, trail

app_name = "compliance"
urlpatterns = [
    path("trail/", trail.trail, name="trail"),
    path("trail/<uuid:event_id>/", trail.event, name="event"),
    path("trail/<uuid:event_id>/open/", trail.event_open, name="event-open"),
    path("retention/", retention.retention, name="retention"),
    path("retention/draft/", retention.retention_draft, name="retention-draft"),
    path("retention/<uuid:policy_id>/", retention.retention_policy, name="retention-policy"),
    path("retention/<uuid:policy_id>/publish/", retention.retention_publish, name="retention-publish"),
    path("reveal/<str:label>/<uuid:object_id>/<slug:field>/", reveals.reveal, name="reveal"),
]
