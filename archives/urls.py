from django.urls import path

from carloan.archives.views import desk, files, finding, opened, paper, queue, tracing

app_name = "archives"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("upload/", desk.upload, name="upload"),
    path("next/", queue.next_paper, name="next"),
    path("claims/", queue.claims, name="claims"),
    path("assign/", queue.assign, name="assign"),
    path("search/", finding.text_search, name="search"),
    path("search/facets/", finding.text_facets, name="search-facets"),
    path("loans/<uuid:loan_id>/", desk.loan_papers, name="loan-papers"),
    path("papers/<uuid:paper_id>/", paper.paper, name="paper"),
    path("papers/states/", paper.paper_states, name="paper-states"),
    path("papers/<uuid:paper_id>/state/", paper.paper_state, name="paper-state"),
    path("papers/<uuid:paper_id>/pages/<int:number>/", paper.page, name="page"),
    path("papers/<uuid:paper_id>/pages/<int:number>/received/", paper.received, name="page-received"),
    path("papers/<uuid:paper_id>/copy/", files.copy, name="copy"),
    path("papers/<uuid:paper_id>/original/", files.original, name="original"),
    path("trace/", tracing.trace, name="trace"),
    path("papers/<uuid:paper_id>/picture/ask/", opened.picture_ask, name="picture-ask"),
    path("papers/<uuid:paper_id>/correct/", paper.correct, name="correct"),
    path("papers/<uuid:paper_id>/unfile/", paper.unfile, name="unfile"),
    path("papers/<uuid:paper_id>/move/", paper.move, name="move"),
    path("papers/<uuid:paper_id>/return/", paper.give_back, name="return"),
]
