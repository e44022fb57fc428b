"""Proofs of one thing: that an event stands in the ledger, that the ledger only grew."""

import json
from typing import Any

from carloan.compliance.proofs.carloan_verify.files import UNFIT, hashes, recorded_at
from carloan.compliance.proofs.carloan_verify.notes import Key, open_checkpoint
from carloan.compliance.proofs.carloan_verify.tree import includes, leaf_hash, only_grew
from carloan.compliance.proofs.carloan_verify.words import Refused, Unreadable

EVENT_FORMAT, GROWTH_FORMAT = "carloan-ledger-proof/1", "carloan-ledger-growth/1"


def verify_inclusion(text: str, key: Key) -> dict[str, Any]:
    """That one event stands in the ledger. Raises Refused or Unreadable."""
    try:
        said = _proof(text, EVENT_FORMAT)
        event, index = str(said["event"]).encode(), said["index"]
        size, root = open_checkpoint(said["checkpoint"], key)
        proof = hashes(said["proof"])
    except UNFIT as error:
        raise Unreadable("no_event_proof", error=error) from None
    if b'"tenant":"%s"' % key[0].rpartition("/t/")[2].encode() not in event:
        raise Refused("event_of_other_lender")
    if type(index) is not int or not includes(leaf_hash(event), index, size, proof, root):
        raise Refused("not_in_tree")
    at = recorded_at(event)
    return {"ledger": key[0], "events": size, "root": root.hex(), "index": index, "first": at, "last": at}


def verify_consistency(text: str, key: Key) -> dict[str, Any]:
    """That the ledger of one checkpoint went on from the one of another. Raises Refused or Unreadable."""
    try:
        said = _proof(text, GROWTH_FORMAT)
        old_size, old_root = open_checkpoint(said["old"], key)
        size, root = open_checkpoint(said["new"], key)
        proof = hashes(said["proof"])
    except UNFIT as error:
        raise Unreadable("no_growth_proof", error=error) from None
    if not only_grew(old_size, size, proof, old_root, root):
        raise Refused("not_grown", size=size, before=old_size)
    return {"ledger": key[0], "events": size, "root": root.hex(), "since": old_size}


def _proof(text: str, kind: str) -> dict[str, Any]:
    said = json.loads(text)
    if not isinstance(said, dict) or said.get("format") != kind:
        raise ValueError(f"not of the format {kind}")
    return said
