"""The command."""

import argparse
import base64
import json
import os
import sys
from typing import Any

from carloan.compliance.proofs import carloan_verify as ledger
from carloan.compliance.proofs.carloan_certificate.given import Given
from carloan.compliance.proofs.carloan_certificate.told import verify


def _write_stamp(folder: str, told: dict[str, Any]) -> None:
    stamp = told["ledger"]["stamp"]
    if stamp is None:
        raise ledger.Unreadable("no_stamp")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "body.txt"), "w", encoding="utf-8", newline="") as file:
        file.write(stamp["body"])
    with open(os.path.join(folder, "token.tsr"), "wb") as token:
        token.write(base64.b64decode(stamp["token"]))
    asked = f"-data {folder}/body.txt -in {folder}/token.tsr -token_in -CAfile ROOTS_OF_THE_AUTHORITY.pem"
    print(f"openssl ts -verify {asked}")


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    language = ledger.language_of(given)
    options = _parser(language).parse_args(given)
    try:
        key = ledger.read_key(options.key)
        files = Given(options.file)
        found = verify(files, key, options.bundle)
        if options.stamp:
            _write_stamp(options.stamp, json.loads(files.body))
    except ledger.Refused as error:
        print(f"NOT PROVEN 未通过: {ledger.shown(error.said.text(language))}", file=sys.stderr)
        return 1
    except (ledger.Unreadable, *ledger.UNFIT) as error:
        said = error.said.text(language) if isinstance(error, ledger.Unreadable) else error
        print(f"cannot be read 无法读取: {ledger.shown(said)}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(found, default=lambda said: said.text(language)))
    else:
        _say(found, language)
    return 0 if found["proven"] else 3


def _parser(language: str) -> argparse.ArgumentParser:
    def said(code: str) -> str:
        return ledger.Said(code).text(language)

    parser = argparse.ArgumentParser(description=said("about_certificate"))
    parser.add_argument("file", help=said("help_certificate"))
    parser.add_argument("--key", required=True, help=said("help_key"))
    parser.add_argument("--bundle", help=said("help_bundle"))
    parser.add_argument("--stamp", metavar="FOLDER", help=said("help_stamp"))
    parser.add_argument("--lang", choices=ledger.LANGUAGES, help=said("help_lang"))
    parser.add_argument("--json", action="store_true", help=said("help_json"))
    return parser


def _say(found: dict[str, Any], language: str) -> None:
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
    for began, ended in found["gaps"]:
        gap = ledger.Said("not_covered", began=began, ended=ended)
        lines.append(f"NOT COVERED 未覆盖: {gap.text(language)}")
    lines += [f"NOT CHECKED 未核查: {what.text(language)}" for what in found["unchecked"]]
    for line in lines:
        print(ledger.shown(line))


if __name__ == "__main__":
    sys.exit(main())
