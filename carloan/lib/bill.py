"""A bill of materials (CycloneDX 1.6) from lock files: every library once, with its hashes and who asks for it.

Nothing in it depends on the day or the machine: the same locks and licences make the same bytes.
"""

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

SPEC: Final = "1.6"
# What runs, what a part of the product is made with, and what only tests and tools use (CycloneDX, component.scope).
Scope = str
Licence = dict[str, Any]
REQUIRED, EXCLUDED = "required", "excluded"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]*?))?\s*\\?$")
_HASH = re.compile(r"--hash=(?P<alg>sha256|sha384|sha512):(?P<hex>[0-9a-f]+)")
_VIA = re.compile(r"^\s+#\s+(?:via\s+)?(?P<name>[A-Za-z0-9._-]+)(?:\s|$)")
_NEEDS: Final = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_ALGORITHMS: Final = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


@dataclass
class Library:
    """One version of one library. `asked_by` are package URLs, or the name of the product itself."""

    purl: str
    name: str
    version: str
    scope: Scope
    hashes: set[tuple[str, str]] = field(default_factory=set)
    asked_by: set[str] = field(default_factory=set)
    locks: set[str] = field(default_factory=set)
    marker: str = ""
    licence: str = ""
    group: str = ""


def spdx(expression: str) -> list[Licence]:
    """What is said in SPDX's own words."""
    return [{"expression": expression}]


def called(names: Iterable[str]) -> list[Licence]:
    """Licences that have a name only."""
    return [{"license": {"name": name}} for name in names]


class UnreadableLock(ValueError):
    """A line of a lock that is no pin, hash or remark: a library could be missing from the bill."""


def python_libraries(text: str, *, lock: str, scope: Scope, product: str) -> list[Library]:
    """The pins of a requirements file as uv writes it, with hashes and the remarks that say who asks for what.

    Raises UnreadableLock for any other line, and for a pin without a hash.
    """
    found: list[Library] = []
    for number, line in enumerate(text.splitlines(), 1):
        if pin := _PIN.match(line):
            name, version = pin["name"].lower(), pin["version"]
            purl = f"pkg:pypi/{name}@{quote(version)}"
            found.append(Library(purl, name, version, scope, locks={lock}, marker=(pin["marker"] or "").strip()))
        elif found and line.lstrip().startswith("--hash=") and (hashed := _HASH.search(line)):
            found[-1].hashes.add((_ALGORITHMS[hashed["alg"]], hashed["hex"]))
        elif found and line.startswith("    #"):
            if (via := _VIA.match(line)) and via["name"] != "via":
                found[-1].asked_by.add(via["name"].lower())
        elif line.strip() and not line.startswith("#"):
            raise UnreadableLock(f"{lock}:{number}: {line}")
    if bare := [each.purl for each in found if not each.hashes]:
        raise UnreadableLock(f"{lock}: no hash of {', '.join(bare)}")
    # Remarks name libraries without their version: one that is locked in several is asked for in each.
    of_name: dict[str, set[str]] = {}
    for each in found:
        of_name.setdefault(each.name, set()).add(each.purl)
    for each in found:
        each.asked_by = set().union(*(of_name.get(name, {product}) for name in each.asked_by))
    return found


def npm_libraries(text: str, *, lock: str, product: str) -> list[Library]:
    """The packages of an npm lock (version 3). What is only needed for building, checking or another system is excluded
    from what runs; a package that lies in several folders is one library.

    Raises UnreadableLock for another version, and for a package without its hash.
    """
    data = json.loads(text)
    if data.get("lockfileVersion") != 3:
        raise UnreadableLock(f"{lock}: not of version 3")
    packages: Mapping[str, Any] = data["packages"]
    found: dict[str, Library] = {}
    at: dict[str, Library] = {}
    for path, package in packages.items():
        if not path:
            continue
        name = path.rpartition("node_modules/")[2]
        group, _slash, short = name.rpartition("/")
        version = package["version"]
        if "integrity" not in package:
            raise UnreadableLock(f"{lock}: no hash of {path}")
        purl = f"pkg:npm/{quote(group, safe='')}{'/' if group else ''}{short}@{quote(version)}"
        scope = EXCLUDED if package.get("dev") or package.get("devOptional") else REQUIRED
        library = found.setdefault(purl, Library(purl, short, version, scope, locks={lock}, group=group))
        library.scope = REQUIRED if REQUIRED in (library.scope, scope) else EXCLUDED
        library.licence = package.get("license", "")
        for part in package["integrity"].split():
            algorithm, _dash, digest = part.partition("-")
            library.hashes.add((_ALGORITHMS[algorithm], base64.b64decode(digest).hex()))
        at[path] = library
    for path, package in packages.items():
        for name in {name for kind in _NEEDS for name in package.get(kind, ())}:
            if (place := _resolved(path, name, packages)) is not None:
                at[place].asked_by.add(at[path].purl if path else product)
    return list(found.values())


def _resolved(path: str, name: str, packages: Mapping[str, Any]) -> str | None:
    """Where npm finds a package from a folder: in it, or in the nearest one above."""
    while True:
        place = f"{path}/node_modules/{name}" if path else f"node_modules/{name}"
        if place in packages:
            return place
        if not path:
            return None
        path = path.rpartition("node_modules/")[0].rstrip("/")


def merged(*lists: Iterable[Library]) -> list[Library]:
    """All of them, each once: what one lock requires is required, and hashes and askers are those of all."""
    found: dict[str, Library] = {}
    for each in (library for libraries in lists for library in libraries):
        known = found.setdefault(each.purl, each)
        if known is not each:
            known.scope = REQUIRED if REQUIRED in (known.scope, each.scope) else EXCLUDED
            known.hashes |= each.hashes
            known.asked_by |= each.asked_by
            known.locks |= each.locks
            known.licence = known.licence or each.licence
    return sorted(found.values(), key=lambda library: library.purl)


def bill(
    libraries: Iterable[Library],
    *,
    product: str,
    version: str,
    licences_of: Callable[[Library], list[Licence]],
    made_at: str = "",
) -> dict[str, Any]:
    """The document. `licences_of` gives those of a library, as `spdx` and `called` write them, or none where they are
    not known; `made_at` is a moment of ISO 8601, and left out it stays out."""
    rows = list(libraries)
    own = f"{product}@{version}"
    asks: dict[str, list[str]] = {own: [], **{each.purl: [] for each in rows}}
    for each in rows:
        # Locks of tools name nobody who asks for the tool.
        for asker in each.asked_by or {product}:
            asks[own if asker == product else asker].append(each.purl)
    document: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "version": 1,
        "metadata": {
            **({"timestamp": made_at} if made_at else {}),
            "component": {"type": "application", "bom-ref": own, "name": product, "version": version},
        },
        "components": [_component(each, licences_of(each)) for each in rows],
        "dependencies": [{"ref": ref, "dependsOn": sorted(needed)} for ref, needed in sorted(asks.items())],
    }
    # The number of a document is a name of its content.
    content = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return {**document, "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, content)}"}


def _component(library: Library, licences: list[Licence]) -> dict[str, Any]:
    properties = [{"name": "carloan:lock", "value": lock} for lock in sorted(library.locks)]
    if library.marker:
        properties.append({"name": "carloan:marker", "value": library.marker})
    return {
        "type": "library",
        "bom-ref": library.purl,
        **({"group": library.group} if library.group else {}),
        "name": library.name,
        "version": library.version,
        "scope": library.scope,
        "hashes": [{"alg": algorithm, "content": digest} for algorithm, digest in sorted(library.hashes)],
        **({"licenses": licences} if licences else {}),
        "purl": library.purl,
        "properties": properties,
    }
