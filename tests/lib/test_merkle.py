"""Trees and proofs against RFC 6962 / 9162 cases that nobody here wrote, and against each other."""

import json
from base64 import b64decode
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carloan.lib import merkle

COUNTS = {"inclusion": 98, "consistency": 98, "subtreeinclusion": 204, "subtreeconsistency": 118}


def cases(shared: Path, kind: str) -> list[dict[str, Any]]:
    return [json.loads(file.read_text()) for file in sorted((shared / "merkle/testdata" / kind).rglob("*.json"))]


def bits(text: str | None) -> bytes:
    return b64decode(text or "")


def verdict(kind: str, case: dict[str, Any]) -> bool:
    proof = [bits(step) for step in case["proof"] or []]
    if kind == "inclusion":
        return merkle.includes(bits(case["leafHash"]), case["leafIdx"], case["treeSize"], proof, bits(case["root"]))
    if kind == "subtreeinclusion":
        return merkle.includes_in_subtree(
            bits(case["leafHash"]), case["leafIdx"], start=case["start"], end=case["end"], proof=proof,
            subtree_root=bits(case["root"]),
        )  # fmt: skip
    old, new = bits(case["root1"]), bits(case["root2"])
    if kind == "consistency":
        return merkle.only_grew(case["size1"], case["size2"], proof=proof, old_root=old, tree_root=new)
    place = (case["start"], case["end"], case["size"])
    return merkle.is_consistent(*place, proof=proof, subtree_root=old, tree_root=new)


@pytest.mark.parametrize("kind", COUNTS)
def test_every_case_of_strangers_is_judged_as_they_judge_it(shared_data: Path, kind: str) -> None:
    found = cases(shared_data, kind)
    assert len(found) >= COUNTS[kind]
    assert [case["desc"] for case in found if verdict(kind, case) == case["wantErr"]] == []
    assert {case["wantErr"] for case in found} == {True, False}


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf_hash(b"event %d" % number) for number in range(size)]


def plain_root(found: list[bytes]) -> bytes:
    """By the words of RFC 6962, 2.1."""
    if not found:
        return sha256(b"").digest()
    if len(found) == 1:
        return found[0]
    half = max(power for power in (2**bit for bit in range(20)) if power < len(found))
    return sha256(b"\x01" + plain_root(found[:half]) + plain_root(found[half:])).digest()


def test_a_tree_that_grows_leaf_by_leaf_is_the_one_of_the_standard() -> None:
    growing = merkle.Frontier()
    for size in range(131):
        assert growing.root() == plain_root(leaves(size)) == merkle.root(leaves(size))
        assert merkle.Frontier(growing.size, growing.nodes).root() == growing.root()
        growing.append(leaves(size + 1)[-1])


@pytest.mark.parametrize("nodes", [[], [b"x" * 32], [b"x" * 32] * 3, [b"x" * 31] * 2])
def test_roots_that_belong_to_no_tree_are_refused(nodes: list[bytes]) -> None:
    with pytest.raises(ValueError, match="no tree"):
        merkle.Frontier(3, nodes)


@given(st.data())
def test_a_proof_shows_its_own_place_and_no_other(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 200))
    index = data.draw(st.integers(0, size - 1))
    every = leaves(size)
    tree_root = plain_root(every)
    proof = merkle.prove_inclusion(index, size, lambda low, high: plain_root(every[low:high]))
    place = partial(merkle.includes, proof=proof, tree_root=tree_root)
    assert place(every[index], index, size)
    elsewhere = data.draw(st.integers(0, size - 1).filter(lambda other: other != index) if size > 1 else st.just(1))
    assert not place(every[index], elsewhere, size)
    assert not place(merkle.leaf_hash(b"another"), index, size)
    assert not merkle.includes(every[index], index, size, [*proof, tree_root], tree_root)
    if proof:
        bent = data.draw(st.integers(0, len(proof) - 1))
        harmed = [bytes(32) if number == bent else step for number, step in enumerate(proof)]
        assert not merkle.includes(every[index], index, size, harmed, tree_root)


@given(st.integers(0, 150), st.integers(0, 150))
def test_a_tree_that_only_grew_is_told_from_one_that_was_changed(first: int, second: int) -> None:
    small, size = sorted((first, second))
    every = leaves(size)
    changed = [merkle.leaf_hash(b"other"), *every[1:]] if small else every
    old, new = plain_root(every[:small]), plain_root(every)
    if not small:
        assert not merkle.only_grew(0, size, proof=[], old_root=old, tree_root=new)
        return
    proof = merkle.prove_consistency(0, small, size, lambda low, high: plain_root(every[low:high]))
    grew = partial(merkle.only_grew, small, size, proof=proof)
    assert grew(old_root=old, tree_root=new)
    assert not grew(old_root=plain_root(changed[:small]), tree_root=new)
    assert not grew(old_root=old, tree_root=plain_root(changed))


@pytest.mark.parametrize(("start", "end"), [(1, 3), (0, 9), (3, 3), (-1, 1), (2, 1)])
def test_what_is_no_subtree_has_no_proof(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no subtree"):
        merkle.prove_consistency(start, end, 8, lambda low, high: bytes(32))
