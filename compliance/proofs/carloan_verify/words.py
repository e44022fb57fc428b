"""What is said, by code, in the two languages."""

import locale
import os
from contextlib import suppress
from typing import Any

LANGUAGES = ("en", "zh")
WORDS: dict[str, tuple[str, str]] = {
    # What cannot be read.
    "no_ledger_key": ("this is no Ed25519 key of a ledger", "这不是账本的 Ed25519 公钥"),
    "no_witness_key": ("this is no Ed25519 key of a witness", "这不是见证方的 Ed25519 公钥"),
    "no_checkpoint": ("this is no signed checkpoint", "这不是已签名的检查点"),
    "many_signatures": (
        "a checkpoint bears {count} signatures of one key",
        "检查点上同一把公钥的签名多达 {count} 个",
    ),
    "no_bundle": (
        "this is no bundle of a ledger, or one of a newer version",
        "这不是账本证明包，或者是更新版本的证明包",
    ),
    "broken_bundle": ("the bundle cannot be read: {error}", "证明包无法读取：{error}"),
    "twice": (
        "two files in it have one name: different readers could be shown different ones",
        "包内有两个文件同名：不同的软件可能读到不同的内容",
    ),
    "odd_packing": (
        "a file in it is packed in a way that not every reader knows",
        "包内有文件使用了并非所有软件都支持的压缩方式",
    ),
    "many_witnesses": ("it holds {count} checkpoints of witnesses", "包内见证方的检查点多达 {count} 个"),
    "too_long": ("{name} is too long", "{name} 过长"),
    "no_event_proof": ("this is no proof of an event: {error}", "这不是单条记录的证明：{error}"),
    "no_growth_proof": ("this is no proof of growth: {error}", "这不是账本承接关系的证明：{error}"),
    # Who signed.
    "other_ledger": (
        "the checkpoint is one of {found!r}, not of {wanted!r}",
        "检查点属于账本 {found!r}，不是 {wanted!r}",
    ),
    "not_signed": (
        "the checkpoint is not signed by the key of {name!r}",
        "检查点上没有 {name!r} 公钥对应的有效签名",
    ),
    "key_ended": (
        "the key ended at {until}, and events of {last} are signed with it",
        "公钥已于 {until} 停用，却签署了 {last} 的记录",
    ),
    "not_witnessed": (
        "no witness {name!r} of this key co-signed this ledger",
        "见证方 {name!r} 的这把公钥没有见证过本账本",
    ),
    "seen_long_ago": (
        "the witness {name!r} saw it at {at} last: an old state may have been shown anew",
        "见证方 {name!r} 最后一次见证于 {at}：出示的可能是旧状态",
    ),
    "other_day": (
        "the day that was stamped does not hold this ledger",
        "加盖时间戳的当日汇总中没有本账本",
    ),
    # What was done to the events.
    "cut": ("event {number} is cut off", "第 {number} 条记录不完整，文件被截断"),
    "other_lender": ("event {number} is of another lender", "第 {number} 条记录属于其他机构"),
    "altered": (
        "event {number} was altered: its leaf is {found}, and the ledger sealed {sealed}. It reads now: {told}. "
        "{count} of {events} events are not those that were sealed",
        "第 {number} 条记录被改动：其叶哈希为 {found}，而账本封存的是 {sealed}。现内容为：{told}。"
        "{events} 条记录中有 {count} 条与封存时不符",
    ),
    "dropped": (
        "event {number} was dropped: the ledger sealed the leaf {sealed} there, and the next event stands in its place",
        "第 {number} 条记录被删除：账本在此封存的叶哈希为 {sealed}，现由其后一条记录占据",
    ),
    "end_dropped": (
        "the last {count} events were dropped: the bundle ends before event {number}, whose leaf is {sealed}",
        "末尾 {count} 条记录被删除：证明包止于第 {number} 条记录之前，该记录的叶哈希为 {sealed}",
    ),
    "added": (
        "event {number} was added: the ledger never sealed it. It reads: {told}",
        "第 {number} 条记录系添加：账本从未封存该记录。其内容为：{told}",
    ),
    "swapped": (
        "events {number} and {next} change places with each other",
        "第 {number} 条与第 {next} 条记录的位置被对调",
    ),
    "too_many": (
        "the checkpoint signs {signed} events and the bundle holds more",
        "检查点签署 {signed} 条记录，而证明包中的记录更多",
    ),
    "too_few": (
        "the checkpoint signs {signed} events and the bundle holds {found}",
        "检查点签署 {signed} 条记录，而证明包中只有 {found} 条",
    ),
    "other_root": (
        "the events do not give the root that the checkpoint signs: some were changed, moved or replaced",
        "由各条记录算出的根哈希与检查点所签的不一致：有记录被改动、调换或替换",
    ),
    "other_tile": (
        "the events hold, and {name} does not hold their leaves",
        "各条记录无误，但 {name} 中的叶哈希与记录不符",
    ),
    # How it grew.
    "older": (
        "the ledger had {before} events at {what} and has {now} in this bundle",
        "在{what}时账本有 {before} 条记录，而本证明包中只有 {now} 条",
    ),
    "forked": ("the ledger does not go on from {what} at {size}", "账本没有承接{what}（{size} 条记录）"),
    "way_earlier": ("the earlier checkpoint", "早先的检查点"),
    "way_witness": ("the checkpoint that {name!r} co-signed", "见证方 {name!r} 联署的检查点"),
    "way_day": ("the day that was stamped", "加盖时间戳的当日检查点"),
    "event_of_other_lender": ("the event is of another lender", "该记录属于其他机构"),
    "not_in_tree": (
        "the event does not stand in the ledger as it is shown here",
        "账本中没有与此处内容完全一致的该条记录",
    ),
    "not_grown": (
        "the ledger of {size} events does not go on from the one of {before}",
        "{size} 条记录的账本没有承接 {before} 条记录的账本",
    ),
    # What was not looked at.
    "unchecked_recorded": (
        "whether everything that happened was recorded, and what was sealed later",
        "所有发生的事项是否均已记录，以及此后封存的内容",
    ),
    "unchecked_others": (
        "whether somebody else was shown another history: no witness's key was given (--witness)",
        "是否向他人出示过另一份历史：未提供见证方公钥（--witness）",
    ),
    "unchecked_no_stamp": (
        "when it was signed: no time stamp is in the bundle",
        "签署时间：证明包中没有时间戳",
    ),
    "unchecked_stamp": (
        "the time stamp on {day}: unzip the bundle and ask {ask}",
        "{day} 的时间戳：解压证明包后执行 {ask}",
    ),
    # The command.
    "about": (
        "Verify a bundle of a ledger without Carloan, a network or any package.",
        "核验哈希账本证明包：无需安装本系统，无需联网，无需其他软件包。",
    ),
    "help_file": ("a bundle, or the proof of one thing", "证明包，或单项证明"),
    "help_key": (
        "the ledger's public key, given to you by another way",
        "账本公钥，须由证明包以外的途径取得",
    ),
    "help_since": (
        "a file with a checkpoint that you kept from an earlier bundle",
        "此前证明包中留存的检查点文件",
    ),
    "help_witness": ("a witness's public key, which must have signed", "见证方公钥，该见证方须已联署"),
    "help_seen": (
        "the witnesses must have seen it then or later (ISO 8601)",
        "见证时间不得早于此时（ISO 8601）",
    ),
    "help_until": ("when the ledger's key ended (ISO 8601)", "账本公钥的停用时间（ISO 8601）"),
    "help_lang": ("language of what is said", "输出语言"),
    "help_json": ("say it for machines", "以 JSON 输出，供程序读取"),
}


class Said:
    """Something that is said in the reader's language. Values may be said things themselves."""

    def __init__(self, code: str, **values: Any) -> None:
        self.code, self.values = code, values

    def text(self, language: str) -> str:
        values = {
            name: value.text(language) if isinstance(value, Said) else value for name, value in self.values.items()
        }
        return WORDS[self.code][LANGUAGES.index(language)].format_map(values)

    def __str__(self) -> str:
        return self.text("en")


class Problem(Exception):
    """Something does not hold, or cannot be looked at; `said` says what."""

    def __init__(self, code: str, **values: Any) -> None:
        self.said = Said(code, **values)
        super().__init__(code)

    def __str__(self) -> str:
        return str(self.said)


class Refused(Problem):
    """What was given does not prove what it claims."""


class Unreadable(Problem):
    """No bundle, no checkpoint, no key."""


def language_here() -> str:
    """The language of whoever sits at this machine: Chinese, or English for everybody else."""
    here = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if not here:
        with suppress(locale.Error, ValueError):
            locale.setlocale(locale.LC_CTYPE, "")
            here = locale.getlocale()[0] or ""
    return "zh" if here.lower().startswith(("zh", "chinese")) else "en"


def shown(text: Any) -> str:
    """Text of a file for a terminal, which signs that do not show could make tell something else."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(text))
