"""Which languages there are is said in settings and in ``chronology/languages`` alone."""

import ast
import re

import pytest
from django.conf import settings

from chronology.languages import known, site_codes

pytestmark = pytest.mark.once

BASE = settings.BASE_DIR
CODES = "|".join(sorted({*known(), *site_codes()}))
# Where a language may be named: its file, settings, what is made of the models as they were, and
# what only looks at the site or brings content into it.
ALLOWED = (
    "chronology/languages/", "mia_site/settings.py", "tests/", "fixtures/", "benchmarks/",
    # What libraries say in Azerbaijani is kept by us.
    "scripts/catalogues.py",
)  # fmt: skip
# "az", name_az; the code as part of an address or of prose is something else.
_TEXT = re.compile(rf"^(?:{CODES})$|_(?:{CODES})\b")
_NAME = re.compile(rf"^(?:{CODES})$|_(?:{CODES})$")
# In templates and scripts every quoted text counts; `lang="az"`, `language != "az"`.
_QUOTED = re.compile(rf"""(["'`])(?:{CODES})\1|\w[_-](?:{CODES})\b""")


def files(*endings):
    """The files of the project with one of these endings, but those that may name a language."""
    for ending in endings:
        for file in sorted(BASE.rglob(f"*{ending}")):
            path = file.relative_to(BASE).as_posix()
            outside = file.relative_to(BASE).parts[0].startswith((".", "var"))
            if not (outside or path.startswith(ALLOWED) or "/migrations/" in path):
                yield path, file.read_text(encoding="utf-8")


def _docstrings(tree):
    """The nodes of docstrings, which may give an example."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            yield body[0].value


def named_in_python(source):
    """``[(line, what stands there)]`` of every language that Python code names."""
    tree = ast.parse(source)
    told = set(map(id, _docstrings(tree)))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in told and _TEXT.search(node.value):
                found.append((node.lineno, node.value))
            continue
        name = {
            ast.Name: "id", ast.Attribute: "attr", ast.arg: "arg", ast.keyword: "arg",
            ast.FunctionDef: "name", ast.ClassDef: "name",
        }.get(type(node))  # fmt: skip
        text = name and getattr(node, name)
        if text and _NAME.search(text):
            found.append((node.lineno, text))
    return found


def named_in_text(source):
    """The same of a template, a script or a style sheet."""
    return [
        (number, match[0])
        for number, line in enumerate(source.splitlines(), 1)
        for match in _QUOTED.finditer(line)
    ]


@pytest.mark.parametrize(
    "source",
    [
        'LANGUAGES = ("az", "en")', "unit.name_az", "one.en", 'Q(name_en="")', "f(name_az=1)",
        'values_list("code", "name_en")', 'f"{stem}_az"', '{"az": 1}', "def _az(): pass",
        "class Name:\n    az: str", "def one(en): pass",
    ],
)  # fmt: skip
def test_a_language_named_in_python_is_found(source):
    assert named_in_python(source)


@pytest.mark.parametrize(
    "source",
    [
        "def one(): 'As name_az.'", 'x = "/az/units/"', "when = then", "token_endings = 1",
        'HTML = "azure"', "import en_route",
    ],
)  # fmt: skip
def test_what_names_no_language_is_not(source):
    assert named_in_python(source) == []


@pytest.mark.parametrize(
    "source",
    ['<p lang="az">', "{% if language != 'az' %}", '["az", "en"]', "{{ unit.name_en }}", "`en`"],
)
def test_a_language_named_in_a_template_is_found(source):
    assert named_in_text(source)


def test_python_names_no_language():
    found = [
        f"{path}:{line}: {text}"
        for path, source in files(".py")
        for line, text in named_in_python(source)
    ]
    assert found == [], "Ask publishing.translated or chronology.languages."


def test_templates_and_scripts_name_no_language():
    found = [
        f"{path}:{line}: {text}"
        for path, source in files(".html", ".js")
        for line, text in named_in_text(source)
    ]
    assert found == [], "Ask for the language in a tag, or read it from the page."


def test_every_language_of_the_site_has_its_file():
    assert {code.split("-")[0] for code in site_codes()} <= set(known())
    assert {code: one.code for code, one in known().items()} == {code: code for code in known()}
