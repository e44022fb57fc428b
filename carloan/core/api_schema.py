"""What the description of the API says about every route: errors have one shape."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

ERROR: dict[str, Any] = {
    "type": "object",
    "description": "Every answer of status 400 and above. `fields` says by field what is wrong with the input.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "request_id"],
            "properties": {
                "code": {"type": "string", "description": "For programs."},
                "message": {"type": "string", "description": "For people, in the language of Accept-Language."},
                "request_id": {"type": "string", "format": "uuid"},
                "missing": {"type": "string", "description": "Of a 403: the right that the sender lacks."},
                "fields": {
                    "type": "object",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
        "papers": {"type": "array", "items": {"type": "object"}, "description": "What is safe nevertheless."},
        "refused": {"type": "array", "items": {"type": "object"}, "description": "What was not taken, and why."},
    },
}


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=(
        "Chosen by the sender, best a UUID: 1 to 255 ASCII characters without spaces, commas, semicolons and quotation "
        "marks, or any printable ones as a string of structured fields (RFC 9651), in quotation marks; whatever else "
        "is refused (400, `idempotency_key`). The same key with the same body from the same sender "
        "within 24 hours is not carried out again: the answer names what was made the first time, as it is now. With "
        "another body it is refused (422, `idempotency_key_reused`), while the first request is at work as well (409, "
        "`idempotency_in_progress`, with `Retry-After`)."
    ),
)


def describe_errors(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: the error as the answer of every status that a route does not name."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    answer = {
        "description": "The request was not carried out.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    for methods in result["paths"].values():
        for operation in methods.values():
            operation["responses"].setdefault("default", answer)
    return result
