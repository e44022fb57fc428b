"""Who said what, in which order, and what was done."""

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from carloan.compliance.proofs import carloan_verify as ledger
from carloan.compliance.proofs.carloan_certificate.film import Film, film_of

ACTS = "compliance.destruction."
BATCH, ITEM = "compliance.destructionbatch", "compliance.destructionitem"
APPROVERS, WITNESSES = 2, 2
COOLING_DAYS = range(7, 15)
CLOCKS_APART = timedelta(hours=1)
# The database counts from the end of an act, its event from the beginning.
ACT = timedelta(minutes=1)


def look_at_course(told: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Who said what about this list, in which order, and what was done to each thing on it."""
    batch = told["batch"]
    own = [event for event in events if event["object"] == {"type": BATCH, "id": batch["id"]}]
    digest = batch["list_digest"]

    def acts(act: str, *, about: str = digest) -> list[dict[str, Any]]:
        return [event for event in own if event["action"] == ACTS + act and event.get("digest") == about]

    proposals = [event for event in own if event["action"] == f"{ACTS}proposed"]
    if len(proposals) != 1:
        raise ledger.Refused("proposed_not_once")
    if any(event["action"] == f"{ACTS}refused" for event in own):
        raise ledger.Refused("was_refused")
    proposer = who(proposals[0])
    agreed = acts("agreed")
    parts = [event["reason_code"] for event in agreed]
    people = {who(event) for event in agreed}
    if sorted(parts) != ["approver"] * APPROVERS + ["archive", "business"]:
        raise ledger.Refused("not_agreed")
    if len(people) != len(agreed) or proposer in people:
        raise ledger.Refused("same_voices")
    if {voice["event"] for voice in told["voices"]} != {event["id"] for event in agreed}:
        raise ledger.Refused("other_voices")
    begun, executed, verified = (acts(act) for act in ("begun", "executed", "verified"))
    if not (len(begun) == len(executed) == len(verified) == 1):
        raise ledger.Refused("steps_not_once")
    if batch["cooling_days"] not in COOLING_DAYS:
        raise ledger.Refused("cooling_span")
    if moment_of(begun[0]) < _cooled(batch, agreed) - ACT:
        raise ledger.Refused("begun_early")
    if not moment_of(begun[0]) <= moment_of(executed[0]) <= moment_of(verified[0]):
        raise ledger.Refused("verified_early")
    _things(told, events)


def _cooled(batch: dict[str, Any], agreed: list[dict[str, Any]]) -> datetime:
    return max(moment_of(event) for event in agreed) + timedelta(days=batch["cooling_days"])


def _things(told: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Each thing that is called destroyed or kept back has its event, and no other thing has one."""
    for act, state in (("item_destroyed", "verified"), ("item_spared", "spared")):
        done = [event for event in events if event["action"] == ACTS + act and event["object"]["type"] == ITEM]
        said = sorted(item["digest"] for item in told["items"] if item["state"] == state)
        if sorted(event.get("digest", "") for event in done) != said:
            raise ledger.Refused("other_things")


def originals_of(told: dict[str, Any], events: list[dict[str, Any]]) -> Film | None:
    """Where papers went: the record that the ledger holds last, and two who saw it and did not do it; what its film
    shows. None where no papers went."""
    own = [event for event in events if event["object"] == {"type": BATCH, "id": told["batch"]["id"]}]
    records = [event for event in own if event["action"] == f"{ACTS}shredded"]
    originals = told["originals"]
    if originals is None:
        if records:
            raise ledger.Refused("originals_denied")
        return None
    digest = hashlib.sha256(originals["facts"].encode()).hexdigest()
    if digest != originals["digest"] or not records or records[-1].get("digest") != digest:
        raise ledger.Refused("other_shredding")
    facts = json.loads(originals["facts"])
    if facts["batch"] != told["batch"]["id"]:
        raise ledger.Refused("shredding_elsewhere")
    agreed = [event for event in own if event["action"] == f"{ACTS}agreed"]
    if datetime.fromisoformat(facts["from"]) < _cooled(told["batch"], agreed) - ACT:
        raise ledger.Refused("shredded_early")
    if datetime.fromisoformat(facts["to"]) > moment_of(records[-1]) + ACT:
        raise ledger.Refused("shredded_later")
    seen = [event for event in own if event["action"] == f"{ACTS}witnessed" and event.get("digest") == digest]
    proposer = next(who(event) for event in own if event["action"] == f"{ACTS}proposed")
    people = {who(event) for event in seen}
    if len(people) < WITNESSES or people & {proposer, who(records[-1])}:
        raise ledger.Refused("not_seen")
    if not {witness["event"] for witness in originals["witnesses"]} <= {event["id"] for event in seen}:
        raise ledger.Refused("other_witnesses")
    return film_of(facts)


def who(event: dict[str, Any]) -> str:
    return str(event["actor"]["id"])


def moment_of(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["at"])


def day_of(told: dict[str, Any], key: ledger.Key) -> dict[str, Any] | None:
    """What the stamped day says of this ledger; None where the certificate bears no time stamp."""
    stamp = told["ledger"]["stamp"]
    if stamp is None:
        return None
    size, _root_then = ledger.open_checkpoint(stamp["checkpoint"], key)
    body = stamp["body"]
    lines = body.split("\n")
    count, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
    own = f"{stamp['checkpoint'].rpartition(chr(10) * 2)[0]}\n".encode()
    proof = [base64.b64decode(step, validate=True) for step in stamp["proof"]]
    if not ledger.includes(hashlib.sha256(b"\x00" + own).digest(), stamp["index"], count, proof, root):
        raise ledger.Refused("other_day")
    if any(each["index"] >= size for each in told["ledger"]["events"]):
        raise ledger.Refused("day_early")
    last = max(moment_of(json.loads(each["event"])) for each in told["ledger"]["events"])
    if last > datetime.fromisoformat(stamp["taken_at"]) + CLOCKS_APART:
        raise ledger.Refused("clock_forward")
    return {"of": lines[0], "taken_at": stamp["taken_at"], "authority": stamp["authority"]}
