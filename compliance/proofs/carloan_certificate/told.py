"""What the ledger says of the certificate."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from carloan.compliance.proofs import carloan_verify as ledger
from carloan.compliance.proofs.carloan_certificate.course import ACTS, BATCH, day_of, look_at_course, originals_of
from carloan.compliance.proofs.carloan_certificate.film import Film
from carloan.compliance.proofs.carloan_certificate.given import FORMAT, Given, canonical
from carloan.compliance.proofs.carloan_certificate.listed import counts_of, events_of


def verify(given: Given, key: ledger.Key, bundle: str | None = None) -> dict[str, Any]:
    """What a certificate proves, as a dictionary. Raises Refused or Unreadable."""
    try:
        told = json.loads(given.body)
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise ledger.Unreadable("no_certificate")
        if canonical(told) != given.body:
            raise ledger.Refused("written_anew")
        events = events_of(told, key)
        counts = counts_of(told)
        look_at_course(told, events)
        film = originals_of(told, events)
        day = day_of(told, key)
        outside = _outside(told, given, key, bundle)
        found = {
            "batch": told["batch"]["number"],
            "lender": told["lender"]["name"],
            "ledger": key[0],
            "root": told["batch"]["root"],
            "digest": hashlib.sha256(given.body).hexdigest(),
            "counts": counts,
            "events": len(events),
            "day": day,
            "notary": outside.notary,
            "gaps": [[began.isoformat(), ended.isoformat()] for began, ended in film.gaps] if film else [],
            "proven": outside.proven and not (film and film.gaps),
            "unchecked": [*_unseen(film), *outside.unchecked],
        }
    except ledger.UNFIT as error:
        raise ledger.Unreadable("broken_certificate", error=error) from None
    return found


def _unseen(film: Film | None) -> list[ledger.Said]:
    """What nobody who holds the certificate alone has seen of the papers."""
    if film is None:
        return []
    return [ledger.Said("unchecked_no_film", reason=film.no_film) if film.no_film else ledger.Said("unchecked_film")]


@dataclass
class Outside:
    """Whether the ledger knows these files, what a notary said, and what was not asked."""

    proven: bool
    notary: dict[str, Any] | None
    unchecked: list[ledger.Said]


def _outside(told: dict[str, Any], given: Given, key: ledger.Key, bundle: str | None) -> Outside:
    """That the ledger holds the hashes of certificate, PDF and notary; and in a bundle, that it holds them once."""
    own = hashlib.sha256(given.body).hexdigest()
    pdf = hashlib.sha256(given.pdf).hexdigest() if given.pdf is not None else None
    unchecked = [ledger.Said("unchecked_copies")]
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
            raise ledger.Refused("other_deed")
        _proven(
            canonical(said["proof"]), key, told, "notarised", hashlib.sha256(said["statement"].encode()).hexdigest()
        )
    if bundle is not None:
        ledger.verify(bundle, key)
        whole_holds(told, in_bundle(bundle, told["batch"]["id"]), own, pdf)
        proven = filed = True
    if not proven:
        unchecked.append(ledger.Said("unchecked_held"))
    if not filed:
        unchecked.append(ledger.Said("unchecked_pages"))
    if bundle is None:
        unchecked.append(ledger.Said("unchecked_second"))
    if told["ledger"]["stamp"] is None:
        unchecked.append(ledger.Said("unchecked_when"))
    else:
        unchecked.append(ledger.Said("unchecked_token"))
    return Outside(proven and filed, notary, unchecked)


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
        raise ledger.Refused("other_hash", act=act)


def whole_holds(told: dict[str, Any], events: list[dict[str, Any]], own: str, pdf: str | None) -> None:
    """That a whole ledger holds this certificate and no other one, and tells nothing before it that it leaves out."""
    made = [event for event in events if event["action"] == f"{ACTS}certified"]
    if [event.get("digest") for event in made] != [own]:
        raise ledger.Refused("not_held_once")
    filed = [event.get("digest") for event in events if event["action"] == f"{ACTS}certificate_filed"]
    if pdf is not None and filed != [pdf]:
        raise ledger.Refused("pdf_not_held")
    known = {json.loads(each["event"])["id"] for each in told["ledger"]["events"]}
    before = events[: events.index(made[0])]
    if any(event["outcome"] == "done" and event["id"] not in known for event in before):
        raise ledger.Refused("more_told")


def in_bundle(bundle: str, batch_id: str) -> list[dict[str, Any]]:
    """Every event of the batch in a whole ledger, in its order."""
    found = []
    with zipfile.ZipFile(bundle) as archive, archive.open(ledger.EVENTS) as packed:
        for line in io.BufferedReader(packed, 1 << 16):  # type: ignore[type-var]
            if batch_id.encode() in line:
                event = json.loads(line)
                if event["object"] == {"type": BATCH, "id": batch_id} and event["action"].startswith(ACTS):
                    found.append(event)
    return found
