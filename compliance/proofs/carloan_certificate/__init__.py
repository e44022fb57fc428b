"""Verify a certificate of destruction (销毁证明) without Carloan, a network or any package: Python 3.11+.

    python3 carloan_certificate.py CERTIFICATE.pdf --key 'ledger.example/t/…+0a1b2c3d+AQ…'
    python3 carloan_certificate.py PROOFS.zip --key …           certificate, PDF and what the ledger says of both
    python3 carloan_certificate.py CERTIFICATE.json --key … --bundle BUNDLE.zip     against the whole ledger

carloan_verify.py lies beside this file. The key is the ledger's public one, as you were given it by another way.

A certificate holds the list that was approved, thing by thing, and the events of the ledger that tell how it went. The
things must give the hash and the root of the list; as many must have gone out as were listed; the business, the archive
and two more must have agreed to this very list, none of whom proposed it; it must have cooled off before it was begun;
each thing that is called destroyed must have its event; where papers went, two others must have seen it, and what is
called its film must be of that time; and each event must stand in the ledger. What was not checked is said too. Exit
status 0: everything holds. 1: it does not, and what is said is why. 2: it cannot be read. 3: the list and its course
hold, and either the film does not cover the shredding, or the ledger was not asked whether this is the file that it
knows: names, times, places and pages may have been changed in it. --lang zh or en chooses the language of what is said;
without it the machine's own counts.

公钥须由本材料以外的途径取得。证明中有经批准的清册，以及账本中记载全过程的记录：各项须与清册哈希、根哈希一致，
列入数须等于销毁、暂缓、剔除之和；业务、档案和另外两人须同意本清册，且均非提议人；冷静期须届满；
每一项销毁须有记录；纸质原件须有另外两人监销，录像须拍摄于销毁之时；每条记录须在账本之中。
退出码 0：全部成立；1：不成立，并说明原因；2：无法读取；3：清册和过程成立，但录像未覆盖销毁全程，
或未向账本核对本文件。--lang zh 或 en 指定输出语言，不指定时取本机语言。
"""

from carloan.compliance.proofs.carloan_certificate.command import main
from carloan.compliance.proofs.carloan_certificate.given import (
    CERTIFICATE,
    CERTIFIED,
    FILED,
    FORMAT,
    NOTARY,
    PDF,
    Given,
    canonical,
    embedded,
)
from carloan.compliance.proofs.carloan_certificate.told import in_bundle, verify, whole_holds
from carloan.compliance.proofs.carloan_certificate.words import CERTIFICATE_WORDS

__all__ = [
    "CERTIFICATE", "CERTIFICATE_WORDS", "CERTIFIED", "FILED", "FORMAT", "NOTARY", "PDF", "Given", "canonical",
    "embedded", "in_bundle", "main", "verify", "whole_holds",
]  # fmt: skip
