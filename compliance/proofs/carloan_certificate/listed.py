"""The list, and the events that stand in the ledger."""

import base64
import hashlib
import json
from typing import Any

from carloan.compliance.proofs import carloan_verify as ledger


def events_of(told: dict[str, Any], key: ledger.Key) -> list[dict[str, Any]]:
    """The events that the certificate brings, each of which must stand in the ledger, once."""
    size, root = ledger.open_checkpoint(told["ledger"]["checkpoint"], key)
    tenant = key[0].rpartition("/t/")[2]
    if told["lender"]["id"] != tenant:
        raise ledger.Refused("certificate_of_other")
    found, places = [], set()
    for each in told["ledger"]["events"]:
        canon, index = each["event"].encode(), each["index"]
        proof = [base64.b64decode(step, validate=True) for step in each["proof"]]
        leaf = hashlib.sha256(b"\x00" + canon).digest()
        if type(index) is not int or not ledger.includes(leaf, index, size, proof, root):
            raise ledger.Refused("event_not_in_tree")
        event = json.loads(canon)
        if event["tenant"] != tenant or index in places:
            raise ledger.Refused("event_twice")
        places.add(index)
        found.append(event)
    return sorted(found, key=lambda event: str(event["at"]))


def counts_of(told: dict[str, Any]) -> dict[str, int]:
    """The things give the list's hash and root, and as many went out as came in."""
    kept, states = [], []
    for place, item in enumerate(told["items"], start=1):
        facts = json.loads(item["facts"])
        digest = hashlib.sha256(b"\x00" + item["facts"].encode()).hexdigest()
        if digest != item["digest"] or not (facts["place"] == item["place"] == place):
            raise ledger.Refused("other_thing", place=place)
        if facts["batch"] != told["batch"]["number"]:
            raise ledger.Refused("thing_elsewhere", place=place)
        states.append(item["state"])
        if item["state"] != "dropped":
            kept.append(digest)
    if hashlib.sha256(",".join(kept).encode()).hexdigest() != told["batch"]["list_digest"]:
        raise ledger.Refused("other_list")
    tree = _root([bytes.fromhex(digest) for digest in kept])
    if tree.hex() != told["batch"]["root"]:
        raise ledger.Refused("other_list_root")
    counts = {
        "listed": len(states),
        "destroyed": states.count("verified"),
        "spared": states.count("spared"),
        "dropped": states.count("dropped"),
    }
    if counts != told["counts"] or counts["listed"] != sum(list(counts.values())[1:]):
        raise ledger.Refused("other_counts")
    if told["batch"]["qr"] != f"carloan:destruction:{told['batch']['id']}:{told['batch']['root']}":
        raise ledger.Refused("other_code")
    return counts


def _root(leaves: list[bytes]) -> bytes:
    """The root of RFC 6962 over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    while len(leaves) > 1:
        pairs = [leaves[at : at + 2] for at in range(0, len(leaves), 2)]
        leaves = [hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return leaves[0]
