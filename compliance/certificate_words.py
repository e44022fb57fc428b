"""What a certificate of destruction says in words, by code; it bears Chinese and English beside each other."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CERTIFICATE_WORDS: dict[str, Any] = {
    "title": _("Certificate of destruction"),
    "lead": _(
        "The records on the list below were destroyed after their time of retention was over. Everybody can check this "
        "certificate without us: the list lies in this file as certificate.json, with the proofs that its events stand "
        "in the lender's ledger."
    ),
    "number": _("Batch"),
    "made_at": _("Made at"),
    "root": _("Root of the list"),
    "list_digest": _("Hash of the list"),
    "digest": _("SHA-256 of certificate.json"),
    "opinion": _("Opinion of the appraisal group"),
    "policy": _("Version of the policy"),
    "cooling": _("Cooling-off"),
    "executed_at": _("Executed on"),
    "verified_at": _("Verified on"),
    "counts": _("Counts in and out"),
    "listed": _("Listed"),
    "destroyed": _("Destroyed"),
    "spared": _("Kept back"),
    "dropped": _("Taken off the list"),
    "balance": _("Listed = destroyed + kept back + taken off"),
    "voices": _("Who proposed, reviewed and approved"),
    "part": _("Part"),
    "name": _("Name"),
    "at": _("Time"),
    "word": _("Word"),
    "agreed": pgettext_lazy("of a voice", "Agreed"),
    "refused": pgettext_lazy("of a voice", "Refused"),
    "proposer": _("Proposal"),
    "law": _("Legal basis"),
    "class": _("Record class"),
    "article": _("Rule"),
    "years": _("Years"),
    "from": _("Counted from"),
    "unconfirmed": _("not yet confirmed by counsel"),
    "method": _("Method"),
    "method_crypto": _(
        "Electronic records: cryptographic erase, as NIST SP 800-88 calls it. Each loan and each person is sealed "
        "(AES-256-GCM or SM4-GCM) with a key of their own; that key was deleted in the key store, then the sealed "
        "fields were emptied, the files deleted and the index cleared. A process of its own found nothing that opens, "
        "and no file, field or index entry."
    ),
    "method_claim": _(
        "What is claimed: Clear, for all living systems, from the day of the destruction. Purge by cryptographic erase "
        "is claimed from the day on which the last backup of the key store from before it is gone (see the places). "
        "Not claimed: that media were overwritten or destroyed (Destroy)."
    ),
    "places": _("Places and backups"),
    "place": _("Where it lay"),
    "said": _("What became of it"),
    "gone_on": _("Nothing readable from"),
    "gone_unknown": _("not told to the installation: by the operator's own rule"),
    "originals": _("Paper originals"),
    "no_originals": _("The batch said that it has no paper originals."),
    "company": _("Destroying company"),
    "site": _("Place of the destruction"),
    "time": _("From – to"),
    "boxes": _("Number of boxes"),
    "papers": _("Number of papers"),
    "recorded_by": _("Recorded by"),
    "witnesses": _("Witnesses of the shredding"),
    "film": _("Film"),
    "segment": _("Segment"),
    "size": _("Bytes"),
    "film_note": _(
        "The film lies with the lender. Its first and last pictures are to show the code of this batch; each segment "
        "is known by its SHA-256."
    ),
    "not_covered": _("The film does not cover"),
    "no_film": _("Why there is no film"),
    "notary": _("Notary"),
    "notary_none": _("None"),
    "notary_later": _(
        "A notarial deed is about this certificate and is made after it: its number, office and day stand in the "
        "register of destructions and in the ledger."
    ),
    "ledger": _("Ledger"),
    "checkpoint": _("Checkpoint"),
    "ledger_events": _("Events with their proof"),
    "stamp": _("Time stamp (RFC 3161)"),
    "no_stamp": _("None: within 48 hours no authority had stamped the ledger."),
    "list": _("List"),
    "state": _("State"),
    "object": _("Unit"),
    "kept_until": _("kept until"),
    "check": _("How to check it"),
    "check_how": _(
        "With the ledger's public key, given to you by another way, and Python alone: python3 carloan_certificate.py "
        "FILE --key KEY. The program comes with the proofs of this certificate and with every bundle of the ledger."
    ),
    "state_dropped": _("Taken off the list"),
    "state_spared": _("Kept back"),
    "state_verified": _("Destroyed and verified"),
    "held": _("A legal hold is in force"),
    "early": _("Its time is not over"),
    "days": _("days"),
}
