from django.urls import path

from carloan.archives import api

urlpatterns = [
    path("", api.PapersView.as_view(), name="api-papers"),
    path("<uuid:paper_id>/", api.PaperView.as_view(), name="api-paper"),
]
