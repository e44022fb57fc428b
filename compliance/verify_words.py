"""What the browser's verifier says, by the codes of frontend/src/js/ledger; translated by the server."""

from typing import Any

from django.utils.translation import gettext_lazy as _

VERIFY_WORDS: dict[str, Any] = {
    "proven": _("Proven"),
    "not_proven": _("Not proven"),
    "not_read": _("Not checked"),
    "at_work": _("Checking…"),
    "progress": _("%(done)s of %(total)s events"),
    "event_stands": _(
        "This event stands in the ledger exactly so: its bytes give the leaf, the leaf leads to the root, and the root "
        "is signed by the key that you gave."
    ),
    "bundle_holds": _(
        "No event was changed, dropped, moved or added up to this checkpoint, which is signed by the key that you gave."
    ),
    "servers_key": _(
        "Everything fits together under the key that this server names. Compare the key with the one that you were "
        "given by another way: only then it says who signed."
    ),
    # What holds.
    "ledger": _("Ledger"),
    "events": _("Events in the tree"),
    "root": _("Root"),
    "index": _("Index"),
    "leaf": _("Leaf"),
    "steps": _("Steps to the root"),
    "event_id": _("Event"),
    "act": _("Act"),
    "at": _("Recorded at"),
    "first": _("First event"),
    "last": _("Last event"),
    "checkpoints": _("Checkpoints"),
    "tiles": _("Tiles"),
    "goes_on": _("Goes on from the earlier checkpoint at"),
    "day": _("Time stamp"),
    "day_elsewhere": _(
        "%(day)s holds this ledger; the stamp itself is checked with openssl, as carloan_verify.py says"
    ),
    "no_day": _("none in the bundle: when it was signed is not proven"),
    "witness": _("Seen by the witness"),
    "no_witness": _("no key of a witness was given: whether somebody else was shown another history was not checked"),
    # What is not proven.
    "other_ledger": _("The checkpoint is one of the ledger %(found)s, not of %(wanted)s whose key you gave."),
    "not_signed": _(
        "The checkpoint is not signed by the key that you gave for %(ledger)s: it is forged, or signed by a key that "
        "is unknown or no longer valid."
    ),
    "not_witnessed": _("The witness %(witness)s co-signed nothing in this bundle."),
    "seen_long_ago": _("The witness %(witness)s saw it before that day only: an old state may have been shown anew."),
    "forked_witness": _(
        "The ledger does not go on from what %(witness)s co-signed at %(size)s: the history before it was written anew."
    ),
    "forked_day": _("The ledger does not go on from the day that was stamped, at %(size)s."),
    "other_day": _("The day that was stamped does not hold this ledger."),
    "key_ended": _("The key had ended, and events of %(at)s are signed with it."),
    "older": _(
        "The ledger had %(before)s events before and has %(now)s in this bundle: an old checkpoint was put in the "
        "place of a newer one, or the end was cut off."
    ),
    "forked": _(
        "The ledger does not go on from the earlier checkpoint at %(size)s: the history before it was written anew."
    ),
    "forked_inside": _(
        "A checkpoint in the bundle signs another history at %(size)s than the events that lie beside it."
    ),
    "too_many": _("The checkpoint signs %(signed)s events and the bundle holds more: some were added."),
    "too_few": _("The checkpoint signs %(signed)s events and the bundle holds %(found)s: some were dropped."),
    "cut": _("Event %(number)s is cut off in the middle: the file was truncated."),
    "changed": _("The events do not give the root that is signed: some were changed, moved or replaced."),
    "event_changed": _(
        "Event %(number)s was altered: its leaf is %(found)s, and the ledger sealed %(sealed)s. It reads now: "
        "%(told)s. %(count)s of %(events)s events are not those that were sealed."
    ),
    "event_dropped": _(
        "Event %(number)s was dropped: the ledger sealed the leaf %(sealed)s there, and the next event stands in its "
        "place."
    ),
    "end_dropped": _(
        "The last %(count)s events were dropped: the bundle ends before event %(number)s, whose leaf is %(sealed)s."
    ),
    "event_added": _("Event %(number)s was added: the ledger never sealed it. It reads: %(told)s"),
    "events_swapped": _("Events %(number)s and %(next)s change places with each other."),
    "tile": _("The events hold, and the tile %(name)s does not hold their hashes."),
    "no_event": _("Event %(number)s is none: it was damaged."),
    "other_tenant": _("Event %(number)s is one of another lender."),
    "not_in_tree": _(
        "The event does not stand in the tree that the checkpoint signs: it was changed, or never recorded."
    ),
    # What cannot be read.
    "failed": _("Something went wrong in this browser. Use carloan_verify.py, which lies in every bundle."),
    "no_file": _("Choose a file first."),
    "no_key_given": _("Give the ledger's public key as you were given it."),
    "no_key": _("This is no key of a ledger or a witness: %(key)s"),
    "one_ledger_key": _("Give exactly one key of a ledger; keys of witnesses may stand below it, one a line."),
    "no_checkpoint": _("There is no signed checkpoint, or what stands in its place is damaged."),
    "no_zip": _("This file is no zip, or a damaged one."),
    "no_bundle": _("This is no bundle of a ledger, or one of a newer version."),
    "no_proof": _("This is no proof of an event, or a damaged one."),
    "no_text": _("%(name)s in the bundle is no text."),
    "twice": _("The bundle holds two files called %(name)s: different readers could be shown different ones."),
    "missing": _("The bundle lacks %(name)s."),
    "too_long": _("%(name)s in the bundle is longer than it may be."),
    "old_browser": _(
        "This browser cannot check signatures (Ed25519). Chrome or Edge 137, Firefox 129 and Safari 17 or newer can, "
        "over HTTPS; or use carloan_verify.py, which lies in every bundle and needs Python alone."
    ),
}
