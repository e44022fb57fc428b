"""Pictures of a given size in bytes, each another one."""

import io

import numpy
from PIL import Image


def photo(serial: int, size: int) -> bytes:
    """A JPEG that any reader opens, followed by so many bytes of nothing as make it `size` long (cameras do so too)."""
    noise = numpy.random.default_rng(serial).integers(0, 255, (4, 6, 3), dtype=numpy.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).resize((150, 100)).save(out, "JPEG", quality=40)
    data = out.getvalue()
    assert len(data) <= size, len(data)
    return data + bytes(size - len(data))
