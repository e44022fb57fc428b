from django.urls import path

from carloan.archives import api

urlpatterns = [
    path("", api.PapersView.as_view(), name="api-papers"),
    path("<uuid:paper_id>/", api.PaperView.as_view(), name="api-paper"),
    path("<uuid:paper_id>/copy/", api.CopyView.as_view(), name="api-paper-copy"),
    path("<uuid:paper_id>/original/", api.OriginalView.as_view(), name="api-paper-original"),
]
