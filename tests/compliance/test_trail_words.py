"""Nothing that an act wrote down is told to people by the code's own name."""

import ast

from django.utils import translation

from carloan.compliance.names import field_label
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
