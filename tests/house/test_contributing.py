"""CONTRIBUTING.md lists twelve changes with their files, and says what is so."""

import ast
import re

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.test import override_settings
from django.urls import reverse

from exchange.limits import Limits
from open_data.sitemap import LISTS
from publishing.fields import SearchTextField
from publishing.record_kinds import all_kinds
from tests.visibility.addresses import public_patterns

BASE = settings.BASE_DIR
PAGE = (BASE / "CONTRIBUTING.md").read_text()
TWELVE = [
    "A field", "A kind of event", "A page type", "A language", "A colour", "A column in a file",
    "A search field", "The order of A–Z", "A setting", "A limit", "An institution", "A record kind",
]  # fmt: skip
# Black and white by three digits are those of print and of masks.
COLOUR = re.compile(r"#(?!000\b|fff\b)(?:[0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
# What the institution is called, in words and in short, and its emergency number.
INSTITUTION = re.compile(
    r"\bMinistry\b|\bInternal Affairs\b|Republic of Azerbaijan|\bmia\b|\bMIA\b|tel:102"
)


def section(title):
    """The text of one of the changes."""
    return PAGE.partition(f"\n### {title}\n")[2].partition("\n### ")[0]


def named_in(text):
    """The files and folders that a text names in code."""
    return set(re.findall(r"`([\w.-]+/[\w./-]*)`", text))


def files(*places):
    """{path: text} of the files under these folders, without migrations."""
    found = {}
    for place in places:
        for file in sorted((BASE / place).rglob("*")):
            if file.suffix in (".py", ".html", ".svg", ".css", ".js") and (
                "migrations" not in file.parts
            ):
                found[file.relative_to(BASE).as_posix()] = file.read_text()
    return found


def apps():
    """The folders of Python packages, without tests."""
    return sorted({file.parent.name for file in BASE.glob("*/__init__.py")} - {"tests"})


def shown_texts(path, source):
    """What a file may show: a template whole, of Python the texts that are no docstrings."""
    if not path.endswith(".py"):
        return re.sub(r"{% comment %}.*?{% endcomment %}", "", source, flags=re.DOTALL)
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(getattr(node, "body", None), list)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return "\n".join(
        node.value for node in texts if isinstance(node.value, str) and id(node) not in docstrings
    )


def test_there_are_twelve_changes():
    assert re.findall(r"^### (.*)$", PAGE, re.MULTILINE) == TWELVE


@pytest.mark.parametrize("title", TWELVE)
def test_each_names_files(title):
    assert named_in(section(title))


def test_its_commands_exist():
    named = set(re.findall(r"`manage\.py (\w+)", PAGE))
    assert named
    assert named <= set(get_commands())


def test_every_file_with_a_colour_is_listed():
    found = files("static", "templates", *apps())
    with_colour = {path for path, text in found.items() if COLOUR.search(shown_texts(path, text))}
    assert {path for path in named_in(section("A colour")) if path in found} == with_colour


def test_every_file_that_names_the_institution_is_listed():
    found = files("static", "templates", *apps())
    naming = {path for path, text in found.items() if INSTITUTION.search(shown_texts(path, text))}
    listed = {path for path in named_in(section("An institution")) if path in found}
    assert naming == listed


# Search and comparison have endless pages; the chart shows what the structure page lists.
NOT_IN_SITE_MAP = {"search", "search_suggest", "history:compare", "units:chart"}


def test_every_page_without_arguments_is_in_the_site_map():
    start = reverse("home")
    pages = {
        name
        for name, arguments in public_patterns()
        if not arguments and reverse(name).startswith(start) and reverse(name).endswith("/")
    }
    assert pages - set(LISTS) == NOT_IN_SITE_MAP


def test_lists_find_a_record_by_every_name_by_which_the_search_finds_it():
    checked = []
    for kind in all_kinds():
        field = next(
            (f for f in kind.model._meta.concrete_fields if isinstance(f, SearchTextField)), None
        )
        if field and kind.searched:
            named = {*kind.searched.name, *kind.searched.former, *kind.searched.short}
            assert named <= set(field.sources), kind.name
            checked.append(kind.name)
    assert checked


def test_every_limit_of_a_file_is_a_setting():
    changed = set()
    documented = re.findall(r"^### `(IMPORT_\w+)`", (BASE / "docs/settings.md").read_text(), re.M)
    usual = Limits.browser()
    for name in documented:
        with override_settings(**{name: -1}):
            changed |= {
                field
                for field in Limits.__dataclass_fields__
                if getattr(Limits.browser(), field) != getattr(usual, field)
            }
    assert changed == set(Limits.__dataclass_fields__)


def test_the_rules_see_what_they_must():
    assert COLOUR.search("fill: #00626B")
    assert not COLOUR.search("&#8203; #tree-12 #000")
    assert not COLOUR.search(shown_texts("a.py", "x = 1  # mptt #682"))
    assert INSTITUTION.search(shown_texts("a.py", 'x = _("The Ministry")'))
    assert not INSTITUTION.search(shown_texts("a.py", '"""Of the Ministry."""'))
    assert not INSTITUTION.search("written in Azerbaijani")
