"""Nothing that an act wrote down is told to people by the code's own name."""

import ast

from django.urls import get_resolver
from django.utils import translation

from carloan.archives.recognition.refusals import MESSAGES
from carloan.compliance.names import field_label, reason_label, type_label
from tests.test_layout import sources


def recorded_fields() -> set[tuple[str, str]]:
    """(type, field) of every field that a service writes down in so many words as before or after of its act."""
    found: set[tuple[str, str]] = set()
    for _, path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            given = {word.arg: word.value for word in node.keywords} if isinstance(node, ast.Call) else {}
            kind = given.get("object_type")
            if not isinstance(kind, ast.Constant):
                continue
            for values in (given.get("before"), given.get("after")):
                literals = [part for part in ast.walk(values) if isinstance(part, ast.Dict)] if values else []
                for literal in literals[:1]:
                    keys = [key.value for key in literal.keys if isinstance(key, ast.Constant)]
                    found |= {(str(kind.value), str(key)) for key in keys}
    return found


def test_every_field_of_an_act_has_a_name_for_people() -> None:
    fields = recorded_fields()
    assert ("core.branch", "parent") in fields
    with translation.override("zh-hans"):
        nameless = [(kind, name) for kind, name in sorted(fields) if field_label(kind, name).isascii()]
    assert not nameless, nameless


def test_every_part_of_the_api_has_a_name_for_people() -> None:
    names = [str(name) for name in get_resolver().reverse_dict if str(name).startswith("api-")]
    assert len(names) >= 7
    with translation.override("zh-hans"):
        nameless = [name for name in names if type_label(name) == name or "（API）" not in type_label(name)]
    assert not nameless, nameless


def test_every_reason_why_a_file_is_not_taken_has_few_words() -> None:
    with translation.override("zh-hans"):
        told = {code: reason_label(code) for code in [*MESSAGES, "nothing_taken"]}
    assert not [code for code, words in told.items() if words == code or len(words) > 20 or "%" in words]
