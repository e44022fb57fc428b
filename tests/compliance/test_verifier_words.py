"""What the verifiers say: what was done to which event, in the reader's language, in the one file that travels."""

import ast
import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from carloan.compliance.proofs import carloan_certificate, carloan_verify
from carloan.compliance.proofs.carloan_verify import Refused
from carloan.compliance.proofs.joined import PROGRAMS, program
from carloan.lib import merkle
from tests.compliance.strangers import as_a_stranger, files_of, packed
from tests.compliance.test_bundle import HARMS, KEY, Bundle, event, proven_to_a_stranger, witness_key

MANY = tuple(event(number % 60) + b" " * (number // 60) for number in range(600))
# Where the leaves lie beside the events it is said what was done to which one: a code and the event's number.
CHANGES = {
    "a bit flipped": ("altered", 3),
    "an event dropped": ("dropped", 3),
    "the last event dropped": ("end_dropped", 10),
    "an event added": ("added", 11),
    "two events swapped": ("swapped", 3),
    "two events as one line": ("altered", 0),
    "no event where there were some": ("end_dropped", 0),
}
DEEPER = {
    "the last one altered": (Bundle((*MANY[:-1], MANY[0]), signed=MANY), ("altered", 599)),
    "one added within": (Bundle((*MANY[:300], event(9), *MANY[300:]), signed=MANY), ("added", 300)),
    "one replaced by a new one": (Bundle((*MANY[:256], event(9), *MANY[257:]), signed=MANY), ("altered", 256)),
    "three dropped at the end": (Bundle(MANY[:-3], signed=MANY), ("end_dropped", 597)),
    "an altered one that a witness saw": (
        Bundle((*MANY[:3], event(9), *MANY[4:]), signed=MANY, seen=(("bank", 6, 9),), trusted=(witness_key("bank"),)),
        ("altered", 3),
    ),
}


def changed_bundles() -> dict[str, tuple[Bundle, tuple[str, int]]]:
    """Bundles with their leaves that were bent, and what is said of each."""
    plain = {harm: (HARMS[harm], CHANGES[harm]) for harm in CHANGES}
    return {harm: (replace(bundle, tiles=True), said) for harm, (bundle, said) in (plain | DEEPER).items()}


@pytest.mark.parametrize("harm", [*CHANGES, *DEEPER])
def test_what_was_done_to_which_event_is_said_first(harm: str) -> None:
    bundle, (code, number) = changed_bundles()[harm]
    with pytest.raises(Refused) as refused:
        bundle.verify()
    said = refused.value.said
    assert (said.code, said.values["number"]) == (code, number)
    if code == "altered" and len(bundle.events) == 600:
        sealed = merkle.leaf_hash(MANY[number]).hex()
        assert sealed in said.text("zh")
        assert f"第 {number} 条记录被改动" in said.text("zh")
        assert f"event {number} was altered" in said.text("en")


def test_leaves_that_were_bent_accuse_no_event() -> None:
    whole = Bundle(MANY, tiles=True)
    assert whole.verify()["events"] == 600
    files = files_of(whole.file().getvalue())
    bent = bytearray(files["tile/0/001"])
    bent[32 * 7] ^= 1

    def judge(**others: bytes) -> str:
        with pytest.raises(Refused) as refused:
            carloan_verify.verify(io.BytesIO(packed(files | others)), carloan_verify.read_key(KEY))
        return refused.value.said.code

    harm = {"tile/0/001": bytes(bent)}
    assert judge(**harm) == "other_tile"
    altered = files[carloan_verify.EVENTS].replace(b'"count":7', b'"count":8', 1)
    assert judge(**harm, **{carloan_verify.EVENTS: altered}) == "other_root", "no leaves tell which event"


def test_everything_is_said_in_both_languages() -> None:
    """Each code has words, each word a code, and both languages tell the same values."""
    source = program("carloan_verify") + program("carloan_certificate")
    codes = re.findall(r'\b(?:Refused|Unreadable|Said|said)\(\s*"(\w+)"', source)
    codes += re.findall(r'Unreadable\("(\w+)" if .* else "(\w+)"\)', source)[0]
    assert set(codes) == carloan_verify.WORDS.keys() >= carloan_certificate.CERTIFICATE_WORDS.keys()
    for code, (english, chinese) in carloan_verify.WORDS.items():
        assert sorted(re.findall(r"{\w+", english)) == sorted(re.findall(r"{\w+", chinese)), code
        assert re.search(r"[\u4e00-\u9fff]", chinese), code
        assert not re.search(r"[\u4e00-\u9fff]", english), code


@pytest.mark.parametrize(
    ("environment", "given", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, [], "zh"),
        ({"LANG": "en_US.UTF-8"}, [], "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, [], "en"),
        ({"LANG": "en_US.UTF-8"}, ["--lang", "zh"], "zh"),
        ({"LANG": "zh_CN.UTF-8"}, ["--lang=en"], "en"),
        ({}, [], "en"),
    ],
)
@pytest.mark.parametrize("harm", ["an event dropped", "an old state shown anew", "an unknown key"])
def test_the_file_that_travels_says_it_in_the_readers_language(
    tmp_path: Path, harm: str, environment: dict[str, str], given: list[str], language: str
) -> None:
    bundle = replace(HARMS[harm], tiles=True)
    with pytest.raises(Refused) as refused:
        bundle.verify()
    (tmp_path / "bundle.zip").write_bytes(bundle.file().getvalue())
    (tmp_path / "carloan_verify.py").write_text(program("carloan_verify"))
    asked = [each for key in bundle.trusted for each in ("--witness", key)]
    asked += ["--seen-since", bundle.seen_since.isoformat()] if bundle.seen_since else []
    found = proven_to_a_stranger(tmp_path, KEY, *asked, *given, environment=environment)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == f"NOT PROVEN 未通过: {refused.value.said.text(language)}\n"
    helped = as_a_stranger(tmp_path, "carloan_verify.py", "--help", *given, environment=environment)
    assert ("账本公钥" in helped.stdout) == (language == "zh")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_handed_over_as_one_file_of_plain_python(tmp_path: Path, name: str) -> None:
    """What is in it is what its modules hold, nothing is defined twice, and it takes Python's own library alone."""
    tree = ast.parse(program(name))
    made = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    made += [one.id for node in tree.body if isinstance(node, ast.Assign) for one in node.targets
             if isinstance(one, ast.Name)]  # fmt: skip
    assert len(set(made)) == len(made)
    taken = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    taken |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert taken <= {*sys.stdlib_module_names, "carloan_verify"}
    folder = Path(carloan_verify.__file__).parent.parent / name
    assert {file.stem for file in folder.glob("*.py")} == {*PROGRAMS[name], "__init__"}
    file = tmp_path / f"{name}.py"
    file.write_text(program(name))
    for act in (["check", "--select", "E,F,W,I", "--ignore", "E402"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *act, "--isolated", "--line-length", "120", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
