"""python -m benchmarks NAME [--json] [--scale small|full]; script/bench provides the databases around it."""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import django

from benchmarks import Claim


def table(claims: Sequence[Claim]) -> str:
    """The claims for people, one line each."""
    rows = [("claim", "value", "floor", "ratio", "target", "met")]
    for each in claims:
        sign = "<=" if each.better == "lower" else ">="
        value, floor = f"{each.value:,.4g} {each.unit}", f"{each.floor:,.4g} {each.unit}" if each.floor else "-"
        ratio = "-" if each.ratio is None else f"{each.ratio:.3f}"
        rows.append((each.claim, value, floor, ratio, f"{sign} {each.target:g}", "yes" if each.met else "NO"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("name")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--scale", choices=("small", "full"), default="full")
    options = parser.parse_args()
    return measure(options.name, options.scale, as_json=options.json)


def measure(name: str, scale: str, *, as_json: bool, **given: Any) -> int:
    """Run a module, print its claims and return the exit status. `given` is the stage of a module that asks for one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloan.settings")
    django.setup()
    claims: list[Claim] = []
    for claim in importlib.import_module(f"benchmarks.{name}").run(scale, **given):
        claims.append(claim)
        if as_json:
            print(json.dumps(claim.as_json(), ensure_ascii=False), flush=True)
        else:
            print(f"# {claim.claim}: {claim.value:,.4g} {claim.unit}", file=sys.stderr, flush=True)
    if not as_json:
        print(table(claims))
    return 0 if all(claim.met for claim in claims) else 1


if __name__ == "__main__":
    sys.exit(main())
