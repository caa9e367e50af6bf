"""The Chinese of the site: complete, compiled, and true to its msgids. Needs no gettext on the machine."""

import ast
import gettext
import io
import re
from contextlib import suppress
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.contrib import admin
from django.utils.translation import templatize

ROOT = Path(settings.BASE_DIR)
PO = ROOT / "liangzhou/locale/zh_Hans/LC_MESSAGES/django.po"
PRODUCT = ("liangzhou", "sources", "enterprises", "projects", "monthly", "ledgers")
# Each function of django.utils.translation: which of its arguments are the context, the msgid and the plural
ARGUMENTS = {
    "gettext": (None, 0, None), "gettext_lazy": (None, 0, None), "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1), "ngettext_lazy": (None, 0, 1), "pgettext": (0, 1, None), "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2), "npgettext_lazy": (0, 1, 2),
}  # fmt: skip
# What Django's templatize writes for each tag, its arguments as Python literals
IN_TEMPLATES = re.compile(r"(?<![\w.])(_|gettext|ngettext|pgettext|npgettext)\((?=\s*u?['\"])")
PLACEHOLDER = re.compile(r"%\([^)]*\)[a-z]|%%")
# Punctuation that a Chinese sentence has in its own, full-width form
HALF_WIDTH = re.compile("(?<=[\u4e00-\u9fff\u201d\u300b])[,;:!?]|[,;:!?](?=[\u4e00-\u9fff\u201c\u300a])")


def catalogue():
    return polib.pofile(str(PO))


def keys(po):
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural or None) for entry in po}


def key(call, function):
    """(context, msgid, plural) of a call; fails on a text that is put together at run time."""
    values = [argument.value if isinstance(argument, ast.Constant) else None for argument in call.args]
    context, msgid, plural = (None if at is None else values[at] for at in ARGUMENTS[function])
    assert isinstance(msgid, str), f"{ast.unparse(call)} cannot be collected: it is no literal"
    return context, msgid, plural


def used_in_code(path):
    tree = ast.parse(path.read_text("utf-8"))
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in ARGUMENTS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield key(node, names[node.func.id])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ARGUMENTS:
            yield key(node, node.func.attr)


def first_call(text):
    """The call that a text begins with, whatever follows."""
    for end in (match.end() for match in re.finditer(r"\)", text)):
        with suppress(SyntaxError):
            return ast.parse(text[:end].replace("\n", "\\n"), mode="eval").body
    raise AssertionError(f"{text[:80]} is no call")


def used_in_template(path):
    source = templatize(path.read_text("utf-8"), origin=path.name)
    for match in IN_TEMPLATES.finditer(source):
        call = first_call(source[match.start() :])
        call.args = [ast.Constant(arg.value) if isinstance(arg, ast.Constant) else arg for arg in call.args]
        yield key(call, "gettext" if match[1] == "_" else match[1])


def used():
    """Every (context, msgid, plural) in the code and the templates, with a file that uses it."""
    found = {}
    for app in PRODUCT:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                found |= dict.fromkeys(used_in_code(path), path.name)
    for path in (ROOT / "templates").rglob("*.*"):
        found |= dict.fromkeys(used_in_template(path), path.name)
    return found


def texts(entry):
    """(msgid, translation) pairs of an entry, its plural forms apart."""
    if entry.msgid_plural:
        return [(entry.msgid_plural, text) for text in entry.msgstr_plural.values()]
    return [(entry.msgid, entry.msgstr)]


def test_nothing_is_missing_from_the_catalogue():
    of_django = polib.pofile(str(Path(admin.__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.po"))
    known = keys(catalogue()) | keys(of_django.translated_entries())

    assert {wanted: path for wanted, path in used().items() if wanted not in known} == {}


def test_nothing_in_the_catalogue_is_out_of_use():
    assert keys(catalogue()) - set(used()) == set()


def test_everything_is_translated():
    po = catalogue()

    assert [entry.msgid for entry in po if not all(text for _, text in texts(entry))] == []
    assert [entry.msgid for entry in po if entry.fuzzy or entry.obsolete] == []


def test_no_text_stands_twice():
    assert len(keys(catalogue())) == len(catalogue())


def test_committed_catalogue_is_compiled_from_the_text():
    compiled = gettext.GNUTranslations(io.BytesIO(catalogue().to_binary()))
    committed = gettext.GNUTranslations(io.BytesIO(PO.with_suffix(".mo").read_bytes()))

    assert committed._catalog == compiled._catalog


def test_placeholders_are_those_of_the_msgid():
    wrong = [
        (msgid, text)
        for entry in catalogue()
        for msgid, text in texts(entry)
        if set(PLACEHOLDER.findall(msgid)) != set(PLACEHOLDER.findall(text))
    ]

    assert wrong == []


def test_spaces_at_the_ends_are_those_of_the_msgid():
    def ends(text):
        return text[:1].isspace(), text[-1:].isspace()

    assert [e.msgid for e in catalogue() for msgid, text in texts(e) if ends(msgid) != ends(text)] == []


def test_chinese_sentences_have_chinese_punctuation():
    assert [text for entry in catalogue() for _, text in texts(entry) if HALF_WIDTH.search(text)] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{% translate 'Home' %}", [(None, "Home", None)]),
        ('{% translate "It\'s (here)" %}', [(None, "It's (here)", None)]),
        ("{% translate 'over' context 'figure' %}", [("figure", "over", None)]),
        ("{% blocktranslate with n=x %}{{ n }} (of) it{% endblocktranslate %}", [(None, "%(n)s (of) it", None)]),
        (
            "{% blocktranslate count n=x %}one{% plural %}{{ n }}s{% endblocktranslate %}",
            [(None, "one", "%(n)ss")],
        ),
        ("{% blocktranslate trimmed %}\n a\n b\n{% endblocktranslate %}", [(None, "a b", None)]),
        ('<a title="{% translate "A" %}">{{ x|default:_("B") }}</a>', [(None, "A", None), (None, "B", None)]),
        ("{# {% translate 'not this' %} #}{{ translate }}", []),
    ],
)
def test_texts_of_templates_are_collected(tmp_path, source, found):
    path = tmp_path / "page.html"
    path.write_text("{% load i18n %}" + source, "utf-8")

    assert list(used_in_template(path)) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from django.utils.translation import gettext_lazy as _\n_('a' 'b')", [(None, "ab", None)]),
        ("from django.utils.translation import pgettext\npgettext('c', 'x')", [("c", "x", None)]),
        ("from django.utils.translation import ngettext\nngettext('x', 'xs', 2)", [(None, "x", "xs")]),
        ("from django.utils import translation\ntranslation.gettext('x')", [(None, "x", None)]),
        ("_('not imported')", []),
    ],
)
def test_texts_of_code_are_collected(tmp_path, source, found):
    path = tmp_path / "module.py"
    path.write_text(source, "utf-8")

    assert list(used_in_code(path)) == found


def test_texts_that_are_no_literals_are_refused(tmp_path):
    path = tmp_path / "module.py"
    path.write_text("from django.utils.translation import gettext\ngettext(f'{x}')", "utf-8")

    with pytest.raises(AssertionError, match="no literal"):
        list(used_in_code(path))
