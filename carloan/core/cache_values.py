"""Values of the cache as JSON: whoever can write into the broker must not thereby run code in the web."""

import json
from typing import Any


class JsonSerializer:
    """For Django's RedisCache. Tuples come back as lists; what JSON does not hold is refused when it is stored."""

    def dumps(self, value: Any) -> int | bytes:
        # Whole numbers stay bare, so that the broker can count.
        return value if type(value) is int else json.dumps(value, allow_nan=False).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)
