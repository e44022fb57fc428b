from django.urls import path

from carloan.compliance.views import destruction, holds, retention, reveals, trail

app_name = "compliance"
urlpatterns = [
    path("trail/", trail.trail, name="trail"),
    path("trail/<uuid:event_id>/", trail.event, name="event"),
    path("trail/<uuid:event_id>/open/", trail.event_open, name="event-open"),
    path("retention/", retention.retention, name="retention"),
    path("retention/draft/", retention.retention_draft, name="retention-draft"),
    path("retention/<uuid:policy_id>/", retention.retention_policy, name="retention-policy"),
    path("retention/<uuid:policy_id>/publish/", retention.retention_publish, name="retention-publish"),
    path("holds/", holds.holds, name="holds"),
    path("holds/new/", holds.hold_new, name="hold-new"),
    path("holds/<uuid:hold_id>/", holds.hold, name="hold"),
    path("holds/<uuid:hold_id>/extend/", holds.hold_extend, name="hold-extend"),
    path("holds/<uuid:hold_id>/release/", holds.hold_release, name="hold-release"),
    path("destruction/", destruction.batches, name="destructions"),
    path("destruction/new/", destruction.batch_new, name="destruction-new"),
    path("destruction/<uuid:destruction_id>/", destruction.batch, name="destruction"),
    path("destruction/<uuid:destruction_id>/speak/", destruction.batch_speak, name="destruction-speak"),
    path(
        "destruction/<uuid:destruction_id>/items/<uuid:item_id>/drop/", destruction.item_drop, name="destruction-drop"
    ),
    path("reveal/<str:label>/<uuid:object_id>/<slug:field>/", reveals.reveal, name="reveal"),
]
