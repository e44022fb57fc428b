"""Verify a bundle of a ledger (哈希账本证明包) without Carloan, a network or any package: Python 3.11+.

    python3 carloan_verify.py verify-all BUNDLE.zip --key 'ledger.example/t/…+0a1b2c3d+AQ…' --witness 'bank.example+…'
    python3 carloan_verify.py verify-all BUNDLE.zip --key … --since EARLIER_CHECKPOINT.txt
    python3 carloan_verify.py verify-inclusion PROOF.json --key …      one event lies in the ledger
    python3 carloan_verify.py verify-consistency PROOF.json --key …    the ledger went on from an earlier checkpoint

Keys are public keys as you were given them, by another way than the bundle: the ledger's, and those of witnesses that
you trust. A bundle holds every event up to a checkpoint; the events' hashes must give the root that it signs (RFC
6962), so that nothing was changed, dropped, moved or added. Where something was, the leaves that lie beside the events
tell which one. With --since the same is asked of a checkpoint that you kept, with --witness of what that witness
co-signed: the ledger must go on from it. Where a day's time stamp is in the bundle, its way to this ledger is checked,
and how the stamp itself is checked with openssl is said. What was not checked is said too. Exit status 0: everything
holds. 1: it does not, and what is said is why. 2: it cannot be read. --lang zh or en chooses the language of what is
said; without it the machine's own counts.

公钥须由证明包以外的途径取得：账本公钥，以及您信任的见证方公钥。证明包含有截至某一检查点的全部记录，
由各条记录算出的哈希必须与检查点所签的根哈希一致（RFC 6962），因此任何改动、删除、调换、添加都会被发现，
并指出是哪一条记录。--since 要求账本承接您留存的检查点，--witness 要求账本承接该见证方联署的内容。
未核查的事项会逐项说明。退出码 0：全部成立；1：不成立，并说明原因；2：无法读取。
--lang zh 或 en 指定输出语言，不指定时取本机语言。
"""

from carloan.compliance.proofs.carloan_verify.bundle import (
    DAY_BODY,
    DAY_CHECKPOINT,
    DAY_PROOF,
    DAY_TOKEN,
    FORMAT,
    WITNESSES,
    verify,
)
from carloan.compliance.proofs.carloan_verify.command import language_of, main
from carloan.compliance.proofs.carloan_verify.ed25519 import L, ed25519_holds
from carloan.compliance.proofs.carloan_verify.files import CHECKPOINT, EVENTS, UNFIT, names_once
from carloan.compliance.proofs.carloan_verify.notes import WITNESS_KEY, Key, open_checkpoint, read_key
from carloan.compliance.proofs.carloan_verify.single import (
    EVENT_FORMAT,
    GROWTH_FORMAT,
    verify_consistency,
    verify_inclusion,
)
from carloan.compliance.proofs.carloan_verify.tree import WIDTH, includes, is_consistent, only_grew, tile_name
from carloan.compliance.proofs.carloan_verify.words import (
    LANGUAGES,
    WORDS,
    Refused,
    Said,
    Unreadable,
    shown,
)

__all__ = [
    "CHECKPOINT", "DAY_BODY", "DAY_CHECKPOINT", "DAY_PROOF", "DAY_TOKEN", "EVENTS", "EVENT_FORMAT", "FORMAT",
    "GROWTH_FORMAT", "LANGUAGES", "UNFIT", "WIDTH", "WITNESSES", "WITNESS_KEY", "WORDS", "Key", "L", "Refused", "Said",
    "Unreadable", "ed25519_holds", "includes", "is_consistent", "language_of", "main", "names_once",
    "only_grew", "open_checkpoint", "read_key", "shown", "tile_name", "verify", "verify_consistency",
    "verify_inclusion",
]  # fmt: skip
