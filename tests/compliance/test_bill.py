"""The bill of materials names each locked library once, with its hashes, and is the same for the same locks."""

import json
import re
import subprocess
import sys
from collections import Counter
from io import StringIO
from os import environ
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from carloan.compliance.bill import NPM_LOCK, PYTHON_LOCKS, bill_of_materials
from carloan.lib.bill import UnreadableLock, npm_libraries, python_libraries

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return bill_of_materials()


def locked() -> set[str]:
    """Read with other means than those of the bill."""
    found = set()
    for lock in ROOT.glob("requirements*.lock"):
        for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock.read_text(), re.M):
            found.add(f"pkg:pypi/{name.lower()}@{version}")
    for path, package in json.loads((ROOT / NPM_LOCK).read_text())["packages"].items():
        if path:
            found.add(f"pkg:npm/{path.split('node_modules/')[-1].replace('@', '%40')}@{package['version']}")
    return found


def test_each_locked_library_stands_in_it_once(bill: dict[str, Any]) -> None:
    counts = Counter(each["purl"] for each in bill["components"])
    assert set(counts) == locked()
    assert set(counts.values()) == {1}
    assert {lock.name for lock in ROOT.glob("requirements*.lock")} == set(PYTHON_LOCKS)


def test_each_has_hashes_a_scope_and_somebody_who_asks_for_it(bill: dict[str, Any]) -> None:
    sizes = {"SHA-256": 64, "SHA-384": 96, "SHA-512": 128}
    refs = {each["bom-ref"] for each in bill["components"]}
    asked = {ref for each in bill["dependencies"] for ref in each["dependsOn"]}
    assert asked == refs
    assert {each["ref"] for each in bill["dependencies"]} == refs | {f"carloan@{settings.VERSION}"}
    for each in bill["components"]:
        assert each["hashes"], each["purl"]
        assert all(len(hashed["content"]) == sizes[hashed["alg"]] for hashed in each["hashes"]), each["purl"]
        assert each["scope"] in ("required", "excluded")
    scopes = {each["name"]: each["scope"] for each in bill["components"]}
    assert (scopes["django"], scopes["htmx.org"], scopes["pytest"], scopes["esbuild"]) == (
        "required", "required", "excluded", "excluded",
    )  # fmt: skip


def test_it_says_the_licences_that_are_known(bill: dict[str, Any]) -> None:
    of = {each["name"]: each.get("licenses") for each in bill["components"]}
    assert of["django"] in ([{"expression": "BSD-3-Clause"}], [{"license": {"name": "BSD License"}}])
    assert of["htmx.org"] == [{"expression": "0BSD"}]
    for each in bill["components"]:
        kinds = [set(licence) for licence in each.get("licenses", [])]
        assert kinds == [{"expression"}] or all(kind == {"license"} for kind in kinds), each["purl"]


def test_its_form_is_that_of_cyclonedx(bill: dict[str, Any]) -> None:
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    assert bill["metadata"]["component"]["name"] == "carloan"
    known = {"type", "bom-ref", "group", "name", "version", "scope", "hashes", "licenses", "purl", "properties"}
    assert set().union(*bill["components"]) <= known
    assert len({each["bom-ref"] for each in bill["components"]}) == len(bill["components"])


def test_the_command_prints_the_same_bytes_each_time_and_a_moment_only_where_one_is_given() -> None:
    once, more = StringIO(), StringIO()
    call_command("sbom", stdout=once)
    clean = {name: value for name, value in environ.items() if name != "PYTHONHASHSEED"}
    other = subprocess.run(
        [sys.executable, "manage.py", "sbom"], cwd=ROOT, env={**clean, "PYTHONHASHSEED": "7"}, check=True,
        capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert other == once.getvalue()
    assert "timestamp" not in json.loads(other)["metadata"]
    call_command("sbom", timestamp="2026-12-01T00:00:00Z", stdout=more)
    assert json.loads(more.getvalue())["metadata"]["timestamp"] == "2026-12-01T00:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "django==5.2.19 \\\n    --hash=sha256:" + "0" * 64 + "\ngit+https://example.invalid/x.git\n",
        "django==5.2.19\n    # via carloan\n",
    ],
    ids=["a line that is no pin", "a pin without a hash"],
)
def test_a_lock_that_hides_something_makes_no_bill(text: str) -> None:
    with pytest.raises(UnreadableLock):
        python_libraries(text, lock="x.lock", scope="required", product="carloan")


@pytest.mark.parametrize(
    "data", [{"lockfileVersion": 1}, {"lockfileVersion": 3, "packages": {"node_modules/x": {"version": "1.0.0"}}}]
)
def test_an_npm_lock_of_another_kind_makes_none_either(data: dict[str, Any]) -> None:
    with pytest.raises(UnreadableLock):
        npm_libraries(json.dumps(data), lock="package-lock.json", product="carloan")
