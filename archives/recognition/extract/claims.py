"""Whose number is whose on a paper of two parties."""

import re
from typing import Final

from carloan.archives.recognition import values
from carloan.archives.recognition.extract.field import Fields
from carloan.archives.recognition.sheet import Sheet
from carloan.lib import identity_number, uscc

DOUBT: Final = 0.9
_NUMBER: Final = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")


def doubt_beside_unclaimed(fields: Fields, sheet: Sheet, *names: str) -> None:
    """Doubt the numbers of the parties where the paper bears a person's or an organisation's number that is none of
    them: a label was not read, and the number beside another one may be the other party's."""
    claimed = {str(fields[name].value) for name in names if name in fields}
    if _numbers(sheet) - claimed:
        for name in names:
            fields.doubted(name, DOUBT)


def _numbers(sheet: Sheet) -> set[str]:
    """The numbers of persons and organisations on a page; their check digits say that they are such."""
    found = {number for line in sheet.lines for number in _NUMBER.findall(values.compact(line.text).upper())}
    return {number for number in found if not identity_number.problems(number) or not uscc.problems(number)}
