"""The command."""

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import Any

from carloan.compliance.proofs.carloan_verify.bundle import verify
from carloan.compliance.proofs.carloan_verify.files import LONGEST_LINE
from carloan.compliance.proofs.carloan_verify.notes import WITNESS_KEY, read_key
from carloan.compliance.proofs.carloan_verify.single import verify_consistency, verify_inclusion
from carloan.compliance.proofs.carloan_verify.words import (
    LANGUAGES,
    Refused,
    Said,
    Unreadable,
    language_here,
    shown,
)

COMMANDS = ("verify-all", "verify-inclusion", "verify-consistency")


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    language = language_of(given)
    parser = _parser(language)
    # Bundles of the first version said it without a command.
    options = parser.parse_args(given if given and given[0] in (*COMMANDS, "-h", "--help") else ["verify-all", *given])
    try:
        key = read_key(options.key)
        if options.command == "verify-inclusion":
            found = verify_inclusion(_read(options.file), key)
        elif options.command == "verify-consistency":
            found = verify_consistency(_read(options.file), key)
        else:
            witnesses = [read_key(text, WITNESS_KEY) for text in options.witness]
            since = _read(options.since) if options.since else None
            times = {"seen_since": options.seen_since, "key_until": options.key_until}
            found = verify(options.file, key, since, witnesses=witnesses, **times)
    except Refused as error:
        print(f"NOT PROVEN 未通过: {shown(error.said.text(language))}", file=sys.stderr)
        return 1
    except (Unreadable, OSError, UnicodeDecodeError) as error:
        said = error.said.text(language) if isinstance(error, Unreadable) else error
        print(f"cannot be read 无法读取: {shown(said)}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(found, default=lambda said: said.text(language)))
    else:
        _say(found, language)
    return 0


def language_of(given: list[str]) -> str:
    """The language that the arguments ask for, or the one of this machine."""
    asked = argparse.ArgumentParser(add_help=False)
    asked.add_argument("--lang", choices=LANGUAGES)
    return asked.parse_known_args(given)[0].lang or language_here()


def _parser(language: str) -> argparse.ArgumentParser:
    def said(code: str) -> str:
        return Said(code).text(language)

    parser = argparse.ArgumentParser(description=said("about"))
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("file", help=said("help_file"))
    parser.add_argument("--key", required=True, help=said("help_key"))
    parser.add_argument("--since", help=said("help_since"))
    parser.add_argument("--witness", action="append", default=[], help=said("help_witness"))
    parser.add_argument("--seen-since", type=_moment, help=said("help_seen"))
    parser.add_argument("--key-until", type=_moment, help=said("help_until"))
    parser.add_argument("--lang", choices=LANGUAGES, help=said("help_lang"))
    parser.add_argument("--json", action="store_true", help=said("help_json"))
    return parser


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _read(path: str) -> str:
    with open(path, encoding="utf-8", newline="") as file:
        return file.read(LONGEST_LINE)


def _say(found: dict[str, Any], language: str) -> None:
    when = f", {shown(found['first'])} … {shown(found['last'])}" if "first" in found else ""
    print(f"PROVEN 通过: {found['events']} events 条记录{when}")
    print(f"ledger 账本 {found['ledger']}\nroot 根哈希 {found['root']}")
    if "index" in found:
        print(f"the event stands at 该记录位于 {found['index']}")
    if found.get("since") is not None:
        print(f"goes on from the earlier checkpoint 承接早先检查点: {found['since']}")
    for witness in found.get("witnesses", []):
        print(f"witness 见证 {witness['name']}: {witness['events']} events 条记录, {witness['seen']}")
    if day := found.get("day"):
        print(f"day 时间戳日 {shown(day['of'])}: {day['events']} events 条记录, {day['ledgers']} ledgers 个账本")
    for what in found.get("unchecked", []):
        print(f"NOT CHECKED 未核查: {shown(what.text(language))}")


if __name__ == "__main__":
    sys.exit(main())
