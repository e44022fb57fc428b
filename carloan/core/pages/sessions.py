"""How long one's own session still lasts, for the page that warns before its end."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_http_methods

from carloan.core.answers import error_body
from carloan.core.doors import open_door
from carloan.core.errors import SignInRequired


@require_http_methods(["GET", "HEAD", "POST"])
@open_door("one's own session belongs to no lender")
def session_life(request: Any) -> HttpResponse:
    """Tell how long it lasts, and the form token that counts now; POST says that the person is there."""
    if (life := request.session_life) is None:
        return JsonResponse(error_body(request, SignInRequired(request.session_ended)), status=SignInRequired.status)
    told = {"left": life.left, "limit": life.limit, "who": str(request.user.pk), "token": get_token(request)}
    return JsonResponse(told)
