"""The kernel's API: search over everything, and the progress of jobs."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.urls import get_script_prefix
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from . import jobs
from .listing import check_names, searched
from .search import search
from .services.searching import search_asked, search_read


class HitSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    id = serializers.UUIDField()
    title = serializers.CharField()
    subtitle = serializers.CharField()
    url = serializers.CharField(help_text="Path of its page in the browser.")


class FoundSerializer(serializers.Serializer[Any]):
    query = serializers.CharField()
    results = HitSerializer(many=True)


class JobSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    result = serializers.DictField()
    error = serializers.CharField(source="error_shown")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class SearchView(APIView):
    """Loans, parties, vehicles and papers by number, identifier (whole or its end), name or text."""

    doors = {"GET": "search.use"}

    @extend_schema(  # type: ignore[untyped-decorator]
        parameters=[OpenApiParameter("q", str, required=True)], responses=FoundSerializer
    )
    def get(self, request: Any) -> Response:
        check_names(request.query_params, known=("q",))
        query = searched(request.query_params)
        actor = request._request.actor
        search_asked(actor=actor, place="core.search", query=query)
        found = search(actor, query, limit=50)
        search_read(actor=actor, found=found)
        hits = [replace(hit, url=_page(request._request, hit.url)) for _, group in found for hit in group]
        return Response(FoundSerializer({"query": query, "results": hits}).data)


def _page(request: Any, url: str) -> str:
    """The path of a page of the caller's lender. A key names the lender, so that the API's own path does not."""
    if not url or request.tenant_slug:
        return url
    prefix = get_script_prefix()
    return f"{prefix}t/{request.tenant.slug}/{url.removeprefix(prefix)}"


class JobView(APIView):
    """The state and progress of long work."""

    doors = {"GET": "jobs.view"}

    @extend_schema(responses=JobSerializer)  # type: ignore[untyped-decorator]
    def get(self, request: Any, job_id: UUID) -> Response:
        return Response(JobSerializer(jobs.get_job_for(request._request.actor, job_id)).data)
