#!/usr/bin/env python3
"""Verify a certificate of destruction (销毁证明) without Carloan, a network or any package: Python 3.11+.

    python3 carloan_certificate.py CERTIFICATE.pdf --key 'ledger.example/t/…+0a1b2c3d+AQ…'
    python3 carloan_certificate.py PROOFS.zip --key …           certificate, PDF and what the ledger says of both
    python3 carloan_certificate.py CERTIFICATE.json --key … --bundle BUNDLE.zip     against the whole ledger

carloan_verify.py lies beside this file. The key is the ledger's public one, as you were given it by another way.

A certificate holds the list that was approved, thing by thing, and the events of the ledger that tell how it went. The
things must give the hash and the root of the list; as many must have gone out as were listed; the business, the archive
and two more must have agreed to this very list, none of whom proposed it; it must have cooled off before it was begun;
each thing that is called destroyed must have its event; where papers went, two others must have seen it; and each event
must stand in the ledger. What was not checked is said too. Exit status 0: everything holds. 1: it does not, and what is
said is why. 2: it cannot be read. 3: the list and its course hold, and the ledger was not asked whether this is the
file that it knows: names, times, places and pages may have been changed in it.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import os
import re
import sys
import zipfile
import zlib
from datetime import datetime, timedelta
from typing import Any

try:
    from carloan.compliance.proofs import carloan_verify as ledger
except ImportError:
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import carloan_verify as ledger  # type: ignore[import-not-found,no-redef]

Refused, Unreadable = ledger.Refused, ledger.Unreadable
FORMAT = "carloan-destruction-certificate/1"
CERTIFICATE, PDF = "certificate.json", "certificate.pdf"
# What the ledger says of certificate, PDF and notary, in a zip of proofs.
CERTIFIED, FILED, NOTARY = "certified.json", "filed.json", "notary.json"
ACTS = "compliance.destruction."
BATCH, ITEM = "compliance.destructionbatch", "compliance.destructionitem"
APPROVERS, WITNESSES = 2, 2
COOLING_DAYS = range(7, 15)
CLOCKS_APART = timedelta(hours=1)
LONGEST = 1 << 26
# So much of a stream shows how it begins. A PDF of ours holds one certificate; many that look like one are a trap.
BEGINNING, MOST_LOOKED_AT = 1024, 4


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# What is given -------------------------------------------------------------------------------------------------------


class Given:
    """The files that were given: the certificate's bytes, and beside it what a zip of proofs brings."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            data = file.read(LONGEST)
        self.pdf = self.certified = self.filed = self.notary = None
        if data.startswith(b"PK"):
            held = _unzipped(data)
            self.body = held[CERTIFICATE]
            self.pdf = held.get(PDF)
            self.certified, self.filed, self.notary = (held.get(name) for name in (CERTIFIED, FILED, NOTARY))
            if self.pdf is not None and embedded(self.pdf) != self.body:
                raise Refused("the certificate that lies in the PDF is not the one beside it")
        elif data.startswith(b"%PDF"):
            self.body, self.pdf = embedded(data), data
        else:
            self.body = data


def _unzipped(data: bytes) -> dict[str, bytes]:
    """The files of a zip of proofs by name; others in it are left alone."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        ledger.names_once(archive)
        names = {CERTIFICATE, PDF, CERTIFIED, FILED, NOTARY} & set(archive.namelist())
        if any(archive.getinfo(name).file_size > LONGEST for name in names):
            raise Unreadable("a file in the zip is too long")
        return {name: archive.read(name) for name in names}


def embedded(pdf: bytes) -> bytes:
    """The certificate that lies in a PDF. A PDF may hold one only: different readers could be shown different ones."""
    found, looked_at = [], 0
    for match in re.finditer(rb"stream\r?\n", pdf):
        start = match.end()
        if not _inflated(pdf[start : start + BEGINNING]).startswith(b"{"):
            continue
        looked_at += 1
        if looked_at > MOST_LOOKED_AT:
            raise Unreadable("this PDF holds more than one certificate of destruction, or what looks like it")
        data = _inflated(pdf[start:])
        if FORMAT.encode() in data:
            found.append(data)
    if len(found) != 1 or FORMAT.encode() in pdf:
        raise Unreadable("this PDF holds no certificate of destruction, or more than one")
    return found[0]


def _inflated(packed: bytes) -> bytes:
    """What comes out of a stream, as far as it reaches; nothing of what is packed in no known way."""
    try:
        return zlib.decompressobj().decompress(packed, LONGEST)
    except zlib.error:
        return b""


# The certificate -----------------------------------------------------------------------------------------------------


def verify(given: Given, key: ledger.Key, bundle: str | None = None) -> dict[str, Any]:
    """What a certificate proves, as a dictionary. Raises Refused or Unreadable."""
    try:
        told = json.loads(given.body)
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise Unreadable("this is no certificate of destruction, or one of a newer version")
        if canonical(told) != given.body:
            raise Refused("the certificate was written anew: these are not the bytes whose hash the ledger holds")
        events = _events(told, key)
        counts = _list(told)
        _course(told, events)
        _originals(told, events)
        day = _day(told, key)
        found = {
            "batch": told["batch"]["number"],
            "lender": told["lender"]["name"],
            "ledger": key[0],
            "root": told["batch"]["root"],
            "digest": hashlib.sha256(given.body).hexdigest(),
            "counts": counts,
            "events": len(events),
            "day": day,
            **_outside(told, given, key, bundle),
        }
    except ledger.UNFIT as error:
        raise Unreadable(f"this is no certificate of destruction: {error!r}") from None
    return found


def _events(told: dict[str, Any], key: ledger.Key) -> list[dict[str, Any]]:
    """The events that the certificate brings, each of which must stand in the ledger, once."""
    size, root = ledger.open_checkpoint(told["ledger"]["checkpoint"], key)
    tenant = key[0].rpartition("/t/")[2]
    if told["lender"]["id"] != tenant:
        raise Refused("the certificate is one of another lender")
    found, places = [], set()
    for each in told["ledger"]["events"]:
        canon, index = each["event"].encode(), each["index"]
        proof = [base64.b64decode(step, validate=True) for step in each["proof"]]
        leaf = hashlib.sha256(b"\x00" + canon).digest()
        if type(index) is not int or not ledger.includes(leaf, index, size, proof, root):
            raise Refused("an event does not stand in the ledger as it is shown here")
        event = json.loads(canon)
        if event["tenant"] != tenant or index in places:
            raise Refused("an event is of another lender, or stands there twice")
        places.add(index)
        found.append(event)
    return sorted(found, key=lambda event: str(event["at"]))


def _list(told: dict[str, Any]) -> dict[str, int]:
    """The things give the list's hash and root, and as many went out as came in."""
    kept, states = [], []
    for place, item in enumerate(told["items"], start=1):
        facts = json.loads(item["facts"])
        digest = hashlib.sha256(b"\x00" + item["facts"].encode()).hexdigest()
        if digest != item["digest"] or not (facts["place"] == item["place"] == place):
            raise Refused(f"the thing at place {place} is not the one that was listed")
        if facts["batch"] != told["batch"]["number"]:
            raise Refused(f"the thing at place {place} was listed for another destruction")
        states.append(item["state"])
        if item["state"] != "dropped":
            kept.append(digest)
    if hashlib.sha256(",".join(kept).encode()).hexdigest() != told["batch"]["list_digest"]:
        raise Refused("the things do not give the hash of the list that was approved")
    tree = _root([bytes.fromhex(digest) for digest in kept])
    if tree.hex() != told["batch"]["root"]:
        raise Refused("the things do not give the root of the list")
    counts = {
        "listed": len(states),
        "destroyed": states.count("verified"),
        "spared": states.count("spared"),
        "dropped": states.count("dropped"),
    }
    if counts != told["counts"] or counts["listed"] != sum(list(counts.values())[1:]):
        raise Refused("not as many went out as were listed")
    if told["batch"]["qr"] != f"carloan:destruction:{told['batch']['id']}:{told['batch']['root']}":
        raise Refused("the code of the certificate is not that of its list")
    return counts


def _root(leaves: list[bytes]) -> bytes:
    """The root of RFC 6962 over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    while len(leaves) > 1:
        pairs = [leaves[at : at + 2] for at in range(0, len(leaves), 2)]
        leaves = [hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return leaves[0]


def _course(told: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Who said what about this list, in which order, and what was done to each thing on it."""
    batch = told["batch"]
    own = [event for event in events if event["object"] == {"type": BATCH, "id": batch["id"]}]
    digest = batch["list_digest"]

    def acts(act: str, *, about: str = digest) -> list[dict[str, Any]]:
        return [event for event in own if event["action"] == ACTS + act and event.get("digest") == about]

    proposals = [event for event in own if event["action"] == f"{ACTS}proposed"]
    if len(proposals) != 1:
        raise Refused("the ledger does not tell once who proposed this")
    if any(event["action"] == f"{ACTS}refused" for event in own):
        raise Refused("somebody refused this destruction")
    proposer = _who(proposals[0])
    agreed = acts("agreed")
    parts = [event["reason_code"] for event in agreed]
    people = {_who(event) for event in agreed}
    if sorted(parts) != ["approver"] * APPROVERS + ["archive", "business"]:
        raise Refused("not everybody has agreed to this list")
    if len(people) != len(agreed) or proposer in people:
        raise Refused("the voices are not those of different people, or whoever proposed it spoke too")
    if {voice["event"] for voice in told["voices"]} != {event["id"] for event in agreed}:
        raise Refused("the certificate names other voices than the ledger")
    begun, executed, verified = (acts(act) for act in ("begun", "executed", "verified"))
    if not (len(begun) == len(executed) == len(verified) == 1):
        raise Refused("the ledger does not tell once that this was begun, executed and verified")
    if batch["cooling_days"] not in COOLING_DAYS:
        raise Refused("a destruction cools off for 7 to 14 days")
    cooled = max(_at(event) for event in agreed) + timedelta(days=batch["cooling_days"])
    # The database counts from the end of the act, the event from its beginning.
    if _at(begun[0]) < cooled - timedelta(minutes=1):
        raise Refused("it was begun before the cooling-off was over")
    if not _at(begun[0]) <= _at(executed[0]) <= _at(verified[0]):
        raise Refused("it was verified before it was executed")
    _things(told, events)


def _things(told: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Each thing that is called destroyed or kept back has its event, and no other thing has one."""
    for act, state in (("item_destroyed", "verified"), ("item_spared", "spared")):
        done = [event for event in events if event["action"] == ACTS + act and event["object"]["type"] == ITEM]
        said = sorted(item["digest"] for item in told["items"] if item["state"] == state)
        if sorted(event.get("digest", "") for event in done) != said:
            raise Refused("what the ledger tells of the things on the list is not what the certificate says")


def _originals(told: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Where papers went: the record that the ledger holds last, and two who saw it and did not do it."""
    own = [event for event in events if event["object"] == {"type": BATCH, "id": told["batch"]["id"]}]
    records = [event for event in own if event["action"] == f"{ACTS}shredded"]
    originals = told["originals"]
    if originals is None:
        if records:
            raise Refused("the ledger tells of paper originals and the certificate does not")
        return
    digest = hashlib.sha256(originals["facts"].encode()).hexdigest()
    if digest != originals["digest"] or not records or records[-1].get("digest") != digest:
        raise Refused("the record of the shredding is not the one that the ledger holds")
    if json.loads(originals["facts"])["batch"] != told["batch"]["id"]:
        raise Refused("the record of the shredding is one of another destruction")
    seen = [event for event in own if event["action"] == f"{ACTS}witnessed" and event.get("digest") == digest]
    proposer = next(_who(event) for event in own if event["action"] == f"{ACTS}proposed")
    people = {_who(event) for event in seen}
    if len(people) < WITNESSES or people & {proposer, _who(records[-1])}:
        raise Refused("two others did not see the paper originals go")
    if not {witness["event"] for witness in originals["witnesses"]} <= {event["id"] for event in seen}:
        raise Refused("the certificate names other witnesses than the ledger")


def _who(event: dict[str, Any]) -> str:
    return str(event["actor"]["id"])


def _at(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["at"])


def _day(told: dict[str, Any], key: ledger.Key) -> dict[str, Any] | None:
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
        raise Refused("the day that was stamped does not hold this ledger")
    if any(each["index"] >= size for each in told["ledger"]["events"]):
        raise Refused("the day that was stamped ended before this destruction did")
    last = max(_at(json.loads(each["event"])) for each in told["ledger"]["events"])
    if last > datetime.fromisoformat(stamp["taken_at"]) + CLOCKS_APART:
        raise Refused("its events are later than the time stamp that lies over them: a clock was set forward")
    return {"of": lines[0], "taken_at": stamp["taken_at"], "authority": stamp["authority"]}


# What the ledger says of the certificate -----------------------------------------------------------------------------


def _outside(told: dict[str, Any], given: Given, key: ledger.Key, bundle: str | None) -> dict[str, Any]:
    """That the ledger holds the hashes of certificate, PDF and notary; and in a bundle, that it holds them once."""
    own = hashlib.sha256(given.body).hexdigest()
    pdf = hashlib.sha256(given.pdf).hexdigest() if given.pdf is not None else None
    unchecked = ["whether what was destroyed had been copied elsewhere before"]
    proven, filed = False, pdf is None
    if given.certified is not None:
        _proven(given.certified, key, told, "certified", own)
        proven = True
    if given.filed is not None and pdf is not None:
        _proven(given.filed, key, told, "certificate_filed", pdf)
        filed = True
    notary = None
    if given.notary is not None:
        said = json.loads(given.notary)
        notary = json.loads(said["statement"])
        if notary["certificate"] != own:
            raise Refused("the notarial deed is about another certificate")
        _proven(
            canonical(said["proof"]), key, told, "notarised", hashlib.sha256(said["statement"].encode()).hexdigest()
        )
    if bundle is not None:
        ledger.verify(bundle, key)
        _whole(told, _in_bundle(bundle, told["batch"]["id"]), own, pdf)
        proven = filed = True
    if not proven:
        unchecked.append("whether the ledger holds this very certificate: give the zip of proofs, or a --bundle")
    if not filed:
        unchecked.append("whether the PDF's pages are those that were filed: give the zip of proofs, or a --bundle")
    if bundle is None:
        unchecked.append("whether there is a second certificate for the same destruction: give a --bundle")
    if told["ledger"]["stamp"] is None:
        unchecked.append("when it was: the certificate bears no time stamp")
    else:
        unchecked.append(
            "the time stamp itself: write the day's body and token to files (--stamp FOLDER), then ask openssl"
        )
    return {"proven": proven and filed, "notary": notary, "unchecked": unchecked}


def _proven(proof: bytes, key: ledger.Key, told: dict[str, Any], act: str, digest: str) -> None:
    """That the ledger holds the event of an act on this batch with this digest."""
    text = proof.decode()
    ledger.verify_inclusion(text, key)
    event = json.loads(json.loads(text)["event"])
    if (event["action"], event["object"], event.get("digest")) != (
        ACTS + act,
        {"type": BATCH, "id": told["batch"]["id"]},
        digest,
    ):
        raise Refused(f"the ledger holds another hash for what was {act}")


def _whole(told: dict[str, Any], events: list[dict[str, Any]], own: str, pdf: str | None) -> None:
    """That a whole ledger holds this certificate and no other one, and tells nothing before it that it leaves out."""
    made = [event for event in events if event["action"] == f"{ACTS}certified"]
    if [event.get("digest") for event in made] != [own]:
        raise Refused("the ledger does not hold this certificate, or holds two for one destruction")
    filed = [event.get("digest") for event in events if event["action"] == f"{ACTS}certificate_filed"]
    if pdf is not None and filed != [pdf]:
        raise Refused("the ledger does not hold this PDF")
    known = {json.loads(each["event"])["id"] for each in told["ledger"]["events"]}
    before = events[: events.index(made[0])]
    if any(event["outcome"] == "done" and event["id"] not in known for event in before):
        raise Refused("the ledger tells more of this destruction than its certificate")


def _in_bundle(bundle: str, batch_id: str) -> list[dict[str, Any]]:
    """Every event of the batch in a whole ledger, in its order."""
    found = []
    with zipfile.ZipFile(bundle) as archive, archive.open(ledger.EVENTS) as packed:
        for line in io.BufferedReader(packed, 1 << 16):  # type: ignore[type-var]
            if batch_id.encode() in line:
                event = json.loads(line)
                if event["object"] == {"type": BATCH, "id": batch_id} and event["action"].startswith(ACTS):
                    found.append(event)
    return found


def _write_stamp(folder: str, told: dict[str, Any]) -> None:
    stamp = told["ledger"]["stamp"]
    if stamp is None:
        raise Unreadable("the certificate bears no time stamp")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "body.txt"), "w", encoding="utf-8", newline="") as file:
        file.write(stamp["body"])
    with open(os.path.join(folder, "token.tsr"), "wb") as token:
        token.write(base64.b64decode(stamp["token"]))
    asked = f"-data {folder}/body.txt -in {folder}/token.tsr -token_in -CAfile ROOTS_OF_THE_AUTHORITY.pem"
    print(f"openssl ts -verify {asked}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n")[0])
    parser.add_argument("file", help="a certificate (.pdf or .json), or a zip of its proofs")
    parser.add_argument("--key", required=True, help="the ledger's public key, given to you by another way")
    parser.add_argument("--bundle", help="a bundle of the whole ledger")
    parser.add_argument("--stamp", metavar="FOLDER", help="write what openssl needs to check the time stamp")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        key = ledger.read_key(options.key)
        given = Given(options.file)
        found = verify(given, key, options.bundle)
        if options.stamp:
            _write_stamp(options.stamp, json.loads(given.body))
    except Refused as error:
        print(f"NOT PROVEN 未通过: {ledger.shown(error)}", file=sys.stderr)
        return 1
    except (Unreadable, *ledger.UNFIT) as error:
        print(f"cannot be read 无法读取: {ledger.shown(error)}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(found))
    else:
        _say(found)
    return 0 if found["proven"] else 3


def _say(found: dict[str, Any]) -> None:
    counts = found["counts"]
    how = "PROVEN 通过" if found["proven"] else "PROVEN IN PART 部分通过"
    lines = [
        f"{how}: destruction 销毁批次 {found['batch']}, {found['lender']}",
        f"listed 列入 {counts['listed']} = destroyed 已销毁 {counts['destroyed']} + kept back 暂缓 {counts['spared']}"
        f" + taken off 剔除 {counts['dropped']}",
        f"root of the list 清册根哈希 {found['root']}",
        f"certificate 证明 {found['digest']}",
        f"ledger 账本 {found['ledger']}: {found['events']} events 条记录",
    ]
    if day := found["day"]:
        lines.append(f"day 时间戳日 {day['of']}: {day['taken_at']}, {day['authority']}")
    if notary := found["notary"]:
        lines.append(f"notary 公证 {notary['number']}: {notary['office']}, {notary['notarised_on']}")
    lines += [f"NOT CHECKED 未核查: {what}" for what in found["unchecked"]]
    for line in lines:
        print(ledger.shown(line))


if __name__ == "__main__":
    sys.exit(main())
