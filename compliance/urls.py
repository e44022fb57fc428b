from django.urls import path

from carloan.compliance.views import anomalies, proofs, reveals, seal, trail

app_name = "compliance"
urlpatterns = [
    path("trail/", trail.trail, name="trail"),
    path("trail/export.csv", trail.export, {"kind": "csv"}, name="trail-export-csv"),
    path("trail/export.xlsx", trail.export, {"kind": "xlsx"}, name="trail-export-xlsx"),
    path("trail/views/", trail.view_keep, name="trail-view-keep"),
    path("trail/views/<uuid:view_id>/drop/", trail.view_drop, name="trail-view-drop"),
    path("trail/<uuid:event_id>/", trail.event, name="event"),
    path("trail/<uuid:event_id>/proof/", proofs.proof, name="proof"),
    path("trail/<uuid:event_id>/proof.json", proofs.proof_file, name="proof-file"),
    path("seal/", seal.seal, name="seal"),
    path("anomalies/", anomalies.anomalies, name="anomalies"),
    path("anomalies/rules/", anomalies.rules, name="anomaly-rules"),
    path("anomalies/<uuid:anomaly_id>/", anomalies.anomaly, name="anomaly"),
    path("anomalies/<uuid:anomaly_id>/reopen/", anomalies.reopen, name="anomaly-reopen"),
    path("verify/", proofs.verify, name="verify"),
    path("trail/<uuid:event_id>/open/", trail.event_open, name="event-open"),
    path("reveal/<str:label>/<uuid:object_id>/<slug:field>/", reveals.reveal, name="reveal"),
]
