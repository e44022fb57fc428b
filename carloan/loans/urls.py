from typing import Any

from django.urls import path

from .views import edit, grants, import_results, imports, listing, loan, opened, people

app_name = "loans"
urlpatterns: list[Any] = [
    path("", listing.loans, name="list"),
    path("export.csv", listing.export, {"kind": "csv"}, name="export-csv"),
    path("export.xlsx", listing.export, {"kind": "xlsx"}, name="export-xlsx"),
    path("export/ask/", opened.export_ask, name="export-ask"),
    path("views/", listing.view_keep, name="view-keep"),
    path("views/<uuid:view_id>/drop/", listing.view_drop, name="view-drop"),
    path("new/", edit.new, name="new"),
    path("preview/", edit.preview, name="preview"),
    path("imports/", imports.batches, name="imports"),
    path("imports/new/", imports.upload, name="import"),
    path("imports/<uuid:batch_id>/", imports.batch, name="batch"),
    path("imports/<uuid:batch_id>/map/", imports.batch_map, name="batch-map"),
    path("imports/<uuid:batch_id>/run/", imports.batch_run, name="batch-run"),
    path("imports/<uuid:batch_id>/errors.csv", imports.batch_errors, name="batch-errors"),
    path("imports/<uuid:batch_id>/results/", import_results.results, name="batch-results"),
    path("imports/<uuid:batch_id>/results.csv", import_results.results_csv, name="batch-results-csv"),
    path("<uuid:loan_id>/", loan.detail, name="detail"),
    path("<uuid:loan_id>/edit/", edit.edit, name="edit"),
    path("<uuid:loan_id>/move/<slug:event>/", loan.move, name="move"),
    path("<uuid:loan_id>/pay/", loan.pay, name="pay"),
    path("<uuid:loan_id>/payments/<uuid:payment_id>/undo/", loan.unpay, name="unpay"),
    path("<uuid:loan_id>/payments/<uuid:payment_id>/allocate/", loan.reallocate, name="reallocate"),
    path("<uuid:loan_id>/grants/", grants.grants, name="grants"),
    path("<uuid:loan_id>/grants/<uuid:grant_id>/end/", grants.grant_end, name="grant-end"),
    path("<uuid:loan_id>/people/new/", people.person_new, name="person-new"),
    path("<uuid:loan_id>/people/<uuid:row_id>/", people.person, name="person"),
    path("<uuid:loan_id>/people/<uuid:row_id>/end/", people.person_end, name="person-end"),
    path("<uuid:loan_id>/people/<uuid:row_id>/contacts/<uuid:contact_id>/end/", people.contact_end, name="contact-end"),
]
