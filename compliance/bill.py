"""The product's bill of materials: its own lock files, and the licences that installed libraries name."""

from importlib.metadata import PackageNotFoundError, metadata
from typing import Any, Final

from django.conf import settings

from carloan.lib.bill import (
    EXCLUDED,
    REQUIRED,
    Library,
    Licence,
    bill,
    called,
    merged,
    npm_libraries,
    python_libraries,
    spdx,
)

PRODUCT: Final = "carloan"
# What runs in production, and what only builds or tests it.
PYTHON_LOCKS: Final = {
    "requirements.lock": REQUIRED,
    "requirements-dev.lock": EXCLUDED,
    "requirements-uv.lock": EXCLUDED,
    "requirements-node.lock": EXCLUDED,
}
NPM_LOCK: Final = "frontend/package-lock.json"
LONGEST_NAME: Final = 60


def bill_of_materials(*, made_at: str = "") -> dict[str, Any]:
    """CycloneDX 1.6, the same for the same locks; `made_at` only where somebody wants a moment in it.

    Raises UnreadableLock for a lock that does not name and hash all that it holds.
    """
    root = settings.BASE_DIR
    python = [
        python_libraries((root / name).read_text(), lock=name, scope=scope, product=PRODUCT)
        for name, scope in PYTHON_LOCKS.items()
    ]
    npm = npm_libraries((root / NPM_LOCK).read_text(), lock=NPM_LOCK, product=PRODUCT)
    return bill(
        merged(*python, npm), product=PRODUCT, version=settings.VERSION, licences_of=_licences_of, made_at=made_at
    )


def _licences_of(library: Library) -> list[Licence]:
    """What a lock says; or what the installed library of this very version says of itself."""
    if library.licence:
        return spdx(library.licence)
    try:
        said = metadata(library.name) if library.purl.startswith("pkg:pypi/") else None
    except PackageNotFoundError:
        said = None
    if said is None or said["Version"] != library.version:
        return []
    if expression := said.get_all("License-Expression"):
        return spdx(expression[0])
    named = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or () if line.startswith("License :: ")]
    # Some write the whole text there.
    text = next(iter(said.get_all("License") or ()), "").strip()
    return called(named or ([text] if text and len(text) <= LONGEST_NAME and "\n" not in text else []))
