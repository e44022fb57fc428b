"""What lies on top of a bundle: what it is and how a stranger checks it, in both languages at once."""

from datetime import UTC, datetime
from typing import Final

NAME: Final = "README-说明.txt"
_TEXT: Final = """\
哈希账本证明包 · {lender}
Bundle of a ledger · {lender}

账本 Ledger          {ledger}
记录 Events          {events}
检查点 Checkpoint    {signed_at}

【中文】
本证明包收录上述账本截至该检查点的全部审计记录，不含个人信息。
核验无需联网，无需安装本系统，只需 Python 3.11 或以上版本。

1. 账本公钥和见证方公钥请通过证明包以外的途径向该机构和见证方索取；包内 key.txt 和 witness-keys.txt 仅供比对。
2. 解压出 carloan_verify.py，与证明包放在同一目录，执行：
   python3 carloan_verify.py verify-all 证明包.zip --key '账本公钥' --witness '见证方公钥'
3. 如持有该机构此前的检查点，另加 --since 检查点.txt，可证明账本自该检查点起只有增加。
4. 显示“PROVEN 通过”（退出码 0）：没有记录被修改、删除、调换或添加。“NOT PROVEN 未通过”（退出码 1）：说明不符之处，
   包括哪一条记录被改动、删除、添加或对调。“NOT CHECKED 未核查”：本次未核查的事项。--lang zh 或 en 指定输出语言。
5. 不使用 Python 的，可在机构的“验证账本”页面（/compliance/verify/，无需登录）选择本证明包，由浏览器在本机核验。
6. 销毁证明的核验材料，用 carloan_certificate.py 核验；加 --bundle 证明包.zip 可核验是否存在第二份证明。

[English]
Every event of the ledger named above up to this checkpoint; no personal data. Checking it needs no network and nothing
of the system that made it: Python 3.11 or later is enough.

1. Get the ledger's public key and the witness's by another way than this bundle; key.txt and witness-keys.txt in it are
   for comparison only.
2. Unpack carloan_verify.py beside the bundle and run
   python3 carloan_verify.py verify-all BUNDLE.zip --key 'LEDGER KEY' --witness 'WITNESS KEY'
3. With a checkpoint that you kept from earlier, --since CHECKPOINT.txt asks that the ledger only grew since.
4. PROVEN (exit status 0): no event was changed, dropped, moved or added. NOT PROVEN (exit status 1): what does not hold
   is said, and which event was altered, dropped, added or swapped. NOT CHECKED: what this run did not look at.
   --lang zh or en chooses the language.
5. Without Python: the lender's page /compliance/verify/ (no sign-in) checks the bundle in your own browser.
6. The proofs of a certificate of destruction are checked with carloan_certificate.py; --bundle BUNDLE.zip asks whether
   there is a second certificate.
"""


def text(*, lender: str, ledger: str, events: int, signed_at: datetime) -> str:
    """The note of one bundle. Times are UTC, as in the events."""
    at = f"{signed_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return _TEXT.format(lender=lender, ledger=ledger, events=events, signed_at=at)
