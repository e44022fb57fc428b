"""Every word for people has Chinese, and no translation breaks its placeholders."""

from pathlib import Path

import pytest

from carloan.core import catalogues

ROOT = Path(__file__).resolve().parent.parent


def write_catalogue(root: Path, body: str, app: str = "carloan/core") -> None:
    folder = root / app / "locale/zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    headers = ("Language: zh_Hans", "Content-Type: text/plain; charset=UTF-8", "Plural-Forms: nplurals=1; plural=0;")
    head = 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in headers) + "\n"
    (folder / "django.po").write_text(head + body)


def test_every_string_for_people_has_chinese() -> None:
    assert catalogues.missing(ROOT) == []


def test_no_translation_breaks_a_placeholder_or_contradicts_another() -> None:
    assert catalogues.broken(ROOT) == []


def test_the_lender_and_its_branches_have_a_word_each_in_chinese() -> None:
    """机构 is the lender and 网点 a branch (docs/domain.md); one word for both names nobody."""
    for path in catalogues.catalogue_paths(ROOT):
        for message in catalogues.read(path):
            english, chinese = str(message.id).lower(), str(message.string)
            assert "branch" not in english or "lender" in english or "机构" not in chinese, (english, chinese)
            assert "lender" not in english or "branch" in english or "网点" not in chinese, (english, chinese)


def test_it_finds_strings_of_python_and_templates(tmp_path: Path) -> None:
    source = 'a = _("One")\nb = ngettext("%(n)s day", "%(n)s days", n)\nc = pgettext("verb", "File")\n'
    assert [(used.context, used.msgid, used.plural) for used in catalogues.of_python(source, "a.py")] == [
        ("", "One", ""),
        ("", "%(n)s day", "%(n)s days"),
        ("verb", "File", ""),
    ]
    page = (
        """{% load i18n %}<p title="{% trans 'Two (2)' %}">{{ _("Three") }}</p>"""
        "{% blocktrans with n=x %}{{ n }} left, 5%{% endblocktrans %}"
    )
    assert [used.msgid for used in catalogues.of_template(page, "a.html")] == ["Two (2)", "Three", "%(n)s left, 5%%"]


def test_it_refuses_a_formatted_string() -> None:
    with pytest.raises(catalogues.NotLiteral):
        list(catalogues.of_python('_(f"{n} loans")', "a.py"))


def test_it_names_the_missing_string_and_its_place(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/a.html").write_text('{% load i18n %}\n{% trans "Known" %}{% trans "Unknown" %}')
    write_catalogue(tmp_path, 'msgid "Known"\nmsgstr "已知"\n')
    assert catalogues.missing(tmp_path) == ["templates/a.html:2: 'Unknown'"]


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("%(count)s loans", "%(cuont)s 笔贷款"),
        ("%(count)s loans", "多笔贷款"),
        ("{name} left", "已离开"),
        ("None", "共 %s 笔"),
    ],
)
def test_it_reports_a_broken_placeholder(tmp_path: Path, msgid: str, msgstr: str) -> None:
    write_catalogue(tmp_path, f'msgid "{msgid}"\nmsgstr "{msgstr}"\n')
    (problem,) = catalogues.broken(tmp_path)
    assert "placeholders differ" in problem


def test_it_reports_two_apps_that_contradict_each_other(tmp_path: Path) -> None:
    write_catalogue(tmp_path, 'msgid "Open"\nmsgstr "打开"\n')
    write_catalogue(tmp_path, 'msgid "Open"\nmsgstr "开启"\n', app="archives")
    (problem,) = catalogues.broken(tmp_path)
    assert "'打开'" in problem
    assert "'开启'" in problem


def test_it_compiles_what_changed_and_only_that(tmp_path: Path) -> None:
    write_catalogue(tmp_path, 'msgid "Open"\nmsgstr "打开"\n')
    (compiled,) = catalogues.compile_catalogues(tmp_path)
    assert "打开".encode() in compiled.read_bytes()
    assert catalogues.compile_catalogues(tmp_path) == []
