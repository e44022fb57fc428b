"""What is wrong with a value: a code for programs and a sentence for people."""

from typing import NamedTuple

from django.utils.functional import Promise


class Problem(NamedTuple):
    """One fault in one value. `code` is stable, `message` is translated when it is shown."""

    code: str
    message: str | Promise


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]
