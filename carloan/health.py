from django.http import HttpRequest, JsonResponse

from carloan.core.doors import open_door


@open_door("asked by machines before anybody signs in")
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok", "components": {}})
