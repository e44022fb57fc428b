"""The programs that travel with proofs, each as the one file that a stranger reads and runs.

Here a program is a package of modules; handed over it is their text one after the other, with the package's own words
on top and what they take from Python's library gathered below them. Nothing else is changed, so that what is tested
here is what is run there.
"""

import ast
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_PACKAGE: Final = "carloan.compliance.proofs"
# The modules of each program, in the order in which they are read: what is used stands above what uses it.
PROGRAMS: Final = {
    "carloan_verify": ("words", "ed25519", "notes", "tree", "files", "changes", "bundle", "single", "command"),
    "carloan_certificate": ("words", "given", "listed", "film", "course", "told", "command"),
}
_BESIDE: Final = """\
# carloan_verify.py lies beside this file.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import carloan_verify as ledger
"""
_WIDTH: Final = 120


class _Module:
    """What a module takes from elsewhere, and its text below that, under what it is."""

    def __init__(self, path: Path) -> None:
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        self.imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        above = max(node.end_lineno or 0 for node in [tree.body[0], *self.imports])
        title = str(ast.get_docstring(tree)).rstrip(".").replace("\n", " ")
        body = "\n".join(source.split("\n")[above:]).strip("\n")
        self.section = f"# {title} ".ljust(_WIDTH - 1, "-") + f"\n\n\n{body}\n"


@cache
def program(name: str) -> str:
    """The text of the file `name`.py, in Python of its own."""
    folder = _HERE / name
    modules = [_Module(folder / f"{module}.py") for module in PROGRAMS[name]]
    about = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")), clean=False)
    head = f'#!/usr/bin/env python3\n"""{about}"""\n\nfrom __future__ import annotations\n'
    taken, beside = _taken([node for module in modules for node in module.imports])
    sections = "\n\n".join(module.section for module in modules)
    return "\n".join([head, *taken, *(["", _BESIDE.rstrip()] if beside else []), "", sections])


def _taken(imports: Sequence[ast.Import | ast.ImportFrom]) -> tuple[list[str], bool]:
    """The lines that take what is used from Python's library, sorted; and whether the other program is used too."""
    whole: set[str] = set()
    parts: dict[str, set[str]] = {}
    beside = False
    for node in imports:
        if isinstance(node, ast.Import):
            whole |= {alias.name for alias in node.names}
        elif node.module == _PACKAGE:
            beside = True
            whole |= {"os", "sys"}
        elif not str(node.module).startswith(_PACKAGE):
            parts.setdefault(str(node.module), set()).update(alias.name for alias in node.names)
    lines = [f"import {each}" for each in sorted(whole)]
    lines += [f"from {module} import {', '.join(sorted(names, key=_order))}" for module, names in sorted(parts.items())]
    return lines, beside


def programs() -> dict[str, str]:
    """Every program by the name of its file."""
    return {f"{name}.py": program(name) for name in PROGRAMS}


def _order(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest, as the house sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name
