"""The house's rules that a reader cannot check by eye: who imports whom, how apps lie, which files are one idea."""

import ast
import re
import subprocess
from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINKED = ("archives", "collections", "release", "compliance")
# Each may import those before it; collections and release never each other.
ORDER = ("lib", "core", "compliance", "loans", "messaging", "archives", "collections", "release")
TOP = (
    *("__init__", "demonstration", "supervisor", "settings", "urls", "api", "celery", "health", "env", "wsgi", "asgi"),
    *("broker", "envelope", "heartbeat", "lifeline", "web_worker", "worker", "sealer"),
)
LONGEST_FILE = 500
# Programs that strangers are handed are one file each.
HANDED_OUT, LONGEST_HANDED_OUT = "compliance/proofs", 600
# The step itself; and where a person's telephone numbers are emptied, all at once and whatever they were.
WRITERS = ("carloan/core/moves.py", "carloan/loans/services/shredding.py")
ACT = re.compile(r"(core|compliance|loans|messaging|archives|collections|release)(\.[a-z_]+){2,}")
# Pages of a person's own sign-in and sessions, and what hears of them: rows of the sign-in library, not of a lender.
OWN_ACCOUNT = (
    "carloan/core/pages/profile.py",
    "carloan/core/pages/second_factors.py",
    "carloan/core/pages/sign_in_trail.py",
)


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file() and not (ROOT / line).is_symlink()]


def sources() -> Iterator[tuple[str, Path]]:
    """(room, file) of every Python file of the product."""
    for path in tracked("*.py"):
        parts = path.relative_to(ROOT).parts
        if parts[0] in LINKED:
            yield parts[0], path
        elif parts[0] == "carloan":
            yield (parts[1] if len(parts) > 2 else parts[1].removesuffix(".py")), path


def imported_rooms(path: Path) -> Iterator[tuple[str, str]]:
    """(room, module) of everything of ours that a file imports, inside functions too."""
    package = module_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            stem = stem_of(node, package)
            names = [f"{stem}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "carloan" and len(parts) > 1:
                yield parts[1], name


def stem_of(node: ast.ImportFrom, package: str) -> str:
    """The whole name of the module or package that names are imported from."""
    base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    return ".".join([*base, *([node.module] if node.module else [])])


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(("carloan", *parts) if parts[0] in LINKED else parts)


def may_import(room: str, other: str) -> bool:
    if room == other or room in TOP:
        return True
    if other in TOP:
        # The backend reads CARLOAN_DB_ROLE itself; nothing below the wiring may import the wiring.
        return False
    if {room, other} == {"collections", "release"}:
        return False
    return ORDER.index(other) < ORDER.index(room)


def test_nobody_imports_upwards() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for room, path in sources()
        for other, name in imported_rooms(path)
        if not may_import(room, other)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("room", "other", "allowed"),
    [
        ("core", "lib", True),
        ("lib", "core", False),
        ("compliance", "loans", False),
        ("archives", "loans", True),
        ("collections", "release", False),
        ("loans", "demonstration", False),
        ("demonstration", "archives", True),
    ],
)
def test_the_rule_of_imports_tells_right_from_wrong(room: str, other: str, allowed: bool) -> None:
    assert may_import(room, other) is allowed


def test_no_two_modules_import_each_other() -> None:
    """Not for their types either: what two modules share is a third one. Pairs of task and service import at work."""
    modules = {module_of(path).removesuffix(".__init__"): path for _, path in sources()}
    TopologicalSorter({name: set(imported_at_once(name, path, modules)) for name, path in modules.items()}).prepare()


def imported_at_once(module: str, path: Path, modules: Collection[str]) -> Iterator[str]:
    """Those of `modules` that a module's own lines import, not its functions'."""
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    open_nodes: list[ast.AST] = [ast.parse(path.read_text())]
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, ast.FunctionDef):
            continue
        open_nodes += ast.iter_child_nodes(node)
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            stem = stem_of(node, package)
            names = [f"{stem}.{alias.name}" if f"{stem}.{alias.name}" in modules else stem for alias in node.names]
        yield from (name for name in names if name in modules and name != module)


def test_a_circle_of_imports_is_seen(tmp_path: Path) -> None:
    shape, lines = tmp_path / "shape.py", tmp_path / "lines.py"
    shape.write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .lines import Line\n")
    lines.write_text("from app.shape import Shape\ndef late():\n    from app import views\n")
    modules = {"app.shape": shape, "app.lines": lines, "app.views": shape}
    found = {name: set(imported_at_once(name, modules[name], modules)) for name in ("app.shape", "app.lines")}
    assert found == {"app.shape": {"app.lines"}, "app.lines": {"app.shape"}}
    with pytest.raises(CycleError):
        TopologicalSorter(found).prepare()


def test_lib_knows_no_models() -> None:
    for room, path in sources():
        if room == "lib":
            assert not re.search(r"^(from|import) django\.db", path.read_text(), re.M), path


def test_policies_reach_no_database_and_no_clock() -> None:
    """They are pure decisions over plain data: what they need, today's date too, is an argument."""
    rooms = r"(carloan\.\S*|\.\.)(models|selectors|services)"
    beyond = re.compile(rf"^(from|import) (django\.db|django\.utils\.timezone|{rooms})\b", re.M)
    clock = re.compile(r"\b(timezone\.(now|localdate)|date\.today|datetime\.now|time\.time)\(|\.objects\b")
    policies = [path for _, path in sources() if "policies" in path.parts]
    assert policies
    wrong = [path.name for path in policies if beyond.search(path.read_text()) or clock.search(path.read_text())]
    assert wrong == []


def test_pages_forms_and_api_ask_selectors() -> None:
    """A view that queries by itself decides by itself who sees what; `get_<thing>_for` is the only door."""
    wrong = []
    for _, path in sources():
        name = path.relative_to(ROOT)
        thin = name.stem in ("views", "forms", "api") or {"views", "pages", "templatetags"} & set(name.parts[:-1])
        if thin and str(name) not in OWN_ACCOUNT and re.search(r"\.objects\b", path.read_text()):
            wrong.append(str(name))
    assert wrong == []


def test_acts_take_keywords_and_say_who() -> None:
    """A public function of a service that names its actor takes nothing by place, and says what it enforces."""
    wrong = []
    for _, path in sources():
        if "services" not in path.parts and path.name != "services.py":
            continue
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if "actor" in {arg.arg for arg in node.args.kwonlyargs} and (node.args.args or not ast.get_docstring(node)):
                wrong.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert wrong == []


def test_a_state_is_written_by_steps_only() -> None:
    """Law 8: elsewhere nobody assigns one or updates the column; a row is made with its first state."""
    wrong = []
    for _, path in sources():
        name = path.relative_to(ROOT).as_posix()
        if name not in WRITERS:
            wrong += [f"{name}:{line}" for line in states_written(path.read_text())]
    assert wrong == []


def states_written(source: str) -> Iterator[int]:
    """Lines that write a state: `x.state = …`, `update(state=…)`, or save and bulk_update of a list with "state"."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign):
            parts = [part for target in node.targets for part in getattr(target, "elts", [target])]
            if any(isinstance(part, ast.Attribute) and part.attr == "state" for part in parts):
                yield node.lineno
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = {word.arg: word.value for word in node.keywords}
            lists = [named.get("update_fields"), *(node.args[1:2] if node.func.attr == "bulk_update" else [])]
            written = [part for found in lists if isinstance(found, ast.List | ast.Tuple) for part in found.elts]
            if (node.func.attr == "update" and "state" in named) or any(
                isinstance(part, ast.Constant) and part.value == "state" for part in written
            ):
                yield node.lineno


@pytest.mark.parametrize(
    "source",
    [
        "job.state = 'done'",
        "job.state, job.error = 'failed', ''",
        "Job.objects.filter(id=1).update(state='done', error='')",
        "job.save(update_fields=['error', 'state'])",
        "Loan.objects.bulk_update(loans, ['term', 'state'])",
    ],
)
def test_a_written_state_is_seen(source: str) -> None:
    assert list(states_written(source)) == [1]


@pytest.mark.parametrize("app", LINKED)
def test_app_folders_are_linked_and_have_no_init(app: str) -> None:
    link = ROOT / "carloan" / app
    assert link.is_symlink()
    assert str(link.readlink()) == f"../{app}"
    assert not (ROOT / app / "__init__.py").exists()


def test_collections_of_the_standard_library_is_not_shadowed() -> None:
    import collections

    assert hasattr(collections, "OrderedDict")


def test_files_are_one_idea() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in tracked("*.py")
        if "migrations" not in path.parts
        and (count := len(path.read_text().splitlines()))
        > (LONGEST_HANDED_OUT if path.parent == ROOT / HANDED_OUT else LONGEST_FILE)
    ]
    assert long == []


def test_no_file_names_a_registry_a_machine_or_carries_built_code() -> None:
    registries = ("registry" + r"\.npmjs", r"files\.python" + "hosted", r"pypi\." + "org")
    foreign = re.compile("|".join([*registries, re.escape(f"{ROOT}/")]))  # or where this very clone lies
    wrong = []
    for path in tracked():
        name = path.relative_to(ROOT)
        if re.search(r"(^|/)(node_modules|dist)/|\.min\.(js|css)$", str(name)):
            wrong.append(f"{name} is built or somebody else's")
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if found := foreign.search(text):
            wrong.append(f"{name} names {found[0]}")
    assert wrong == []


def test_pages_carry_no_inline_code() -> None:
    """The policy of the browser would refuse it; this says so before anybody opens the page."""
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son[a-z]+=\"|\sstyle=\"|<style", re.I
    )
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in tracked("templates/**.html", "*.html")
        if "pdf" not in path.parts and (found := inline.search(path.read_text()))
    ]
    assert wrong == []


def test_every_recorded_act_has_a_name_for_people() -> None:
    """Every string in the form of an act, however it reaches the trail."""
    from carloan.core.acts import all_acts, codes_of
    from carloan.loans.policies.stages import MOVES
    from carloan.loans.services.loans import PAST

    named = {code for action in all_acts() for code in codes_of(action)}
    unnamed = {f"loans.loan.{PAST[move.event]}" for move in MOVES} - named
    for _, path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            value = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and ACT.fullmatch(value) and value not in named:
                unnamed.add(f"{value} ({path.relative_to(ROOT)})")
    assert sorted(unnamed) == []
