"""Pages and JSON leave compressed; files do not: papers are streamed in ranges, and images gain nothing."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/html", "application/json", "text/csv", "application/vnd.oai.openapi")


class PageCompressionMiddleware(GZipMiddleware):
    """Django's compression, with its random padding against guessing secrets by length, for whole texts only."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(TEXTS):
            return response
        return super().process_response(request, response)
